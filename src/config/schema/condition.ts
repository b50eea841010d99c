/**
 * Conditions: exactly one kind with what belongs to it, and for readiness when it is asked.
 *
 * Health is made of the same kinds, and timed in its own way. The deadline of a readiness condition is left open where
 * none is written: it depends on whose condition it is.
 */

import { patternTrouble } from '../../patterns/compile-pattern.ts';
import type { Condition, ConditionKind } from '../types.ts';
import { isMap, withoutSource } from '../yaml/document-value.ts';
import { tcpTarget, url } from './address.ts';
import { list, map, withoutNulls } from './collection.ts';
import { command } from './command.ts';
import { field, type Given, isWritten, layered, object, orShort } from './object.ts';
import { duration, durationOr, number, truth, word } from './scalar.ts';
import { template, templatePath, text } from './text.ts';
import {
  type At,
  inside,
  type NamedType,
  named,
  report,
  reportMismatch,
  subjectAt,
  type Type,
  then,
  warn,
} from './type.ts';

const SLASHES = /^\/(.+)\/([a-z]*)$/;

const pattern = then(text('a regular expression'), (source, at) => {
  const trouble = patternTrouble(source);
  const [, inner, flags = ''] = SLASHES.exec(source) ?? [];
  if (inner !== undefined && trouble === undefined) {
    const remedy = flags.includes('i')
      ? `{ pattern: ${JSON.stringify(inner)}, flags: i }`
      : JSON.stringify(inner);
    warn(at, `${subjectAt(at)} looks for the slashes around it as well`, `Write ${remedy}`);
  }
  if (trouble === undefined) return source;
  const subject = subjectAt(at);
  return report(
    at,
    `${subject} ${trouble.isPattern ? 'cannot be used' : 'is not a regular expression'}: ${trouble.why}`,
    trouble.hint,
  );
});

const logObject = object({
  pattern: field(pattern, 'What a line must match.'),
  flags: field(word('i'), 'i: letters are the same in both cases.'),
});

const log = then(
  orShort(logObject, pattern, (source) => ({ pattern: source })),
  (given, at, written): { readonly pattern: string; readonly ignoreCase?: true } | undefined => {
    if (isMap(written) && !isWritten(written, 'pattern'))
      return report(at, `${subjectAt(at)} has no "pattern"`, 'Write the regular expression as "pattern"');
    if (!given.pattern) return undefined;
    return { pattern: given.pattern, ...(given.flags === 'i' && { ignoreCase: true }) };
  },
);

const oneStatus = number({ min: 100, max: 599, whole: true });
const anyStatus = word('any');
const statuses = list(oneStatus, 'a status from 100 to 599, a list of them, or any');

const wantedStatus: Type<number | readonly number[] | 'any'> = {
  read(value, at) {
    if (value === 'any') return 'any';
    if (!Array.isArray(value)) return oneStatus.read(value, at);
    if (value.length === 0) return report(at, `${subjectAt(at)} must be a list of statuses, but is empty`);
    return statuses.read(value, at);
  },
  json: () => ({ anyOf: [oneStatus.json(), statuses.json(), anyStatus.json()] }),
};

const httpObject = object({
  url: field(url, 'The address to get.'),
  status: field(wantedStatus, 'The status that counts, a list of them, or any; else those from 200 to 399.'),
  insecure: field(truth(), 'The certificate may be any, one that it signed itself for instance.', false),
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
      ? report(at, `${subjectAt(at)} must be a list of conditions, but is empty`)
      : of.map(withoutNone),
  );
  return {
    tcp: field(tcpTarget, 'A connection is accepted, by a process of this service: a port or host:port.'),
    http: field(
      orShort({ ...httpObject, json: http.json }, url, (address) => ({ url: address })),
      'The URL answers with a good status.',
    ),
    exec: field(command, 'The command exits with 0.'),
    log: field(log, 'A line of output matches the regular expression; named groups become values.'),
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
      'Which processes may hold the port or the socket: those of this service, or any.',
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
  const subject = subjectAt(at);
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
      const { url: address, status, headers, insecure } = given.http!;
      if (!address)
        return report(
          inside(at, kind),
          `${subjectAt(inside(at, kind))} has no "url"`,
          'Write the address as "url"',
        );
      return {
        ...{ kind, url: address, status: status ?? undefined, headers: withoutNulls(headers), owner },
        ...(insecure === true && { insecure }),
      };
    }
    case 'exec':
      return { kind, command: given.exec! };
    case 'log':
      return { kind, ...given.log! };
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

/** A condition of SPEC §4. `withinMs` is undefined where it isn't written, and infinite where it is `none`. */
export const condition: NamedType<Condition> = named<Condition>('condition', () => readCondition);

const keys = object({
  ...kindFields(condition),
  delay: field(duration(), 'That long after the spawn.'),
  within: field(
    durationOr(['none'], 1),
    'The deadline, from the spawn, or none; none for a task and inside all and any.',
    '60s',
  ),
  timeout: field(duration(1), 'The limit of one attempt.', '1s'),
  interval: field(duration(1), 'The pause between attempts; else 20 ms at first, growing to 500 ms.'),
  successes: field(number({ min: 1, whole: true }), 'How many attempts must succeed in a row.', 1),
});

/** The deadline of a service's readiness where none is written. */
export const DEFAULT_WITHIN_MS = keys.fields.within.initial as number;

/** `within: none`, until it is known which deadline there would be else. */
const NO_DEADLINE = Number.POSITIVE_INFINITY;

/** The same without a deadline where none was asked for. */
export function withoutNone(read: Condition): Condition {
  return read.withinMs === NO_DEADLINE ? { ...read, withinMs: undefined } : read;
}

const ADDRESS = /^[^\s:/]+:\d{1,5}$/;

/** A map of conditions; of what is written in its place, the map that was probably meant. */
export function orRemedy<T>(type: Type<T>): Type<T> {
  return {
    ...type,
    read: (value, at) =>
      isMap(value)
        ? type.read(value, at)
        : reportMismatch(at, 'a map', value, remedyOf(withoutSource(value))),
  };
}

function remedyOf(value: unknown): string {
  if (typeof value === 'number') return `Write { tcp: ${value} }`;
  const text = typeof value === 'string' ? value : '';
  if (/^https?:\/\//.test(text)) return 'Write { http: "that URL" }';
  if (ADDRESS.test(text)) return `Write { tcp: ${JSON.stringify(text)} }`;
  return 'Write what it is ready by, such as { tcp: 5432 }, { http: "http://127.0.0.1:8080/" }, { log: listening } or { exec: command }';
}

const readCondition: Type<Condition> = then(orRemedy(keys), (given, at, written) => {
  const read = readKind(given, at, written, [...KINDS, 'delay']);
  if (read === undefined) return undefined;
  const get = layered(keys, given);
  return {
    ...read,
    withinMs: given.within === 'none' ? NO_DEADLINE : (given.within ?? undefined),
    timeoutMs: get('timeout'),
    intervalMs: get('interval'),
    successes: get('successes'),
  };
});
