/**
 * Readiness conditions: exactly one kind, and the keys they have in common.
 *
 * The deadline of a whole condition is left open where none is written: it depends on whose condition it is.
 */
import { tcpTarget, url } from './schema-address.ts';
import { list, map } from './schema-collection.ts';
import { command } from './schema-command.ts';
import { field, type Given, isWritten, layered, object, orShort } from './schema-object.ts';
import { templatePath } from './schema-path.ts';
import { duration, number, word } from './schema-scalar.ts';
import { template, text } from './schema-text.ts';
import { type At, inside, type NamedType, named, pathOf, report, type Type, then } from './schema-type.ts';
import { subjectOf } from './subject.ts';
import type { Condition, ConditionKind } from './types.ts';

const pattern = then(text('a regular expression'), (source, at) => {
  try {
    new RegExp(source);
    return source;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const why = error.message.replace(/^Invalid regular expression: /, '').replace(/^\/[\s\S]*\/\w*: /, '');
    return report(
      at,
      `${subjectOf(pathOf(at))} is not a regular expression: ${why}`,
      'Put a backslash before characters that stand for themselves, and the whole in single quotes',
    );
  }
});

const http = object({
  url: field(url, 'The address to get.'),
  status: field(
    number({ min: 100, max: 599, whole: true }),
    'The one status that counts; else any from 200 to 399.',
  ),
  headers: field(
    map(template(), { pattern: /^[\w!#$%&'*+.^`|~-]+$/, wanted: 'the name of a header' }),
    'Headers to send.',
  ),
});

export const condition: NamedType<Condition> = named<Condition>('condition', () => readCondition);

const several = (): Type<readonly Condition[]> =>
  then(list(condition, 'a list of conditions'), (of, at, written) =>
    Array.isArray(written) && written.length === 0
      ? report(at, `${subjectOf(pathOf(at))} must be a list of conditions, but is empty`)
      : of,
  );

/** A condition of SPEC §4. `withinMs` is undefined where it isn't written. */
const keys = object({
  tcp: field(tcpTarget, 'A connection is accepted, by a process of this service: a port or host:port.'),
  http: field(
    orShort(http, url, (address) => ({ url: address })),
    'The URL answers with a good status.',
  ),
  exec: field(command, 'The command exits with 0.'),
  log: field(pattern, 'A line of output matches the regular expression; named groups become values.'),
  file: field(templatePath(), 'The file exists.'),
  notify: field(
    word('fd', 'node', 'systemd'),
    'The program says so: over descriptor 3 (fd), by process.send (node), or as to systemd (NOTIFY_SOCKET).',
  ),
  delay: field(duration(), 'That long after the spawn.'),
  all: field(several(), 'Every one of these holds.'),
  any: field(several(), 'The first of these holds.'),
  owner: field(
    word('service', 'any'),
    'Who may hold the port: processes of this service, or any.',
    'service',
  ),
  within: field(duration(1), 'The deadline, from the spawn; none for a task and inside all and any.', '60s'),
  timeout: field(duration(1), 'The limit of one attempt.', '1s'),
  interval: field(duration(1), 'The pause between attempts; else 20 ms at first, growing to 500 ms.'),
  successes: field(number({ min: 1, whole: true }), 'How many attempts must succeed in a row.', 1),
});

/** The deadline of a service's readiness where none is written. */
export const DEFAULT_WITHIN_MS = keys.fields.within.initial!;

const readCondition: Type<Condition> = then(keys, (given, at, written) => {
  const kind = onlyKind(written, at);
  if (kind === undefined) return undefined;
  if (isWritten(written, 'owner') && kind !== 'tcp' && kind !== 'http') {
    report(
      inside(at, 'owner'),
      `"owner" belongs to "tcp" and "http" only, not to "${kind}"`,
      'Remove it',
      true,
    );
  }
  const read = ofKind(kind, given, at);
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

const KINDS = ['tcp', 'http', 'exec', 'log', 'file', 'notify', 'delay', 'all', 'any'] as const;
type Kind = (typeof KINDS)[number];

function onlyKind(written: unknown, at: At): Kind | undefined {
  const kinds = KINDS.filter((kind) => isWritten(written, kind));
  if (kinds.length === 1) return kinds[0];
  const subject = subjectOf(pathOf(at));
  if (kinds.length === 0)
    return report(at, `${subject} does not say what to wait for`, `Add one of ${KINDS.join(', ')}`);
  const names = kinds.map((kind) => `"${kind}"`).join(' and ');
  return report(
    at,
    `${subject} has ${names}, but only one is possible`,
    'Put them into "all" or "any", each in a map of its own',
  );
}

/** The kind's own part; undefined if its value could not be read, which was reported then. */
function ofKind(kind: Kind, given: Given<typeof keys.fields>, at: At): ConditionKind | undefined {
  const value = given[kind];
  if (value === undefined || value === null) return undefined;
  const owner = given.owner ?? 'service';
  switch (kind) {
    case 'tcp':
      return { kind, ...given.tcp!, owner };
    case 'http': {
      const { url: address, status, headers } = given.http!;
      if (!address)
        return report(
          inside(at, kind),
          `${subjectOf([...pathOf(at), kind])} has no "url"`,
          'Write the address as "url"',
        );
      return { kind, url: address, status: status ?? undefined, headers: withoutNulls(headers), owner };
    }
    case 'exec':
      return { kind, command: given.exec! };
    case 'log':
      return { kind, pattern: given.log! };
    case 'file':
      return { kind, path: given.file! };
    case 'notify':
      return { kind, protocol: given.notify! };
    case 'delay':
      return { kind, delayMs: given.delay! };
    case 'all':
    case 'any':
      return { kind, of: given[kind]! };
  }
}

/** As a record; empty values stand for nothing. */
export function withoutNulls<T>(
  entries: ReadonlyMap<string, T | null> | null | undefined,
): Readonly<Record<string, T>> {
  if (!entries) return {};
  return Object.fromEntries([...entries].filter((entry): entry is [string, T] => entry[1] !== null));
}
