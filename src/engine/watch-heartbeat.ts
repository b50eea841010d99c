/**
 * The watchdog of an instance that is ready: told when it has been silent for too long, and ends it if it is to.
 *
 * It runs in the scope of `watchInstance`, so it is gone before the stop signal; and what is to stop anyway trips no
 * more.
 */
import { now } from '../concurrency/index.ts';
import type { WatchdogConfig } from '../config/types.ts';
import { formatDuration } from '../events/format-duration.ts';
import { fallIll, recover } from './ailments.ts';
import type { Ending } from './ending.ts';
import { Heartbeats, type Silence } from './heartbeats.ts';
import type { LiveInstance } from './live-instance.ts';
import type { Run } from './run.ts';
import type { ServiceNode } from './service-node.ts';

/** For an instance that is about to be launched; undefined: nobody watches it. */
export function heartbeatsOf(run: Run, { name, spec }: ServiceNode): Heartbeats | undefined {
  const { watchdog } = spec;
  // Who has the terminal writes to that: its silence can't be heard.
  const isUnheard = watchdog?.source === 'log' && run.options.foreground === name;
  if (watchdog === undefined || isUnheard) return undefined;
  return new Heartbeats(watchdog, () => run.ports.clock.now());
}

/** The notify channel that the heartbeats need. */
export function channelOf(
  heartbeats: Heartbeats | undefined,
): Exclude<WatchdogConfig['source'], 'log'> | 'none' {
  return heartbeats === undefined || heartbeats.source === 'log' ? 'none' : heartbeats.source;
}

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
  const { node, heartbeats } = live;
  const onFailure = node.spec.watchdog?.onFailure;
  if (heartbeats === undefined || onFailure === undefined) return;
  const readyMs = now();
  for (;;) {
    const silence = await heartbeats.untilSilent(() => live.instance.outputHeldAgoMs());
    if (signal.aborted || node.givesWay !== undefined) return;
    if (node.leaving !== undefined) {
      // It acts again if the stop is taken back.
      await node.pulse.until(() => node.leaving === undefined);
      continue;
    }
    const detail = describeSilence(node.name, heartbeats, silence);
    fallIll(run, live, 'watchdog', 1, detail);
    if (onFailure !== 'report') {
      const collapse = onFailure === 'shutdown';
      return endWith({ kind: 'tripped', why: detail, collapse, readyMs: now() - readyMs });
    }
    await heartbeats.untilHeard();
    if (signal.aborted) return;
    recover(run, live, 'watchdog');
  }
}

function describeSilence(service: string, { source, withinMs }: Heartbeats, silence: Silence): string {
  if (silence === 'tripped') return `"${service}" says that it hangs`;
  return `no ${source === 'log' ? 'output' : 'heartbeat'} from "${service}" for ${formatDuration(withinMs)}`;
}
