/**
 * The runs whose pictures the manual shows: of each example a good one and one that fails.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderlyEvent } from '../../src/events/event.ts';

/** A run that goes on. */
export interface Stage {
  /** The first event that fits, past ones included; undefined: the run ended without one. */
  readonly event: (fits: (event: OrderlyEvent) => boolean) => Promise<OrderlyEvent | undefined>;
  readonly interrupt: () => void;
}

export interface Scene {
  readonly example: string;
  /** Of the picture beside the example. */
  readonly picture: string;
  /** Over what the example has by default; `folder` is a fresh one for data. */
  readonly env: (folder: string) => Readonly<Record<string, string>>;
  /** What happens while it runs. Resolves at the latest when the run has ended. */
  readonly act: (stage: Stage) => Promise<void>;
}

const isReady = (service: string, attempt: number) => (event: OrderlyEvent) =>
  event.type === 'service.ready' && event.service === service && event.attempt === attempt;

/** Ctrl-C when the last service has been ready for a while. */
function interruptedAfter(service: string, afterMs: number): Scene['act'] {
  return async ({ event, interrupt }) => {
    await event(isReady(service, 1));
    await sleep(afterMs);
    interrupt();
  };
}

/** `kill -9`, whenever it has been ready for a moment, until it is not started again. */
function killedAgainAndAgain(service: string): Scene['act'] {
  return async ({ event }) => {
    for (let attempt = 1; ; attempt++) {
      const starting = await event(
        (one) => one.type === 'service.starting' && one.service === service && one.attempt === attempt,
      );
      const ready = await event(isReady(service, attempt));
      if (ready === undefined || starting?.type !== 'service.starting') return;
      await sleep(600);
      process.kill(starting.pid!, 'SIGKILL');
    }
  };
}

const shopEnv = (folder: string) => ({ SHOP_DATA: folder, SHOP_STORE_PORT: '14710' });
const serversEnv = (folder: string) => ({ DATA_DIR: folder, DB_PORT: '15434', CACHE_PORT: '16381' });

export const SCENES: readonly Scene[] = [
  { example: 'shop', picture: 'run', env: shopEnv, act: interruptedAfter('customer', 5000) },
  { example: 'shop', picture: 'failed', env: shopEnv, act: killedAgainAndAgain('api') },
  {
    example: 'postgres-redis',
    picture: 'run',
    env: (folder) => ({ ...serversEnv(folder), API_PORT: '18082' }),
    act: interruptedAfter('api', 20_000),
  },
  {
    example: 'postgres-redis',
    picture: 'failed',
    // The port of the database, by mistake.
    env: (folder) => ({ ...serversEnv(folder), API_PORT: '15434' }),
    act: async ({ event }) => void (await event(({ type }) => type === 'run.finished')),
  },
];
