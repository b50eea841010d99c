/**
 * Whether orderly may open as many files as a graph needs: said before anything is started, since a graph that runs out
 * of them half way would have to be taken down again. Pure.
 */
import type { Condition, ServiceConfig } from '../config/types.ts';

/** Node, its pipes to helpers, a board, a record, the probes and clean-ups that run at the same time. */
const FOR_ITSELF = 64;
/** What it reads of each: stdout and stderr. */
const STREAMS = 2;

/** A sentence if there are too few; undefined: there are enough, or `limit` isn't known. */
export function tooFewDescriptors(
  services: readonly ServiceConfig[],
  limit: number | undefined,
): string | undefined {
  const needed = descriptorNeed(services);
  if (limit === undefined || limit >= needed) return undefined;
  const count = services.length === 1 ? '1 service' : `${services.length} services`;
  return `Cannot start ${count}: that needs about ${needed} open files, and orderly may have ${limit}; raise the limit (ulimit -n ${needed}, LimitNOFILE= of systemd, --ulimit nofile=${needed} of docker)`;
}

/** Tasks come and go, and share what is kept for orderly itself. */
function descriptorNeed(services: readonly ServiceConfig[]): number {
  const running = services.filter(({ type }) => type === 'service');
  return running.reduce((sum, { ready, health, watchdog, log }) => {
    const beats = watchdog !== undefined && watchdog.source !== 'log';
    const isSpokenTo = beats || hasChannel(ready) || hasChannel(health?.condition);
    const writesFile = log.file !== undefined && !log.file.direct;
    return sum + STREAMS + (isSpokenTo ? 1 : 0) + (writesFile ? 1 : 0);
  }, FOR_ITSELF);
}

function hasChannel(condition: Condition | undefined): boolean {
  if (condition?.kind === 'all' || condition?.kind === 'any') return condition.of.some(hasChannel);
  return condition?.kind === 'notify';
}
