/**
 * No other instance is started beside one that outlived SIGKILL: two databases on one folder destroy it.
 *
 * So a service whose last instance isn't gone waits for that, since what hangs in the kernel mostly comes back; and it has
 * failed for good if that takes too long, which its `on_failure` can answer.
 */
import { CancelScope, moveOnAfter, taskGroup, wait } from '../../concurrency/index.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { survivorText } from '../instance/lingering.ts';
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';
import type { LifeEnd } from './decide-end.ts';

/** For what hangs in the kernel to come back: a server that reboots takes longer, and nobody waits for that. */
export const DEPARTURE_MS = 30_000;

/**
 * Waits until nothing of the last instance is alive, or the service must stop. Resolves with the end of its life if that
 * took too long.
 */
export async function awaitDeparture(
  run: Run,
  node: ServiceNode,
): Promise<(LifeEnd & { readonly kind: 'failed' }) | undefined> {
  const { outlived } = node.past;
  if (outlived === undefined) return undefined;
  const who = outlived.survivors.map(survivorText).join(', ');
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
  if (isOver) node.past.outlived = undefined;
  if (isOver || node.stopReason !== undefined) return undefined;
  const why = `${who} of its last instance outlived SIGKILL and has not ended within ${formatDuration(DEPARTURE_MS)}: another instance beside it could destroy what both use`;
  return { kind: 'failed', why, facts: { kind: 'outlived' } };
}
