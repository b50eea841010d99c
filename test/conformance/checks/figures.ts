/**
 * What having a contender as PID 1 costs. Plain figures: nobody passes or fails.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Check } from '../check.ts';
import { inContainer } from '../container.ts';
import type { Contender } from '../contender.ts';

const STARTS = 20;
const SETTLE_MS = 1500;

export const start: Check = {
  name: 'start: from its exec to the first line of the command, ms',
  footnote:
    'How much longer it takes than without anything before the command; the shortest of many times each.',
  isFigure: true,
  judge: async (contender) => {
    let bare = Number.POSITIVE_INFINITY;
    let own = Number.POSITIVE_INFINITY;
    for (let n = 0; n < STARTS; n++) {
      // In turns: what disturbs the machine for a while disturbs both.
      bare = Math.min(bare, await startMs({ name: 'none', argv: [] }));
      own = Math.min(own, await startMs(contender));
    }
    const ms = own - bare;
    return { kind: 'figure', text: ms.toFixed(ms < 10 ? 1 : 0) };
  },
};

async function startMs(contender: Contender): Promise<number> {
  const beganMs = performance.now();
  return inContainer(contender, ['sh', '-c', 'echo up; exec sleep 1000'], async (container) => {
    await container.says('up');
    return performance.now() - beganMs;
  });
}

export const memory: Check = {
  name: 'memory at rest, RSS and PSS, MB',
  isFigure: true,
  judge: (contender) =>
    inContainer(contender, ['sh', '-c', 'echo up; exec sleep 1000'], async (container) => {
      await container.says('up');
      await pause(SETTLE_MS);
      const own = container.processes().filter(({ name }) => name !== 'sleep');
      const rollups = [container.pid1(), ...own.map(({ pid }) => pid)].map((pid) =>
        readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'),
      );
      const megabytes = (field: string) =>
        rollups.reduce(
          (sum, text) => sum + Number(new RegExp(`^${field}: *(\\d+)`, 'm').exec(text)?.[1]),
          0,
        ) / 1024;
      return { kind: 'figure', text: `${megabytes('Rss').toFixed(1)}, ${megabytes('Pss').toFixed(1)}` };
    }),
};
