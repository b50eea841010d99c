/**
 * The watchdog of a service as it is written; `resolve-watchdog.ts` makes the WatchdogConfig of it.
 */
import { field, object, orShort } from './schema-object.ts';
import { duration, word } from './schema-scalar.ts';

/** A busy machine is late by half of it every day. */
export const SHORTEST_WITHIN_MS = 100;

export const watchdogObject = object({
  within: field(duration(SHORTEST_WITHIN_MS), 'How long it may be silent once it is ready.'),
  on_failure: field(
    word('restart', 'shutdown', 'report'),
    'What follows its silence: it is stopped and has failed, everything goes down, or it is only told.',
    'restart',
  ),
  source: field(
    word('notify', 'fd', 'node', 'systemd', 'log'),
    'What breaks the silence: heartbeats over the notify channel of "ready", or over the one named; or any output.',
    'notify',
  ),
});

export const watchdog = orShort(watchdogObject, watchdogObject.fields.within.type, (within) => ({ within }));
