/**
 * The watchdog of an instance that is ready: told when it has been silent for too long, and ends it if it is to.
 *
 * It runs in the scope of `watchInstance`, so it is gone before the stop signal; and what is to stop anyway trips no
 * more.
 */
import { now } from '../../concurrency/index.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { Run } from '../run/run.ts';
import type { Ending } from '../service/ending.ts';
import type { Heartbeats, Silence } from './heartbeats.ts';
import type { LiveInstance } from './live-instance.ts';
import { becomeHealthy, becomeUnhealthy } from './unhealthy.ts';

/**
 * Call it once the instance is ready. Returns when it has ended it, or when nothing is to be watched. Once `signal`, that
 * of the watch, is aborted nothing is announced.
 */
export async function watchHeartbeat(
  run: Run,
  live: LiveInstance,
  signal: AbortSignal,
  endWith: (ending: Ending & { kind: 'tripped' }) => void,
): Promise<void> {
  const { node } = live;
  const { heartbeats } = live.monitors;
  const onFailure = node.spec.watchdog?.onFailure;
  if (heartbeats === undefined || onFailure === undefined) return;
  const readyMs = now();
  if (live.complaints.has('watchdog')) {
    await heartbeats.untilHeard();
    if (signal.aborted) return;
    becomeHealthy(run, live, 'watchdog');
  }
  for (;;) {
    const silence = await heartbeats.untilSilent(() => live.instance.outputHeldAgoMs());
    if (signal.aborted || node.givesWay !== undefined) return;
    if (node.leaving !== undefined) {
      // It acts again if the stop is taken back.
      await node.pulse.until(() => node.leaving === undefined);
      continue;
    }
    const detail = describeSilence(node.name, heartbeats, silence);
    becomeUnhealthy(run, live, 'watchdog', 1, detail);
    if (onFailure !== 'report') {
      const collapse = onFailure === 'shutdown';
      return endWith({ kind: 'tripped', why: detail, collapse, readyMs: now() - readyMs });
    }
    await heartbeats.untilHeard();
    if (signal.aborted) return;
    becomeHealthy(run, live, 'watchdog');
  }
}

function describeSilence(service: string, { source, withinMs }: Heartbeats, silence: Silence): string {
  if (silence === 'tripped') return `"${service}" says that it hangs`;
  return `no ${source === 'log' ? 'output' : 'heartbeat'} from "${service}" for ${formatDuration(withinMs)}`;
}
