/**
 * `orderly run --needs … -- command` where the project runs already: the command runs once what it needs is ready there, and ends
 * nothing of that run. What was not wanted there goes when the command has ended.
 */
import { signalNumber } from '../../engine/outcome/exit-status.ts';
import type { OrderlyEvent } from '../../events/event.ts';
import { printableLines } from '../../events/printable.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import type { CommandProcess } from '../../process/terminal/run-command.ts';
import type { ClientWorld } from '../client/client-world.ts';
import type { Project } from '../load-project.ts';
import type { Ending, World } from '../world.ts';
import { hold, isEnding, known } from './join-up.ts';
import { passSignalsOn } from './pass-signals-on.ts';

/** Undefined: that run is over, and another one can begin. */
export async function joinCommand(
  world: World,
  project: Project,
  words: readonly string[],
  run: FoundRun,
): Promise<Ending | undefined> {
  const client = await world.asClient();
  if (await isEnding(world, client, run)) return undefined;
  const say = (text: string): void => world.complain(`orderly: ${printableLines(text)}`);
  let command: CommandProcess | undefined;
  const givenUp = passSignalsOn(world, () => command);
  const names = await known(world, client, run, project);
  const held = await hold(client, run, names, true);
  const leave = (ending: Ending): Ending => {
    held.release();
    return ending;
  };
  if (held.why !== undefined) {
    say(`Cannot run ${words[0]}: ${held.why}`);
    return leave({ status: 1 });
  }
  const settled = await Promise.race([held.settled, givenUp]);
  if (typeof settled === 'string') return leave({ status: 128 + signalNumber(settled), raise: settled });
  if (settled === undefined || settled.status === 1) {
    say(`Cannot run ${words[0]}: ${settled?.why ?? `the run (pid ${run.pid}) is gone`}`);
    return leave({ status: 1 });
  }
  command = world.runCommand(words);
  const watched = watch(client, run, held.seq, new Set(names), say, () => command?.signal('SIGTERM'));
  const ended = await command.ended;
  watched.abort();
  if ('status' in ended) return leave({ status: ended.status });
  say(`Cannot run ${words[0]}: ${ended.why}`);
  return leave({ status: 127 });
}

/** Tells what becomes of what the command uses; when everything goes down the command goes first. */
export function watch(
  client: ClientWorld,
  run: FoundRun,
  seq: number,
  names: ReadonlySet<string>,
  say: (text: string) => void,
  goDown: () => void,
): AbortController {
  const leaving = new AbortController();
  const path = `/v1/events?follow&since=${seq}`;
  const lines = client.follow(run, { method: 'GET', path, signal: leaving.signal });
  void (async () => {
    for await (const line of lines) {
      const event = JSON.parse(line) as OrderlyEvent;
      if (event.type === 'shutdown.requested') {
        say('the run goes down: asking the command to end');
        goDown();
      }
      const text = 'service' in event && names.has(event.service ?? '') ? describe(event) : undefined;
      if (text !== undefined) say(text);
    }
  })().catch(() => {
    // The command was told by what it lost; its own end is what counts.
  });
  return leaving;
}

function describe(event: OrderlyEvent): string | undefined {
  switch (event.type) {
    case 'service.stopping':
      return `${event.service}: stopping: ${event.reason}`;
    case 'service.backoff':
    case 'service.failed':
      return `${event.service}: ${event.cause}`;
    default:
      return undefined;
  }
}
