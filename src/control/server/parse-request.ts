/**
 * The body of a request, as a command of the engine, or everything that is wrong with it. Pure.
 */
import type { Command, RequestOptions } from '../../engine/requests/command.ts';

export interface AskedRequest {
  /** Undefined: a reload, whose plan is in the files. */
  readonly command: Exclude<Command, { readonly kind: 'reload' | 'add' | 'remove' }> | undefined;
  readonly options: RequestOptions;
  readonly noRollback: boolean;
}

export type ParsedRequest =
  | { readonly ok: true; readonly asked: AskedRequest }
  | { readonly ok: false; readonly problems: readonly string[] };

type Kind = 'start' | 'stop' | 'restart' | 'signal' | 'wait' | 'scale' | 'reload';

type FieldType = 'boolean' | 'ms' | 'count' | 'some' | 'words' | 'text' | readonly string[];

/** What may stand in every body. */
const COMMON: Readonly<Record<string, FieldType>> = {
  kind: ['start', 'stop', 'restart', 'signal', 'wait', 'scale', 'reload'],
  names: 'words',
  id: 'text',
  dry_run: 'boolean',
  expect: 'count',
  fail_if_busy: 'boolean',
};

const OWN: Readonly<Record<Kind, Readonly<Record<string, FieldType>>>> = {
  start: { no_deps: 'boolean' },
  stop: { no_deps: 'boolean', grace_ms: 'ms' },
  restart: {
    no_deps: 'boolean',
    with_dependents: 'boolean',
    if_up: 'boolean',
    parallel: 'some',
    settle_ms: 'ms',
  },
  signal: { signal: 'text', whom: ['main', 'group', 'tree'] },
  wait: { until: ['ready', 'completed', 'stopped', 'healthy'], any: 'boolean' },
  scale: { replicas: 'count' },
  reload: { no_rollback: 'boolean' },
};

const NEEDED: Readonly<Partial<Record<Kind, string>>> = {
  signal: 'signal',
  wait: 'until',
  scale: 'replicas',
};

/** `signals`: those of this system, by their names. */
export function parseRequest(body: unknown, signals: ReadonlySet<string>): ParsedRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { ok: false, problems: ['the body must be a JSON object'] };
  const given = body as Readonly<Record<string, unknown>>;
  const kind = given.kind as Kind;
  if (typeof kind !== 'string' || !Object.hasOwn(OWN, kind))
    return { ok: false, problems: [`"kind" must be one of ${Object.keys(OWN).join(', ')}`] };
  const fields = { ...COMMON, ...OWN[kind] };
  const problems = Object.entries(given).flatMap(([key, value]) => problemOf(kind, fields, key, value));
  const needed = NEEDED[kind];
  if (needed !== undefined && given[needed] === undefined) problems.push(`"${needed}" is missing`);
  if (kind !== 'reload' && !(Array.isArray(given.names) && given.names.length > 0))
    problems.push('"names" must say which services');
  if (kind === 'signal' && typeof given.signal === 'string' && !signals.has(given.signal))
    problems.push(`there is no signal ${JSON.stringify(given.signal)}`);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, asked: { command: commandOf(kind, given), ...optionsOf(given) } };
}

function problemOf(
  kind: Kind,
  fields: Readonly<Record<string, FieldType>>,
  key: string,
  value: unknown,
): readonly string[] {
  const type = Object.hasOwn(fields, key) ? fields[key] : undefined;
  const name = JSON.stringify(key);
  if (type === undefined) return [`${name} means nothing for ${kind}`];
  if (isOf(type, value)) return [];
  return [`${name} must be ${typeof type === 'string' ? WORDS[type] : `one of ${type.join(', ')}`}`];
}

const WORDS: Readonly<Record<FieldType & string, string>> = {
  boolean: 'true or false',
  ms: 'a number of milliseconds, from 0 on',
  count: 'a whole number, from 0 on',
  some: 'a whole number, from 1 on',
  words: 'a list of texts',
  text: 'a text of 1 to 200 characters',
};

const MOST_CHARACTERS = 200;

function isOf(type: FieldType, value: unknown): boolean {
  if (typeof type !== 'string') return type.includes(value as string);
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'ms':
      return typeof value === 'number' && value >= 0 && Number.isFinite(value);
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case 'some':
      return Number.isSafeInteger(value) && (value as number) >= 1;
    case 'words':
      return Array.isArray(value) && value.every((word) => isOf('text', word));
    case 'text':
      return typeof value === 'string' && value !== '' && value.length <= MOST_CHARACTERS;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what it is was looked at field by field.
type Checked = Readonly<Record<string, any>>;

function commandOf(kind: Kind, given: Checked): AskedRequest['command'] {
  const names: readonly string[] = given.names ?? [];
  switch (kind) {
    case 'start':
      return { kind, names, noDeps: given.no_deps };
    case 'stop':
      return { kind, names, noDeps: given.no_deps, graceMs: given.grace_ms };
    case 'restart':
      return {
        kind,
        names,
        noDeps: given.no_deps,
        withDependents: given.with_dependents,
        ifUp: given.if_up,
        parallel: given.parallel,
        settleMs: given.settle_ms,
      };
    case 'signal':
      return { kind, names, signal: given.signal, whom: given.whom };
    case 'wait':
      return { kind, names, until: given.until, any: given.any };
    case 'scale':
      return { kind, names, replicas: given.replicas };
    case 'reload':
      return undefined;
  }
}

function optionsOf(given: Checked): Omit<AskedRequest, 'command'> {
  return {
    options: {
      id: given.id,
      dryRun: given.dry_run,
      expect: given.expect,
      failIfBusy: given.fail_if_busy,
    },
    noRollback: given.no_rollback === true,
  };
}
