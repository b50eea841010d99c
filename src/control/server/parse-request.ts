/**
 * The body of a request, as a command of the engine, or everything that is wrong with it; and those of a lease and of `down`. Pure.
 */
import type { Command, RequestOptions } from '../../engine/requests/command.ts';
import type { DownRequest } from './controlled.ts';
import { type Fields, fieldProblems, isObject } from './fields.ts';

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

const KINDS: readonly Kind[] = ['start', 'stop', 'restart', 'signal', 'wait', 'scale', 'reload'];

/** What may stand in every body. */
const COMMON: Fields = {
  kind: KINDS,
  id: 'text',
  dry_run: 'boolean',
  expect: 'count',
  fail_if_busy: 'boolean',
};

/** Only what has all of the labels is meant; without names, of all services. */
const CHOICE: Fields = { names: 'words', labels: 'words' };

const OWN: Readonly<Record<Kind, Fields>> = {
  start: { ...CHOICE, no_deps: 'boolean' },
  stop: { ...CHOICE, no_deps: 'boolean', grace_ms: 'ms' },
  restart: {
    ...CHOICE,
    no_deps: 'boolean',
    with_dependents: 'boolean',
    if_up: 'boolean',
    parallel: 'some',
    settle_ms: 'ms',
  },
  signal: { ...CHOICE, signal: 'text', whom: ['main', 'group', 'tree'] },
  wait: { ...CHOICE, until: ['ready', 'completed', 'stopped', 'healthy'], any: 'boolean' },
  scale: { names: 'words', replicas: 'count' },
  reload: { no_rollback: 'boolean' },
};

const NEEDED: Readonly<Record<Kind, readonly string[]>> = {
  start: [],
  stop: [],
  restart: [],
  signal: ['signal'],
  wait: ['until'],
  scale: ['names', 'replicas'],
  reload: [],
};

/** The body of each kind of request: what may stand in it, what must, and of what there must be one. */
export const REQUEST_BODIES = KINDS.map((kind) => ({
  kind,
  fields: { ...COMMON, ...OWN[kind] },
  needed: ['kind', ...NEEDED[kind]],
  oneOf: isByChoice(kind) ? Object.keys(CHOICE) : [],
}));

function isByChoice(kind: Kind): boolean {
  return Object.hasOwn(OWN[kind], 'labels');
}

const NO_OBJECT = 'the body must be a JSON object';

/** `signals`: those of this system, by their names. */
export function parseRequest(body: unknown, signals: ReadonlySet<string>): ParsedRequest {
  if (!isObject(body)) return { ok: false, problems: [NO_OBJECT] };
  const given = body;
  const kind = given.kind as Kind;
  if (!KINDS.includes(kind)) return { ok: false, problems: [`"kind" must be one of ${KINDS.join(', ')}`] };
  const problems = [...fieldProblems({ ...COMMON, ...OWN[kind] }, given, kind)];
  if (isByChoice(kind) && !Object.keys(CHOICE).some((key) => Object.hasOwn(given, key)))
    problems.push('"names" is missing, or "labels"');
  for (const key of NEEDED[kind])
    if (!Object.hasOwn(given, key)) problems.push(`${JSON.stringify(key)} is missing`);
  for (const key of Object.keys(CHOICE))
    if (Array.isArray(given[key]) && given[key].length === 0)
      problems.push(`${JSON.stringify(key)} must say which services`);
  if (kind === 'signal' && typeof given.signal === 'string' && !signals.has(given.signal))
    problems.push(`there is no signal ${JSON.stringify(given.signal)}`);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, asked: { command: commandOf(kind, given), ...optionsOf(given) } };
}

// biome-ignore lint/suspicious/noExplicitAny: what it is was looked at field by field.
type Checked = Readonly<Record<string, any>>;

function commandOf(kind: Kind, given: Checked): AskedRequest['command'] {
  const names: readonly string[] = given.names ?? [];
  const { labels }: { readonly labels?: readonly string[] } = given;
  switch (kind) {
    case 'start':
      return { kind, names, labels, noDeps: given.no_deps };
    case 'stop':
      return { kind, names, labels, noDeps: given.no_deps, graceMs: given.grace_ms };
    case 'restart':
      return {
        kind,
        names,
        labels,
        noDeps: given.no_deps,
        withDependents: given.with_dependents,
        ifUp: given.if_up,
        parallel: given.parallel,
        settleMs: given.settle_ms,
      };
    case 'signal':
      return { kind, names, labels, signal: given.signal, whom: given.whom };
    case 'wait':
      return { kind, names, labels, until: given.until, any: given.any };
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

export const LEASE_BODY: Fields = { names: 'words', for_command: 'boolean' };

export type ParsedLease =
  | { readonly ok: true; readonly names: readonly string[]; readonly forCommand: boolean }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The body may be left out: then nothing is held. */
export function parseLease(body: unknown): ParsedLease {
  if (body !== undefined && !isObject(body)) return { ok: false, problems: [NO_OBJECT] };
  const given: Checked = body ?? {};
  const problems = fieldProblems(LEASE_BODY, given, 'a lease');
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, names: given.names ?? [], forCommand: given.for_command === true };
}

export const DOWN_BODY: Fields = { now: 'boolean', budget_ms: 'ms' };

export type ParsedDown =
  | { readonly ok: true; readonly asked: DownRequest }
  | { readonly ok: false; readonly problems: readonly string[] };

/** The body may be left out. A word too many is an error: who asks for the end of everything should mean it. */
export function parseDown(body: unknown): ParsedDown {
  if (body !== undefined && !isObject(body)) return { ok: false, problems: [NO_OBJECT] };
  const given: Checked = body ?? {};
  const problems = fieldProblems(DOWN_BODY, given, 'down');
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, asked: { now: given.now === true, budgetMs: given.budget_ms } };
}
