/**
 * `orderly exec NAME -- command`: runs a command beside an instance, with what that was started with, and with this terminal.
 *
 * It belongs to nobody's tree and holds nothing: it survives a restart, and is asked to end when everything goes down.
 */
import type { RunAnswer, ServicesAnswer } from '../../control/protocol.ts';
import { printableLines } from '../../events/printable.ts';
import { askRun } from '../client/ask-run.ts';
import { type ClientOptions, requireRun } from '../client/find-run.ts';
import { type Ending, UsageError, type World } from '../world.ts';
import { watch } from './join-command.ts';
import { passSignalsOn } from './pass-signals-on.ts';

export async function exec(
  world: World,
  [name = '', ...words]: readonly string[],
  options: ClientOptions,
): Promise<Ending> {
  const client = await world.asClient();
  const run = requireRun(client, options, 'run a command there');
  const { services, seq } = await askRun<ServicesAnswer & Pick<RunAnswer, 'seq'>>(client, run, {
    method: 'GET',
    path: '/v1/services',
  });
  const service = services.find((one) => one.service === name);
  if (service === undefined) {
    const names = services.map((one) => one.service).join(', ');
    throw new UsageError(`There is no service ${JSON.stringify(name)}; there are ${names}`);
  }
  const say = (text: string): void => world.complain(`orderly: ${printableLines(text)}`);
  const surroundings = service.pid === undefined ? undefined : world.surroundingsOf(service.pid);
  if (surroundings === undefined) {
    say(
      `Cannot run ${words[0]} beside ${name}: it is ${service.state} and has no process here; see "orderly why ${name}"`,
    );
    return { status: 1 };
  }
  const { uid, gid, ...rest } = surroundings;
  // Only root can be somebody else.
  const command = world.runCommand(words, uid === world.uid ? rest : surroundings);
  const watched = watch(client, run, seq, new Set(), say, () => command.signal('SIGTERM'));
  void passSignalsOn(world, () => command);
  const ended = await command.ended;
  watched.abort();
  if ('status' in ended) return { status: ended.status };
  say(`Cannot run ${words[0]}: ${ended.why}`);
  return { status: 127 };
}
