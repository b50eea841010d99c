/**
 * What a condition asks, apart from when and how often: exactly one kind, and what belongs to it.
 *
 * Readiness and health are made of the same kinds; how they are timed is said by those.
 */
import { patternTrouble } from '../patterns/pattern-trouble.ts';
import { tcpTarget, url } from './schema-address.ts';
import { list, map } from './schema-collection.ts';
import { command } from './schema-command.ts';
import { field, type Given, isWritten, object, orShort } from './schema-object.ts';
import { templatePath } from './schema-path.ts';
import { number, word } from './schema-scalar.ts';
import { template, text } from './schema-text.ts';
import { type At, inside, named, pathOf, report, type Type, then } from './schema-type.ts';
import { subjectOf } from './subject.ts';
import type { Condition, ConditionKind } from './types.ts';

const pattern = then(text('a regular expression'), (source, at) => {
  const trouble = patternTrouble(source);
  if (trouble === undefined) return source;
  const subject = subjectOf(pathOf(at));
  return report(
    at,
    `${subject} ${trouble.isPattern ? 'cannot be used' : 'is not a regular expression'}: ${trouble.why}`,
    trouble.hint,
  );
});

const httpObject = object({
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

/** Written once in the JSON Schema, wherever a condition stands. */
export const http = named('http', () => httpObject);

const OWNER_DEFAULT = 'service';

/** The keys of every kind that readiness and health have in common; `part` is what `all` and `any` are made of. */
export function kindFields(part: Type<Condition>) {
  const several = then(list(part, 'a list of conditions'), (of, at, written) =>
    Array.isArray(written) && written.length === 0
      ? report(at, `${subjectOf(pathOf(at))} must be a list of conditions, but is empty`)
      : of,
  );
  return {
    tcp: field(tcpTarget, 'A connection is accepted, by a process of this service: a port or host:port.'),
    http: field(
      orShort({ ...httpObject, json: http.json }, url, (address) => ({ url: address })),
      'The URL answers with a good status.',
    ),
    exec: field(command, 'The command exits with 0.'),
    log: field(pattern, 'A line of output matches the regular expression; named groups become values.'),
    file: field(templatePath(), 'The file exists; at a socket somebody listens.'),
    unix: field(
      templatePath(),
      'A connection is accepted at this Unix socket, by a process of this service.',
    ),
    notify: field(
      word('fd', 'node', 'systemd'),
      'The program says so: over descriptor 3 (fd), by process.send (node), or as to systemd (NOTIFY_SOCKET).',
    ),
    all: field(several, 'Every one of these holds.'),
    any: field(several, 'The first of these holds.'),
    owner: field(
      word('service', 'any'),
      'Who may hold the port or the socket: processes of this service, or any.',
      OWNER_DEFAULT,
    ),
  };
}

export const KINDS = ['tcp', 'http', 'exec', 'log', 'file', 'unix', 'notify', 'all', 'any'] as const;
type Kind = (typeof KINDS)[number] | 'delay';

/** What is written of a condition, whichever keys stand beside it. */
export type GivenKind = Given<ReturnType<typeof kindFields>> & { readonly delay?: number | null };

/** Whether a kind is written at all, readable or not. */
export function saysWhat(written: unknown): boolean {
  return [...KINDS, 'delay'].some((kind) => isWritten(written, kind));
}

/** The one kind that is written. Undefined if there is none, or not one that can be read: then it has been reported. */
export function readKind(
  given: GivenKind,
  at: At,
  written: unknown,
  kinds: readonly Kind[],
): ConditionKind | undefined {
  const kind = onlyKind(written, at, kinds);
  if (kind === undefined) return undefined;
  if (isWritten(written, 'owner') && kind !== 'tcp' && kind !== 'http' && kind !== 'unix') {
    report(
      inside(at, 'owner'),
      `"owner" belongs to "tcp", "http" and "unix" only, not to "${kind}"`,
      'Remove it',
      true,
    );
  }
  return ofKind(kind, given, at);
}

function onlyKind(written: unknown, at: At, possible: readonly Kind[]): Kind | undefined {
  const kinds = ([...KINDS, 'delay'] as const).filter((kind) => isWritten(written, kind));
  if (kinds.length === 1) return kinds[0];
  const subject = subjectOf(pathOf(at));
  if (kinds.length === 0)
    return report(at, `${subject} does not say what to wait for`, `Add one of ${possible.join(', ')}`);
  const names = kinds.map((kind) => `"${kind}"`).join(' and ');
  return report(
    at,
    `${subject} has ${names}, but only one is possible`,
    'Put them into "all" or "any", each in a map of its own',
  );
}

/** The kind's own part; undefined if its value could not be read, which was reported then. */
function ofKind(kind: Kind, given: GivenKind, at: At): ConditionKind | undefined {
  const value = given[kind];
  if (value === undefined || value === null) return undefined;
  const owner = given.owner ?? OWNER_DEFAULT;
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
    case 'unix':
      return { kind, path: given.unix!, owner };
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
