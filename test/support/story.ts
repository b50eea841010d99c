/**
 * A run told in few words, for tests about order: `db ready`, `api starting`, `api stopped`, `shutdown requested`.
 */
import assert from 'node:assert/strict';
import type { OrderlyEvent } from '../../src/events/event.ts';

type Type = OrderlyEvent['type'];

/** The events of these types as words, in order; all of them if none is named. */
export function story(events: readonly OrderlyEvent[], ...types: readonly Type[]): readonly string[] {
  return events.filter(({ type }) => types.length === 0 || types.includes(type)).map(tell);
}

/** Every one of these words is in the story, each after the one before it. */
export function assertOrder(told: readonly string[], ...words: readonly string[]): void {
  const places = words.map((word) => told.indexOf(word));
  const ordered = places.every((place, index) => place > (places[index - 1] ?? -1));
  assert.ok(ordered, `Wanted in this order: ${words.join(', ')}. It was: ${told.join(', ')}`);
}

function tell(event: OrderlyEvent): string {
  const [subject, deed] = event.type.split('.');
  if (event.type === 'log') return `${event.service} says ${event.text}`;
  return `${'service' in event ? event.service : subject} ${deed}`;
}
