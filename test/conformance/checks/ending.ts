/**
 * When the container is stopped, what was left to PID 1 is asked to end like the rest, and given the time for it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { all, type Check, expectStatus, fails, holds } from '../check.ts';
import { inContainer } from '../container.ts';

/** The command obeys at once; what it has left behind is the question. */
function commandLeaving(orphan: string): readonly string[] {
  return [
    'sh',
    '-c',
    `(${orphan} &); until [ -e ready ]; do sleep 0.02; done; trap 'exit 40' TERM; echo up; while :; do sleep 0.05; done`,
  ];
}

const slow = `/bin/sh -c 'trap "sleep 1; : > cleaned; exit" TERM; : > ready; while :; do sleep 0.05; done'`;

const WAYS = [
  { name: 'waits for an orphan with a second of clean-up on SIGTERM', orphan: slow },
  { name: 'waits for one in a session of its own too', orphan: `setsid ${slow}` },
  {
    name: 'waits for one in its own session and without an environment too',
    orphan: `setsid env -i PATH=/usr/bin:/bin ${slow}`,
  },
] as const;

export const waitedFor: readonly Check[] = WAYS.map(({ name, orphan }) => ({
  name,
  judge: (contender) =>
    inContainer(contender, commandLeaving(orphan), async (container) => {
      await container.says('up');
      container.signal('SIGTERM');
      const { status } = await container.ended();
      const isClean = existsSync(join(container.folder, 'cleaned'));
      return all([
        isClean ? holds : fails('it had not cleaned up when the container ended'),
        expectStatus(status, 40),
      ]);
    }),
}));

export const stubborn: Check = {
  name: 'an orphan that ignores SIGTERM does not hold up the end beyond ten seconds',
  judge: (contender) => {
    const orphan = `setsid sh -c 'trap "" TERM INT HUP; : > ready; exec sleep 1000'`;
    return inContainer(contender, commandLeaving(orphan), async (container) => {
      await container.says('up');
      const askedMs = performance.now();
      container.signal('SIGTERM');
      await container.ended();
      const tookMs = performance.now() - askedMs;
      return tookMs < 10_000 ? holds : fails(`it took ${(tookMs / 1000).toFixed(1)} s`);
    });
  },
};
