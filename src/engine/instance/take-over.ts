/**
 * An instance takes over what has changed in its definition without being replaced: when it is asked and how, what watches it, how
 * long it may take to become ready. What is under way with its own times keeps them.
 */
import { fillCommand } from '../../conditions/kinds/command.ts';
import type { Run } from '../run/run.ts';
import { MissingValueError } from './environment.ts';
import { heartbeatsOf } from './heartbeats.ts';
import type { LiveInstance } from './live-instance.ts';
import { prepareHealth } from './prepare-health.ts';
import { becomeHealthy } from './unhealthy.ts';

/** All that may be different of one that runs. */
export const IN_PLACE: readonly string[] = ['ready', 'health', 'watchdog', 'stop'];

export function takeOver(run: Run, live: LiveInstance, keys: readonly string[]): void {
  const { node, monitors } = live;
  const { ready, stop } = node.spec;
  if (keys.includes('ready') && ready !== undefined) live.probe.retime(ready);
  if (keys.includes('watchdog')) monitors.heartbeats = heartbeatsOf(run, node);
  try {
    if (keys.includes('health')) monitors.health = prepareHealth(run, node, live.context);
    if (keys.includes('stop'))
      live.stopCommand = stop.command && fillCommand(stop.command, live.context.fill);
  } catch (error) {
    if (!(error instanceof MissingValueError)) throw error;
    const text = `what has changed of it holds from its next instance on: it ${error.message}`;
    run.announce({ type: 'service.note', service: node.name, attempt: live.attempt, text });
  }
  // What nobody watches any more is not held against it.
  for (const monitor of live.complaints) {
    const isWatched =
      monitor === 'health' ? monitors.health !== undefined : monitors.heartbeats !== undefined;
    if (!isWatched) becomeHealthy(run, live, monitor);
  }
}
