/**
 * What is looked at on this machine before anything is started, by `up` and by `check`: what can't be is an error with
 * its place, and nothing is begun that would have to be taken down again.
 */
import type { ConfigPath, Problem } from '../config/diagnostics/problem.ts';
import type { Condition, ServiceConfig } from '../config/types.ts';
import type { Rights } from '../process/rights-ports.ts';
import type { Machine } from './machine.ts';

export type PreflightMachine = Pick<
  Machine,
  'env' | 'resolveRights' | 'whyNoSystemdNotify' | 'whyNoTerminal' | 'openFilesLimit'
>;

export interface Preflight {
  /** As whom each service will run; undefined: as ourselves. */
  readonly rightsOf: (service: string) => Rights | undefined;
  /** Nothing is started with one of these. */
  readonly problems: readonly Problem[];
  /** The same, a sentence: it concerns all services at once. */
  readonly refusal: string | undefined;
}

export async function preflight(
  machine: PreflightMachine,
  specs: readonly ServiceConfig[],
): Promise<Preflight> {
  const [needs, terminals, rights] = await Promise.all([
    findNativeNeeds(machine, specs),
    terminalNeeds(machine, specs),
    serviceRights(machine, specs),
  ]);
  return {
    rightsOf: rights.rightsOf,
    problems: [...needs, ...terminals, ...rights.problems],
    refusal: tooFewDescriptors(specs, machine.openFilesLimit()),
  };
}

/** As whom each service will run: asked for all at once. */
async function serviceRights(
  machine: Pick<Machine, 'env' | 'resolveRights'>,
  specs: readonly ServiceConfig[],
): Promise<Pick<Preflight, 'rightsOf' | 'problems'>> {
  const asking = specs.flatMap(({ name, rights }) => (rights === undefined ? [] : [{ name, rights }]));
  const granted = new Map<string, Rights>();
  const problems: Problem[] = [];
  // Most projects ask for nothing, and nothing is looked up then.
  const asked = asking.map(({ rights }) => rights);
  const answers = asked.length === 0 ? [] : await machine.resolveRights(asked, machine.env.PATH);
  for (const [index, answer] of answers.entries()) {
    const { name } = asking[index]!;
    if (answer.kind === 'granted') granted.set(name, answer.rights);
    else
      problems.push(
        ...answer.troubles.map(({ key, message, hint }) => ({
          severity: 'error' as const,
          path: ['services', name, ...key],
          message: `"${name}" can't ${message}`,
          hint,
        })),
      );
  }
  return { rightsOf: (service) => granted.get(service), problems };
}

/**
 * What needs a part that this installation lacks: a problem for each place where a word of the notify protocol is
 * waited for in vain. Nothing is loaded where nobody needs it.
 */
export async function findNativeNeeds(
  { whyNoSystemdNotify }: Pick<Machine, 'whyNoSystemdNotify'>,
  specs: readonly ServiceConfig[],
): Promise<Problem[]> {
  const needs = specs.flatMap(({ name, ready, health, watchdog }) => {
    const paths = [
      ...pathsOf(ready, ['services', name, 'ready']),
      ...pathsOf(health?.condition, ['services', name, 'health']),
    ];
    const isOnlyWatched = watchdog?.source === 'systemd' && paths.length === 0;
    return isOnlyWatched ? [['services', name, 'watchdog']] : paths;
  });
  const why = needs.length === 0 ? undefined : await whyNoSystemdNotify();
  if (why === undefined) return [];
  return needs.map((path) => ({
    severity: 'error',
    path,
    message: `"${path[2] === 'watchdog' ? 'watchdog.source' : 'notify'}: systemd" of service "${path[1]}" is not possible here: ${why.reason}`,
    hint: why.remedy,
  }));
}

/** Services that are to have a terminal where there is none to be had; looked at only if one wants it. */
export async function terminalNeeds(
  { whyNoTerminal }: Pick<Machine, 'whyNoTerminal'>,
  specs: readonly ServiceConfig[],
): Promise<Problem[]> {
  const wanting = specs.filter(({ terminal }) => terminal === true);
  const why = wanting.length === 0 ? undefined : await whyNoTerminal();
  if (why === undefined) return [];
  return wanting.map(({ name }) => ({
    severity: 'error',
    path: ['services', name, 'terminal'],
    message: `"terminal" of service "${name}" is not possible here: ${why.reason}`,
    hint: why.remedy,
  }));
}

function pathsOf(condition: Condition | undefined, path: ConfigPath): readonly ConfigPath[] {
  switch (condition?.kind) {
    case 'notify':
      return condition.protocol === 'systemd' ? [[...path, 'notify']] : [];
    case 'all':
    case 'any':
      return condition.of.flatMap((part, index) => pathsOf(part, [...path, condition.kind, index]));
    default:
      return [];
  }
}

/** Node, its pipes to helpers, a board, a record, the probes and clean-ups that run at the same time. */
const FOR_ITSELF = 64;
/** What it reads of each: stdout and stderr. */
const STREAMS = 2;

/**
 * Whether orderly may open as many files as a graph needs: a graph that runs out of them half way would have to be
 * taken down again. A sentence if there are too few; undefined: there are enough, or `limit` isn't known. Pure.
 */
export function tooFewDescriptors(
  services: readonly ServiceConfig[],
  limit: number | undefined,
): string | undefined {
  const needed = descriptorNeed(services);
  if (limit === undefined || limit >= needed) return undefined;
  const count = services.length === 1 ? '1 service' : `${services.length} services`;
  return `Cannot start ${count}: that needs about ${needed} open files, and orderly may have ${limit}; raise the limit (ulimit -n ${needed}, LimitNOFILE= of systemd, --ulimit nofile=${needed} of docker)`;
}

/** Tasks come and go, and share what is kept for orderly itself. */
function descriptorNeed(services: readonly ServiceConfig[]): number {
  const running = services.filter(({ type }) => type === 'service');
  return running.reduce((sum, { ready, health, watchdog, log }) => {
    const beats = watchdog !== undefined && watchdog.source !== 'log';
    const isSpokenTo = beats || hasChannel(ready) || hasChannel(health?.condition);
    const writesFile = log.file !== undefined && !log.file.direct;
    return sum + STREAMS + (isSpokenTo ? 1 : 0) + (writesFile ? 1 : 0);
  }, FOR_ITSELF);
}

function hasChannel(condition: Condition | undefined): boolean {
  if (condition?.kind === 'all' || condition?.kind === 'any') return condition.of.some(hasChannel);
  return condition?.kind === 'notify';
}
