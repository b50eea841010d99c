/**
 * The body of a request, as a command of the engine, or everything that is wrong with it. Pure.
 */
import type { Command, RequestOptions } from '../../engine/requests/command.ts';
import type { DownRequest } from './controlled.ts';

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

type FieldType = 'boolean' | 'ms' | 'count' | 'some' | 'replicas' | 'names' | 'text' | readonly string[];
type Fields = Readonly<Record<string, FieldType>>;

/** What may stand in every body. */
const COMMON: Fields = {
  kind: ['start', 'stop', 'restart', 'signal', 'wait', 'scale', 'reload'],
  id: 'text',
  dry_run: 'boolean',
  expect: 'count',
  fail_if_busy: 'boolean',
};

const OWN: Readonly<Record<Kind, Fields>> = {
  start: { names: 'names', no_deps: 'boolean' },
  stop: { names: 'names', no_deps: 'boolean', grace_ms: 'ms' },
  restart: {
    names: 'names',
    no_deps: 'boolean',
    with_dependents: 'boolean',
    if_up: 'boolean',
    parallel: 'some',
    settle_ms: 'ms',
  },
  signal: { names: 'names', signal: 'text', whom: ['main', 'group', 'tree'] },
  wait: { names: 'names', until: ['ready', 'completed', 'stopped', 'healthy'], any: 'boolean' },
  scale: { names: 'names', replicas: 'replicas' },
  reload: { no_rollback: 'boolean' },
};

const NEEDED: Readonly<Record<Kind, readonly string[]>> = {
  start: ['names'],
  stop: ['names'],
  restart: ['names'],
  signal: ['names', 'signal'],
  wait: ['names', 'until'],
  scale: ['names', 'replicas'],
  reload: [],
};

const DOWN: Fields = { now: 'boolean', budget_ms: 'ms' };

/** `signals`: those of this system, by their names. */
export function parseRequest(body: unknown, signals: ReadonlySet<string>): ParsedRequest {
  if (!isObject(body)) return { ok: false, problems: [NO_OBJECT] };
  const kind = body.kind as Kind;
  if (typeof kind !== 'string' || !Object.hasOwn(OWN, kind))
    return { ok: false, problems: [`"kind" must be one of ${Object.keys(OWN).join(', ')}`] };
  const problems = [...problemsOf(kind, { ...COMMON, ...OWN[kind] }, body)];
  for (const key of NEEDED[kind])
    if (!Object.hasOwn(body, key)) problems.push(`${JSON.stringify(key)} is missing`);
  if (kind === 'signal' && typeof body.signal === 'string' && !signals.has(body.signal))
    problems.push(`there is no signal ${JSON.stringify(body.signal)}`);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, asked: { command: commandOf(kind, body), ...optionsOf(body) } };
}

export type ParsedDown =
  | { readonly ok: true; readonly asked: DownRequest }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The same of what asks for the end of the run. */
export function parseDown(body: unknown): ParsedDown {
  if (!isObject(body)) return { ok: false, problems: [NO_OBJECT] };
  const problems = problemsOf('down', DOWN, body);
  if (problems.length > 0) return { ok: false, problems };
  const { now, budget_ms: budgetMs }: Checked = body;
  return { ok: true, asked: { now: now === true, budgetMs } };
}

type Given = Readonly<Record<string, unknown>>;

function isObject(body: unknown): body is Given {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

const NO_OBJECT = 'the body must be a JSON object';

function problemsOf(kind: string, fields: Fields, given: Given): readonly string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const type = Object.hasOwn(fields, key) ? fields[key] : undefined;
    const name = JSON.stringify(key);
    if (type === undefined) return [`${name} means nothing for ${kind}`];
    if (isOf(type, value)) return [];
    return [`${name} must be ${typeof type === 'string' ? WORDS[type] : `one of ${type.join(', ')}`}`];
  });
}

const WORDS: Readonly<Record<FieldType & string, string>> = {
  boolean: 'true or false',
  ms: 'a number of milliseconds, from 0 on',
  count: 'a whole number, from 0 on',
  some: 'a whole number, from 1 on',
  replicas: 'a whole number, from 0 to 1000',
  names: 'a list of names, at least one',
  text: 'a text of 1 to 200 characters',
};

const MOST_CHARACTERS = 200;
/** Each costs a process: more is a slip of the finger, and would keep the run busy for good. */
const MOST_REPLICAS = 1_000;

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
    case 'replicas':
      return isOf('count', value) && (value as number) <= MOST_REPLICAS;
    case 'names':
      return Array.isArray(value) && value.length > 0 && value.every((name) => isOf('text', name));
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
