/**
 * process-compose files: processes with probes. A text is a script of the shell here as there; who fails takes nobody along unless it
 * says so, and what isn't said to be started again is not.
 */

import { posix } from 'node:path';
import type { ConfigPath } from '../config/diagnostics/problem.ts';
import type { ImportedService, Importer, ServiceKeys, Value } from './imported.ts';
import { createNames, type Names, renamed } from './names.ts';
import { lostKey } from './process-compose/lost.ts';
import { healthOf, readyOf } from './process-compose/probe.ts';
import { importYaml, type Tell } from './read-yaml.ts';
import { filledIn, filledInForShell, patternOf } from './texts.ts';
import {
  duration,
  entriesOf,
  get,
  mapped,
  numberAt,
  signalOf,
  textAt,
  textsOf,
  truthAt,
  variablesOf,
  wordsAt,
} from './values.ts';

export const importProcessCompose: Importer = (source) =>
  importYaml(source, (document, tell) => {
    tellOfKeys(document, [], 'this file', tell);
    const names = createNames();
    const all = entriesOf(get(document, 'processes'));
    for (const [theirs] of all) names.of(theirs);
    const awaited = awaitedOf(all.map(([, written]) => written));
    const services = all.map(([theirs, written]): ImportedService => {
      const name = names.of(theirs);
      const path = ['processes', theirs];
      if (name !== theirs) tell(path, renamed(theirs, name));
      const description = textAt(written, 'description');
      return {
        name,
        keys: processKeys(written, {
          path,
          theirs,
          names,
          isTask: awaited.get(theirs) === true,
          tell,
          known: new Set(all.map(([one]) => one)),
        }),
        ...(description !== undefined && { notes: [description] }),
      };
    });
    const environment = mapped(variablesOf(get(document, 'environment')), filledIn);
    const name = textAt(document, 'name');
    return {
      top: {
        ...(name && { name: filledIn(name) }),
        ...(environment && { env: environment }),
        ...(!isWithoutDotenv(document) && { env_file: [{ path: '.env', required: false }] }),
      },
      services,
    };
  });

/** Whether others wait for its success and for nothing else. */
function awaitedOf(all: readonly unknown[]): ReadonlyMap<string, boolean> {
  const awaited = new Map<string, boolean>();
  for (const written of all)
    for (const [theirs, edge] of entriesOf(get(written, 'depends_on'))) {
      const isEnd = textAt(edge, 'condition') === 'process_completed_successfully';
      awaited.set(theirs, isEnd && awaited.get(theirs) !== false);
    }
  return awaited;
}

/** It reads `.env` beside it, unless it is told not to. */
function isWithoutDotenv(document: unknown): boolean {
  const all = entriesOf(get(document, 'processes'));
  return all.every(([, written]) => truthAt(written, 'is_dotenv_disabled') === true);
}

interface Process {
  readonly path: ConfigPath;
  readonly theirs: string;
  readonly names: Names;
  readonly known: ReadonlySet<string>;
  readonly isTask: boolean;
  readonly tell: Tell;
}

function processKeys(written: unknown, one: Process): ServiceKeys {
  const { path, theirs, isTask, tell } = one;
  tellOfKeys(written, path, `"${theirs}"`, tell);
  const isDaemon = truthAt(written, 'is_daemon') === true;
  const folder = textAt(written, 'working_dir');
  const words = textsOf(get(written, 'entrypoint'));
  const entrypoint = words[0] === '' ? [] : words;
  const command = wordsAt(written, 'command');
  const isForeground = truthAt(written, 'is_foreground') === true;
  if (isForeground)
    tell(
      [...path, 'is_foreground'],
      `"${theirs}" has a terminal, and nobody types there`,
      `To type to it: orderly run ${one.names.of(theirs)}`,
    );
  if (command === undefined && entrypoint.length === 0)
    tell(path, `"${theirs}" has no command: it does nothing`, 'Write its command');
  const replicas = numberAt(written, 'replicas') ?? 1;
  if (replicas > 1)
    tell(
      [...path, 'replicas'],
      `"${theirs}" is to have ${replicas} replicas, and has one`,
      `When it runs: orderly scale ${one.names.of(theirs)}=${replicas}`,
    );
  const executed =
    entrypoint.length > 0 && command === undefined
      ? entrypoint.map(filledIn)
      : filledInForShell(command ?? 'true');
  const files = textsOf(get(written, 'env_file')).filter((path) => path !== '');
  return {
    ...(isTask && { type: 'task' }),
    ...(isDaemon ? { type: 'external', up: executed, ...downOf(written, one) } : { command: executed }),
    ...(folder !== undefined &&
      posix.normalize(folder) !== '.' && { cwd: filledIn(posix.normalize(folder)) }),
    env: mapped(variablesOf(get(written, 'environment')), filledIn),
    ...(files.length > 0 && { env_file: files.map(filledIn) }),
    ...(!isDaemon && (isForeground || truthAt(written, 'is_tty') === true) && { terminal: true }),
    depends_on: edgesOf(written, one),
    ...conditionsOf(written, one),
    ...endingOf(written, one),
    ...stopOf(written, isDaemon),
    ...logOf(written),
    ...choiceOf(written),
  };
}

function tellOfKeys(written: unknown, path: ConfigPath, owner: string, tell: Tell): void {
  for (const [key] of entriesOf(written)) {
    const lost = lostKey(key);
    if (lost !== undefined) tell([...path, key], `"${key}" of ${owner} is left out: ${lost[0]}`, lost[1]);
  }
}

/** What a daemon is taken down by; else what is left of it at the end of the run is asked to end. */
function downOf(written: unknown, { path, theirs, tell }: Process): ServiceKeys {
  const down = textAt(get(written, 'shutdown'), 'command');
  if (down !== undefined) return { down: filledInForShell(down) };
  tell(
    [...path, 'is_daemon'],
    `Nothing takes "${theirs}" down: what it left in the background is ended at the end of the run`,
    'Write the command that stops it as "down"; or one that keeps it in the foreground, in place of "up" and the type',
  );
  return {};
}

const EDGES: Readonly<Record<string, string>> = {
  process_started: 'started',
  process_healthy: 'ready',
  process_log_ready: 'ready',
  process_completed: 'exited',
  process_completed_successfully: 'completed',
};

function edgesOf(written: unknown, one: Process): Value | undefined {
  const { path, names, known, tell } = one;
  const edges = new Map<string, Value>();
  const dependsOn = get(written, 'depends_on');
  const listed = Array.isArray(dependsOn) ? textsOf(dependsOn).map((name) => [name, undefined] as const) : [];
  for (const [theirs, edge] of [...entriesOf(dependsOn), ...listed]) {
    const at = [...path, 'depends_on', theirs];
    if (!known.has(theirs)) {
      tell(
        at,
        `"${one.theirs}" needs "${theirs}", which is not in this file`,
        'Import that file too, and name it with include',
      );
      continue;
    }
    const theirCondition = textAt(edge, 'condition') ?? 'process_started';
    const condition = Object.hasOwn(EDGES, theirCondition) ? EDGES[theirCondition] : undefined;
    if (condition === undefined)
      tell(at, `The condition "${theirCondition}" is not known`, 'It waits until that one is started');
    edges.set(names.of(theirs), { condition: condition ?? 'started' });
  }
  return edges.size === 0 ? undefined : edges;
}

function conditionsOf(written: unknown, { path, theirs, isTask, tell }: Process): ServiceKeys {
  const probe = get(written, 'readiness_probe');
  const line = textAt(written, 'ready_log_line') || undefined;
  const liveness = get(written, 'liveness_probe');
  const ready = line === undefined ? readyOf(probe) : { log: patternOf(line), within: 'none' };
  const [key, asked] = liveness === undefined ? ['readiness_probe', probe] : ['liveness_probe', liveness];
  const health = healthOf(asked);
  if (health === undefined && asked !== undefined)
    tell(
      [...path, key],
      `"${key}" of "${theirs}" asks nothing that can be read`,
      'Write ready: { tcp: PORT }',
    );
  if (isTask) return {};
  if (line !== undefined && truthAt(written, 'is_daemon') === true) {
    tell(
      [...path, 'ready_log_line'],
      `What "${theirs}" writes in the background is not read: it is ready once it is up`,
      'Write ready: { tcp: PORT }',
    );
    return { ...(health !== undefined && { health }) };
  }
  return { ...(ready !== undefined && { ready }), ...(health !== undefined && { health }) };
}

/** What follows when it ends. */
function endingOf(written: unknown, { path, theirs, isTask, tell }: Process): ServiceKeys {
  const availability = get(written, 'availability');
  const policy = textAt(availability, 'restart') ?? 'no';
  const restart = { always: 'always', on_failure: 'on-failure', no: 'no', exit_on_failure: 'no' }[policy];
  if (restart === undefined)
    tell(
      [...path, 'availability', 'restart'],
      `"${policy}" is no policy that is known: "${theirs}" is not started again`,
      'Write restart: on-failure, or always',
    );
  if (truthAt(availability, 'exit_on_skipped') === true)
    tell(
      [...path, 'availability', 'exit_on_skipped'],
      `"exit_on_skipped" of "${theirs}" is left out`,
      'Give what it needs on_failure: shutdown',
    );
  const seconds = numberAt(availability, 'backoff_seconds') ?? 1;
  const isAgain = restart === 'always' || restart === 'on-failure';
  const max = Math.max(0, Math.round(numberAt(availability, 'max_restarts') ?? 0));
  // The same pause each time.
  const delay = duration(seconds * 1000);
  const repeated = { policy: restart, max, delay, factor: 1, max_delay: delay };
  return {
    restart: isAgain ? repeated : 'no',
    ...(policy !== 'exit_on_failure' && !isTask && { on_failure: 'ignore' }),
    ...(truthAt(availability, 'exit_on_end') === true && { on_end: 'shutdown' }),
  };
}

function stopOf(written: unknown, isDaemon: boolean): ServiceKeys {
  const shutdown = get(written, 'shutdown');
  if (shutdown === undefined) return {};
  const signal = signalOf(textAt(shutdown, 'signal'));
  const seconds = numberAt(shutdown, 'timeout_seconds');
  const command = textAt(shutdown, 'command');
  const stop = {
    ...(signal !== undefined && signal !== 'SIGTERM' && { signal }),
    ...(seconds !== undefined && seconds > 0 && { grace: duration(seconds * 1000) }),
    ...(command !== undefined && !isDaemon && { command: filledInForShell(command) }),
    ...(truthAt(shutdown, 'parent_only') === true && { target: 'main' }),
  };
  return Object.keys(stop).length === 0 ? {} : { stop };
}

function logOf(written: unknown): ServiceKeys {
  const file = textAt(written, 'log_location');
  return file === undefined || file === '' ? {} : { log: { file: filledIn(file) } };
}

function choiceOf(written: unknown): ServiceKeys {
  const namespace = textAt(written, 'namespace');
  const isHeld = truthAt(written, 'disabled') === true;
  return {
    ...(isHeld && { profiles: ['disabled'] }),
    // Else it would start at once.
    ...(!isHeld && get(written, 'schedule') !== undefined && { profiles: ['scheduled'] }),
    ...(namespace !== undefined && namespace !== 'default' && { labels: { namespace: filledIn(namespace) } }),
  };
}
