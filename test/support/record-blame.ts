/**
 * Whose failure it was, as a record tells it: one that is told, and the same wherever it is told. Pure.
 */
import type { OrderlyEvent } from '../../src/events/event.ts';
import { allOf, type EventOf } from './record-history.ts';
import type { Law } from './record-laws.ts';

/** G8: a run that failed tells of what, and who fell with it; nobody falls with what didn't fail. */
export const blameIsTrue: Law = ({ events, requested, finished }) => {
  const failed = new Map(allOf(events, 'service.failed').map((event) => [event.service, event]));
  const groundless = fallen(events).filter(({ due_to }) => !failed.has(due_to));
  const troubles = groundless.map(
    ({ service, due_to }) => `"${service}" fell with "${due_to}", which didn't fail`,
  );
  // A run that was killed tells nothing more.
  if (finished !== undefined) troubles.push(...troublesOfEnd(events, failed, requested, finished));
  return troubles.map((trouble) => `G8: ${trouble}`);
};

function troublesOfEnd(
  events: readonly OrderlyEvent[],
  failed: ReadonlyMap<string, EventOf<'service.failed'>>,
  requested: EventOf<'shutdown.requested'> | undefined,
  { status, cause, failure }: EventOf<'run.finished'>,
): string[] {
  if (failure === undefined) return status === 1 ? ['status 1 without a failure'] : [];
  if (status !== 1) return status === 3 ? [] : [`status ${status} with a failure`];
  const told = failed.get(failure.service);
  const collapsed = requested?.cause.kind === 'collapse' ? requested.cause.service : failure.service;
  const fell = fallen(events).filter(({ due_to }) => due_to === failure.service);
  const isSame =
    JSON.stringify(fell.map(({ service }) => service)) ===
    JSON.stringify(failure.fell.map((one) => one.service));
  return [
    ...(told?.cause === failure.cause ? [] : [`the failure of "${failure.service}" was told otherwise`]),
    ...(cause === `"${failure.service}" failed: ${failure.cause}` ? [] : [`the cause is ${cause}`]),
    ...(collapsed === failure.service ? [] : [`"${collapsed}" took everything down`]),
    ...(isSame ? [] : [`others fell with "${failure.service}"`]),
  ];
}

function fallen(events: readonly OrderlyEvent[]): readonly { service: string; due_to: string }[] {
  return events.flatMap((event) =>
    'due_to' in event && event.due_to !== undefined ? [{ service: event.service, due_to: event.due_to }] : [],
  );
}
