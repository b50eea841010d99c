/**
 * What outlived SIGKILL: how it is told, and looked at once more before it is told at the end.
 */
import { gather, moveOnAfter, wait } from '../../concurrency/index.ts';
import type { Survivor } from '../../events/event.ts';
import type { Run } from '../run/run.ts';

/** A look takes milliseconds, unless the system has nothing left to look with. */
const LOOK_MS = 1_000;

export function survivorText({ pid, command }: Survivor): string {
  return `process ${pid} (${command})`;
}

/** A clause that follows its name. */
export function whyAlive({ why }: Survivor): string {
  return why === undefined ? 'outlived SIGKILL' : `may not be signalled: ${why}`;
}

/** The last look: what is alive then makes the run unclean. */
export async function noteSurvivors(run: Run): Promise<void> {
  const { record } = run;
  record.survivors = await survivorsNow(run);
  for (const survivor of record.survivors) {
    const { service } = survivor;
    const whose = service === '' ? '' : ` of "${service}"`;
    record.unclean.push({
      service,
      kind: 'outlived',
      text: `${survivorText(survivor)}${whose} ${whyAlive(survivor)}`,
    });
  }
}

/** What is alive now of all that outlived SIGKILL, each process once. */
export async function survivorsNow({ record }: Run): Promise<readonly Survivor[]> {
  const alive = await gather(
    record.lingering.map((look) => async () => (await moveOnAfter(LOOK_MS, () => wait(look()))) ?? []),
  );
  return [...new Map(alive.flat().map((survivor) => [survivor.pid, survivor])).values()];
}
