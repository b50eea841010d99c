/**
 * The key `health`: a kind of condition that is asked again and again, and what follows when it doesn't hold.
 *
 * What is written is kept apart from what it means (`resolve/health.ts`): the defaults for all services may give the
 * timing alone.
 */
import type { Condition, ConditionKind, OnTrip } from '../types.ts';
import { isMap } from '../yaml/document-value.ts';
import { condition, KINDS, kindFields, orRemedy, readKind, saysWhat } from './condition.ts';
import { field, isWritten, object, refusedField } from './object.ts';
import { duration, number, word } from './scalar.ts';
import { inside, report, subjectAt, type Type, then } from './type.ts';

/** A key of readiness that has no meaning here. */
function refused(why: string, remedy: string): ReturnType<typeof refusedField> {
  return refusedField({
    read: (_value, at) => report(at, `${subjectAt(at)} has no meaning: ${why}`, remedy, true),
    json: () => ({ not: {} }),
  });
}

const noDelay = refused(
  'time that passes says nothing about the health of a service',
  'Choose another condition: tcp, http, exec, log, file, notify, all or any',
);
const noDeadline = refused(
  'health has no deadline',
  'Remove it; `timeout` limits one check, and `failures` says how many may fail in a row',
);

function refusedInPart(key: string): ReturnType<typeof refusedField> {
  return refused(
    'the parts of a health check are asked at the same time, in one round',
    `Write "${key}" beside "all" or "any" of "health"`,
  );
}

/** The time of one attempt inside is that of the round. */
const ROUND = {
  withinMs: undefined,
  timeoutMs: Number.POSITIVE_INFINITY,
  intervalMs: undefined,
  successes: 1,
};

/** In the JSON Schema it is any condition. */
const part: Type<Condition> = {
  read: (value, at) => readPart.read(value, at),
  json: () => condition.json(),
};

const partKeys = object({
  ...kindFields(part),
  delay: noDelay,
  within: noDeadline,
  timeout: refusedInPart('timeout'),
  interval: refusedInPart('interval'),
  failures: refusedInPart('failures'),
  successes: refusedInPart('successes'),
  on_failure: refusedInPart('on_failure'),
});

const readPart: Type<Condition> = then(partKeys, (given, at, written) => {
  const read = readKind(given, at, written, KINDS);
  return read && { ...read, ...ROUND };
});

const kinds = kindFields(part);

export const healthKeys = object({
  ...kinds,
  log: field(kinds.log.type, 'A line of output that came since the last check matches.'),
  notify: field(kinds.notify.type, 'The program said something over that channel since the last check.'),
  any: field(kinds.any.type, 'One of these holds.'),
  delay: noDelay,
  within: noDeadline,
  interval: field(duration(1), 'From one check to the next.', '10s'),
  timeout: field(duration(1), 'The limit of one check.', '1s'),
  failures: field(
    number({ min: 1, whole: true }),
    'Checks that must fail in a row until it is unhealthy.',
    3,
  ),
  successes: field(
    number({ min: 1, whole: true }),
    'Checks that must succeed in a row until it is healthy again.',
    1,
  ),
  on_failure: field(
    word('restart', 'shutdown', 'report'),
    'What follows: it is started again as restart says, everything goes down, or it is only told.',
    'restart',
  ),
});

/** What is written under `health`. */
export interface GivenHealth {
  /** Undefined: none is written, or it can't be read. */
  readonly kind: ConditionKind | undefined;
  /** A kind is written, readable or not. */
  readonly saysWhat: boolean;
  readonly interval?: number | null;
  readonly timeout?: number | null;
  readonly failures?: number | null;
  readonly successes?: number | null;
  readonly on_failure?: OnTrip | null;
}

export const health: Type<GivenHealth> = {
  read(written, at) {
    const given = orRemedy(healthKeys).read(written, at);
    if (given === undefined) return undefined;
    const { interval, timeout, failures, successes, on_failure } = given;
    const timing = { interval, timeout, failures, successes, on_failure };
    const says = saysWhat(written);
    const ownerAlone = !says && isWritten(written, 'owner');
    if (ownerAlone)
      report(
        inside(at, 'owner'),
        '"owner" belongs to a "tcp", "http" or "unix" beside it',
        'Write that too',
        true,
      );
    const kind = says ? readKind(given, at, written, KINDS) : undefined;
    return { ...withoutUndefined(timing), kind, saysWhat: says || ownerAlone || misspelt(written) };
  },
  json: healthKeys.json,
};

/** Another key that isn't known may be the kind: that it is missing needn't be said too. */
function misspelt(written: unknown): boolean {
  const known = Object.keys(healthKeys.fields);
  return (
    isMap(written) &&
    Object.keys(written).some(
      (key) => isWritten(written, key) && !known.includes(key) && !key.startsWith('x-'),
    )
  );
}

function withoutUndefined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
