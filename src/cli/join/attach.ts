/**
 * `orderly attach`: shows a run on this terminal as its own terminal does, from now on. It changes nothing, and leaves nothing behind.
 */

import type { ServicesAnswer } from '../../control/protocol.ts';
import { signalNumber } from '../../engine/outcome/exit-status.ts';
import { printableLines } from '../../events/printable.ts';
import { askRun } from '../client/ask-run.ts';
import { type ClientOptions, requireRun } from '../client/find-run.ts';
import type { Ending, World } from '../world.ts';
import { hold } from './join-up.ts';
import { sayingAsShown, showRun } from './shown-run.ts';

export interface AttachOptions extends ClientOptions {
  readonly timestamps?: boolean | undefined;
}

export async function attach(given: World, options: AttachOptions): Promise<Ending> {
  const world = sayingAsShown(given, options);
  const client = await world.asClient();
  const run = requireRun(client, options, 'show it');
  const say = (text: string): void => world.complain(`orderly: ${printableLines(text)}`);
  world.letSignalsEnd();
  const interrupted = client.interrupted();
  const { services } = await askRun<ServicesAnswer>(client, run, { method: 'GET', path: '/v1/services' });
  const shown = await showRun(
    world,
    client,
    services.map(({ service }) => ({ name: service, prefix: true })),
    run,
    {
      output: options.json === true ? 'json' : 'text',
      timestamps: options.timestamps,
      withLogs: true,
    },
  );
  // Who looks keeps a run open that has nothing more to do.
  const held = await hold(client, run, []);
  const status = await Promise.race([shown.ended, interrupted, shown.unread.then(() => 'unread' as const)]);
  held.release();
  await shown.close();
  if (status === undefined) say(`the run (pid ${run.pid}) was gone before it told how it ended`);
  if (status === 'unread') return { status: 0 };
  if (typeof status === 'string') return { status: 128 + signalNumber(status) };
  return { status: status ?? 1 };
}
