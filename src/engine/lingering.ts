/**
 * What outlived SIGKILL: looked at again before it is told at the end, and waited for before another instance is started
 * beside it.
 *
 * Two databases on one folder destroy it. So a service whose last instance isn't gone waits for that, since what hangs in
 * the kernel mostly comes back; and it has failed for good if that takes too long, which its `on_failure` can answer.
 */
import { CancelScope, gather, moveOnAfter, taskGroup, wait } from '../concurrency/index.ts';
import type { Survivor } from '../events/event.ts';
import { formatDuration } from '../events/format-duration.ts';
import type { LifeEnd } from './decide-end.ts';
import type { Run } from './run.ts';
import type { ServiceNode } from './service-node.ts';

/** What is alive now of something that outlived SIGKILL. */
export type Lingering = () => Promise<readonly Survivor[]>;

/** For what hangs in the kernel to come back: a server that reboots takes longer, and nobody waits for that. */
export const DEPARTURE_MS = 30_000;
/** A look takes milliseconds, unless the system has nothing left to look with. */
const LOOK_MS = 1_000;

export function describeSurvivor({ pid, command }: Survivor): string {
  return `process ${pid} (${command})`;
}

/** A clause that follows its name. */
export function whyAlive({ why }: Survivor): string {
  return why === undefined ? 'outlived SIGKILL' : `may not be signalled: ${why}`;
}

/**
 * Waits until nothing of the last instance is alive, or the service must stop. Resolves with the end of its life if that
 * took too long.
 */
export async function awaitDeparture(
  run: Run,
  node: ServiceNode,
): Promise<(LifeEnd & { readonly kind: 'failed' }) | undefined> {
  const { outlived } = node;
  if (outlived === undefined) return undefined;
  const who = outlived.survivors.map(describeSurvivor).join(', ');
  const of = { service: node.name, attempt: node.attempt };
  const text = `is not started again before ${who} has ended, which outlived SIGKILL`;
  let isOver = false;
  const patience = new CancelScope({ timeoutMs: DEPARTURE_MS, forgivesStalls: true, name: 'departure' });
  await patience.run(() =>
    taskGroup(async (group) => {
      group.startSoon(async () => {
        await node.pulse.until(() => node.stopReason !== undefined);
        group.cancel();
      });
      if ((await moveOnAfter(0, () => wait(outlived.gone).then(() => true))) === undefined) {
        run.announce({ type: 'service.note', ...of, text });
        await wait(outlived.gone);
      }
      isOver = true;
      group.cancel();
    }),
  );
  if (isOver) node.outlived = undefined;
  if (isOver || node.stopReason !== undefined) return undefined;
  const why = `${who} of its last instance outlived SIGKILL and has not ended within ${formatDuration(DEPARTURE_MS)}: another instance beside it could destroy what both use`;
  return { kind: 'failed', why, facts: { kind: 'outlived' } };
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
      text: `${describeSurvivor(survivor)}${whose} ${whyAlive(survivor)}`,
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
