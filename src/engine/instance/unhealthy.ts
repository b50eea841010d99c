/**
 * What several monitors of one instance say about it, joined: it is healthy again once none of them complains any more.
 */

import type { Run } from '../run/run.ts';
import type { LiveInstance, Monitor } from './live-instance.ts';

/** Announces what a monitor found; `detail` is a clause. */
export function becomeUnhealthy(
  run: Run,
  { node, attempt, complaints }: LiveInstance,
  monitor: Monitor,
  failures: number,
  detail: string,
): void {
  complaints.add(monitor);
  node.instance!.isHealthy = false;
  run.announce({ type: 'service.unhealthy', service: node.name, attempt, failures, detail });
}

/** Announces that it is healthy, unless another monitor still says otherwise. */
export function becomeHealthy(run: Run, { node, attempt, complaints }: LiveInstance, monitor: Monitor): void {
  complaints.delete(monitor);
  if (complaints.size > 0) return;
  node.instance!.isHealthy = true;
  run.announce({ type: 'service.healthy', service: node.name, attempt });
}
