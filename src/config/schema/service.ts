/**
 * The keys of a service, as they are written; `resolve/` makes the ServiceConfig of them.
 */
import type { EnvironmentFile } from '../variables/environment.ts';
import { isMap } from '../yaml/document-value.ts';
import { list, map } from './collection.ts';
import { color } from './color.ts';
import { cleanup, command, commands } from './command.ts';
import { condition } from './condition.ts';
import { dependsOn } from './edge.ts';
import { envCommands } from './env-from.ts';
import { extendedService, noExtends } from './extends.ts';
import { health } from './health.ts';
import { hooksObject } from './hook.ts';
import { field, type Given, isWritten, object, orShort } from './object.ts';
import { group, limitsObject, umask, user } from './rights.ts';
import { duration, number, sizeOr, truth, word } from './scalar.ts';
import { signal } from './signal.ts';
import { filePath, label, placedPath, template, text } from './text.ts';
import {
  type At,
  type FoundReference,
  named,
  report,
  reportMismatch,
  subjectAt,
  type Type,
  then,
} from './type.ts';

const environmentMap = map(template(), { pattern: /^[^=\0]+$/, wanted: 'a name without "="' });

/** Values of a list are not told again: they may be secret. */
export const environment: typeof environmentMap = {
  ...environmentMap,
  read: (value, at) =>
    Array.isArray(value) || typeof value === 'string'
      ? reportMismatch(
          at,
          'a map',
          value,
          `Write each as NAME: value${namesOf(value)}; what orderly has is inherited`,
        )
      : environmentMap.read(value, at),
};

function namesOf(entries: string | readonly unknown[]): string {
  const texts = [entries].flat().filter((entry) => typeof entry === 'string');
  const found = texts.flatMap((text) => /^([A-Za-z_]\w*)=/.exec(text)?.[1] ?? []);
  return found.length === 0
    ? ''
    : `, here ${found
        .slice(0, 3)
        .map((name) => `${name}: …`)
        .join(', ')}`;
}

const environmentFileObject = object({
  path: field(placedPath(), 'The file.'),
  required: field(truth(), 'Without it nothing is started; false: it need not be there.', true),
});

const environmentFile: Type<EnvironmentFile> = then(
  orShort(environmentFileObject, environmentFileObject.fields.path.type, (path) => ({ path })),
  ({ path, required }, at, written) => {
    if (isMap(written) && !isWritten(written, 'path'))
      return report(at, `${subjectAt(at)} has no "path"`, 'Write the file as "path"');
    return path ? { ...path, isOptional: required === false } : undefined;
  },
);

export const environmentFiles = list(environmentFile, 'a path or a list of paths', { oneToo: true });

const inheritance: Type<boolean | readonly string[]> = {
  read: (value, at) => (Array.isArray(value) ? names.read(value, at) : all.read(value, at)),
  json: () => ({ anyOf: [all.json(), names.json()] }),
};
const all = truth('true, false or a list of names');
const names = list(text(), 'a list of names');

export const restartObject = object({
  policy: field(word('no', 'on-failure', 'always'), 'What is started again.', 'on-failure'),
  max: field(
    number({ min: 0, whole: true }),
    'Restarts allowed in a row, and within the window; 0 is no limit.',
    5,
  ),
  window: field(duration(1), 'So long max restarts are the limit whatever lay between them.', '60s'),
  delay: field(duration(), 'The pause before the first restart.', '100ms'),
  factor: field(number({ min: 1 }), 'What the pause grows by with each failure in a row.', 2),
  max_delay: field(duration(), 'The longest pause.', '30s'),
  jitter: field(number({ min: 0, max: 1 }), 'The share of the pause that is random.', 0.1),
  reset_after: field(
    duration(),
    'Being ready this long ends a row: the next failure is the first one again.',
    '30s',
  ),
  success_codes: field(
    list(number({ min: 0, max: 255, whole: true }), 'a list of exit codes'),
    'Exit codes that are no failure.',
    [0],
  ),
});

export const stopObject = object({
  signal: field(signal, 'What asks it to end.', 'SIGTERM'),
  grace: field(duration(), 'The time it has from being asked until it is killed.', '10s'),
  command: field(command, 'Runs instead of the signal.'),
  target: field(word('group', 'main'), 'What gets the signal; a kill always takes the whole tree.', 'group'),
});

/** More would make each rotation a thousand renames. */
const MOST_KEPT = 1000;

export const logObject = object({
  prefix: field(truth(), 'Put the name of the service before each line that is printed.', true),
  color: field(
    color,
    'How its name is painted: blue, bgBlue.bold, #23de43; by default the next colour in turn.',
  ),
  print: field(
    truth(),
    'Print its lines as text; what it wrote last before a failure is shown either way.',
    true,
  ),
  file: field(filePath(), 'A file that its lines go to as well, as they are.'),
  max_size: field(
    sizeOr(['none'], 1),
    'The size at which the file becomes file.1 and a new one is begun; none: never.',
    '10MB',
  ),
  keep: field(
    number({ min: 0, max: MOST_KEPT, whole: true }),
    'How many old files are kept; 0: the file is emptied instead.',
    5,
  ),
  direct: field(truth(), 'The service writes to the file itself; nothing of it is printed.', false),
});

/** A busy machine is late by half of it every day. */
const SHORTEST_WITHIN_MS = 100;

export const watchdogObject = object({
  within: field(duration(SHORTEST_WITHIN_MS), 'How long it may be silent once it is ready.'),
  on_failure: field(
    word('restart', 'shutdown', 'report'),
    'What follows its silence: it is stopped and has failed, everything goes down, or it is only told.',
    'restart',
  ),
  source: field(
    word('notify', 'fd', 'node', 'systemd', 'log'),
    'What breaks the silence: heartbeats over the notify channel of "ready", or over the one named; or any output.',
    'notify',
  ),
});

const watchdog = orShort(watchdogObject, watchdogObject.fields.within.type, (within) => ({ within }));

const keys = {
  type: field(
    word('service', 'task', 'external'),
    'A task is to end: it is ready when it exited with 0. What is external is run by somebody else.',
    'service',
  ),
  command: field(command, 'What to execute: a list as it is, a text by /bin/sh -c.'),
  before: field(
    commands,
    'Commands that run before each instance, one after the other; the first that fails is its failure.',
  ),
  cwd: field(filePath(), 'The working directory; by default the folder of the configuration.'),
  env: field(environment, 'Environment variables; an empty value removes one.'),
  env_file: field(environmentFiles, 'Files of environment variables, later over earlier.'),
  env_from: field(
    envCommands,
    'Commands that print environment variables, run before the start; the values are masked in everything told.',
  ),
  env_inherit: field(
    inheritance,
    'Inherit the environment of the supervisor: all, nothing, or these names.',
    true,
  ),
  stdin: field(
    word('null', 'open'),
    'Its standard input: at its end from the start, or open, without anything to read, for programs that end with it.',
    'null',
  ),
  terminal: field(
    truth(),
    'It gets a terminal of its own, as large as the one that its lines are shown on; nobody types there.',
    false,
  ),
  user: field(user, 'The user that it runs as, a name or a number; by default the one of orderly.'),
  group: field(group, 'Its group, a name or a number; by default the one of its user.'),
  umask: field(umask, 'What files that it creates are not allowed to others: three octal digits.'),
  nice: field(
    number({ min: -20, max: 19, whole: true }),
    'Its priority, from -20 (first) to 19 (when nobody else wants the processor).',
  ),
  limits: field(limitsObject, 'What its processes may use up: a number, unlimited, or {soft, hard}.'),
  depends_on: field(dependsOn, 'What must be there before this is started.'),
  ready: field(condition, 'When it is ready; by default once it is spawned.'),
  health: field(health, 'What is checked again and again, from being ready until it stops.'),
  watchdog: field(watchdog, 'How long it may be silent once it is ready; by default as long as it likes.'),
  restart: field(
    orShort(restartObject, restartObject.fields.policy.type, (policy) => ({ policy })),
    'What to do when it ended without being asked. A task is restarted only if its own entry asks for it.',
  ),
  on_failure: field(
    word('shutdown', 'isolate', 'ignore'),
    'What follows when it has failed for good.',
    'shutdown',
  ),
  on_end: field(
    word('ignore', 'shutdown'),
    'What follows when it has ended by itself for good, with success too: nothing, or everything goes down.',
    'ignore',
  ),
  stop: field(stopObject, 'How it is stopped.'),
  cleanup: field(cleanup, 'Commands that run after each instance has ended, however it ended.'),
  log: field(logObject, 'What happens to its output.'),
  on: field(hooksObject, 'What is run, or told to a webhook, when something has happened to it.'),
  profiles: field(names, 'It starts only when one of these is chosen, or when a chosen service needs it.'),
  labels: field(map(label(), { pattern: /^/, wanted: 'a text' }), 'Free texts for people and tools.'),
};

export const serviceObject = object({
  ...keys,
  up: field(command, 'Brings up what is external, before it is waited for.'),
  down: field(command, 'Takes down what is external, after everything that needs it.'),
  extends: field(
    // By then it has been obeyed, or told why it can't be.
    { ...extendedService, read: () => undefined },
    'Another service, whose keys it has too, but for profiles; its own are over them.',
  ),
});

export const defaultsObject = object({ ...keys, extends: noExtends });

/** In what is written there. */
export function has(written: unknown, map: string, name: string): boolean {
  const inside = isMap(written) ? written[map] : undefined;
  return isMap(inside) && Object.hasOwn(inside, name);
}

export type GivenService = Given<typeof serviceObject.fields>;

/** An entry of `services`, as written and as read, and the values of other services that it uses. */
export interface ServiceEntry {
  readonly written: unknown;
  readonly given: GivenService;
  readonly references: readonly FoundReference[];
}

export const service = named<ServiceEntry>('service', () => ({
  read(written, at) {
    const references: FoundReference[] = [];
    const name = String(at.key);
    const isGiven = (variable: string): boolean =>
      has(written, 'env', variable) || at.scope.isGiven(variable, name);
    const prints = (): boolean => isWritten(written, 'env_from') || at.scope.prints?.(name) === true;
    const here: At = { scope: { ...at.scope, references, isGiven, prints }, up: at.up, key: at.key };
    const given = serviceObject.read(written, here);
    return given && { written, given, references };
  },
  json: serviceObject.json,
}));
