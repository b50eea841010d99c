/**
 * Readiness conditions: one kind, and when and how often it is asked.
 *
 * The deadline of a whole condition is left open where none is written: it depends on whose condition it is.
 */
import { KINDS, kindFields, readKind } from './schema-condition-kind.ts';
import { field, layered, object } from './schema-object.ts';
import { duration, number } from './schema-scalar.ts';
import { type NamedType, named, type Type, then } from './schema-type.ts';
import type { Condition } from './types.ts';

/** A condition of SPEC §4. `withinMs` is undefined where it isn't written. */
export const condition: NamedType<Condition> = named<Condition>('condition', () => readCondition);

const keys = object({
  ...kindFields(condition),
  delay: field(duration(), 'That long after the spawn.'),
  within: field(duration(1), 'The deadline, from the spawn; none for a task and inside all and any.', '60s'),
  timeout: field(duration(1), 'The limit of one attempt.', '1s'),
  interval: field(duration(1), 'The pause between attempts; else 20 ms at first, growing to 500 ms.'),
  successes: field(number({ min: 1, whole: true }), 'How many attempts must succeed in a row.', 1),
});

/** The deadline of a service's readiness where none is written. */
export const DEFAULT_WITHIN_MS = keys.fields.within.initial!;

const readCondition: Type<Condition> = then(keys, (given, at, written) => {
  const read = readKind(given, at, written, [...KINDS, 'delay']);
  if (read === undefined) return undefined;
  const get = layered(keys, given);
  return {
    ...read,
    withinMs: given.within ?? undefined,
    timeoutMs: get('timeout'),
    intervalMs: get('interval'),
    successes: get('successes'),
  };
});
