/**
 * pm2 ecosystem files in JSON or YAML: programs that are started again whenever they end. One in JavaScript is a program, which is never
 * executed.
 */
import { posix } from 'node:path';
import type { ConfigPath } from '../config/diagnostics/problem.ts';
import { isMap, scalarText, withoutSource } from '../config/yaml/document-value.ts';
import type { ImportedService, Importer, ServiceKeys, Value } from './imported.ts';
import { createNames, renamed } from './names.ts';
import { importYaml, refused, type Tell } from './read-yaml.ts';
import { literal, shellWords } from './texts.ts';
import {
  duration,
  durationMs,
  entriesOf,
  get,
  mapped,
  numberAt,
  signalOf,
  textAt,
  textsOf,
  truthAt,
  variablesOf,
} from './values.ts';

export const importPm2: Importer = async (source) => {
  if (/\.[cm]?[jt]s$/.test(source.file))
    return refused(
      `Cannot import "${source.file}": it is a program, and no program is executed to read it`,
      `Write it as JSON: node -p "JSON.stringify(require('./${posix.basename(source.file)}'))" > ecosystem.json`,
    );
  return importYaml(source, (document, tell) => {
    const names = createNames();
    // A list alone is a list of apps, too.
    const isList = Array.isArray(document);
    const apps: unknown = isList ? document : get(document, 'apps');
    const list: readonly unknown[] = Array.isArray(apps) ? apps : isMap(apps) ? [apps] : [];
    const services = list.flatMap((app, index): ImportedService[] => {
      const path: ConfigPath = isList ? [index] : Array.isArray(apps) ? ['apps', index] : ['apps'];
      const script = textAt(app, 'script') ?? textAt(app, 'cmd');
      if (script === undefined || script.trim() === '') {
        tell(path, 'An app is left out: it has no script', 'Write its script');
        return [];
      }
      const theirs = textAt(app, 'name') ?? posix.basename(script.split(' ')[0]!).replace(/\.\w+$/, '');
      const name = names.another(theirs);
      if (name !== theirs) tell([...path, 'name'], renamed(theirs, name));
      return [{ name, keys: appKeys(app, script, path, theirs, tell) }];
    });
    if (get(document, 'deploy') !== undefined)
      tell(
        ['deploy'],
        '"deploy" is left out: nothing is copied to other machines',
        'pm2 deploy does it as before',
      );
    return { top: {}, services };
  });
};

const INTERPRETERS: Readonly<Record<string, string>> = {
  ...{ js: 'node', cjs: 'node', mjs: 'node', py: 'python3', sh: 'bash', rb: 'ruby', php: 'php', pl: 'perl' },
  ...{ ts: 'bun', tsx: 'bun', coffee: 'coffee' },
};

const LOST: readonly (readonly [words: string, why: string, hint: string])[] = [
  [
    'watch watch_delay ignore_watch watch_options',
    'nothing is watched',
    'Let the program watch its files: node --watch',
  ],
  [
    'max_memory_restart',
    'memory is not looked at',
    'Limit it where the program can, such as node_args: --max-old-space-size=300',
  ],
  ['cron_restart cron', 'nothing is started by the clock', 'Run orderly restart NAME from cron'],
  [
    'source_map_support disable_source_map_support',
    'no module is loaded into it',
    'Write node_args: --enable-source-maps as words of the command',
  ],
  [
    'increment_var instance_var',
    'no variable counts the instances',
    'Nothing is to be done for one instance',
  ],
  ['log_date_format time log_type', 'lines are kept as they are', 'orderly logs -t shows the time of each'],
  [
    'error_file err_file error',
    'there is no file for its stderr alone',
    'Its log file has both streams, as they come',
  ],
  [
    'force vizion autostart_delay pmx automation trace deep_monitoring',
    'there is nothing like it',
    'Nothing is to be done',
  ],
  [
    'stop_exit_codes',
    'a code can not end it for good',
    'Write restart: { policy: on-failure, success_codes: [0] }',
  ],
];
const QUIET =
  'name script cmd args cwd interpreter exec_interpreter interpreter_args node_args instances exec_mode env autorestart max_restarts min_uptime restart_delay exp_backoff_restart_delay kill_timeout wait_ready listen_timeout shutdown_with_message out_file output log log_file combine_logs merge_logs pid_file pid namespace treekill kill_signal uid gid user namespace version filter_env';

function appKeys(app: unknown, script: string, path: ConfigPath, theirs: string, tell: Tell): ServiceKeys {
  tellOfLost(app, path, theirs, tell);
  const ms = (key: string): number | undefined => durationMs(get(app, key), 1);
  const folder = textAt(app, 'cwd');
  const isTold = truthAt(app, 'wait_ready') === true;
  const isMessage = truthAt(app, 'shutdown_with_message') === true;
  const listenMs = ms('listen_timeout') ?? 3000;
  if (isTold)
    tell(
      [...path, 'wait_ready'],
      `"${theirs}" has failed if it does not say that it is ready within ${duration(listenMs)}`,
      'Write another within; pm2 took it for ready then',
    );
  if (isMessage && !isTold)
    tell(
      [...path, 'shutdown_with_message'],
      `"${theirs}" is asked to stop by a signal alone`,
      'Write ready: { notify: node } if it tells that it is ready: then the message comes too',
    );
  const user = textAt(app, 'uid') ?? textAt(app, 'user');
  const group = textAt(app, 'gid');
  if (group !== undefined)
    tell([...path, 'gid'], `"gid" of "${theirs}" is left out`, `Write group: ${group}`);
  const file =
    textAt(app, 'log_file') ?? textAt(app, 'log') ?? textAt(app, 'out_file') ?? textAt(app, 'output');
  return {
    command: commandOf(app, script).map(literal),
    ...(folder !== undefined && { cwd: literal(folder) }),
    env: mapped(variablesOf(get(app, 'env')), literal),
    ...(user !== undefined && { user: literal(user) }),
    ...(isTold && { ready: { notify: 'node', within: duration(listenMs) } }),
    restart: restartOf(app, ms),
    on_failure: 'ignore',
    stop: {
      signal: signalOf(textAt(app, 'kill_signal')) ?? 'SIGINT',
      grace: duration(ms('kill_timeout') ?? 1600),
      ...(truthAt(app, 'treekill') === false && { target: 'main' }),
    },
    ...(file !== undefined &&
      !/^(?:\/dev\/.*|null)$/i.test(file) && { log: { file: literal(file), max_size: 'none' } }),
    ...labelsOf(app),
  };
}

function labelsOf(app: unknown): ServiceKeys {
  const namespace = textAt(app, 'namespace');
  return namespace === undefined || namespace === 'default'
    ? {}
    : { labels: { namespace: literal(namespace) } };
}

function commandOf(app: unknown, script: string): readonly string[] {
  const args = get(app, 'args');
  const after = Array.isArray(args) ? textsOf(args) : (shellWords(scalarText(args) ?? '') ?? textsOf(args));
  const [program = script, ...more] = shellWords(script) ?? [script];
  const given = textAt(app, 'interpreter') ?? textAt(app, 'exec_interpreter');
  const extension = /\.(\w+)$/.exec(program)?.[1] ?? '';
  const interpreter = given ?? (Object.hasOwn(INTERPRETERS, extension) ? INTERPRETERS[extension] : undefined);
  const options = textsOf(get(app, 'node_args') ?? get(app, 'interpreter_args')).flatMap(
    (one) => shellWords(one) ?? [one],
  );
  const before = interpreter === undefined || interpreter === 'none' ? [] : [interpreter, ...options];
  return [...before, program, ...more, ...after];
}

function restartOf(app: unknown, ms: (key: string) => number | undefined): Value {
  if (truthAt(app, 'autorestart') === false) return 'no';
  const backOffMs = ms('exp_backoff_restart_delay');
  const delayMs = backOffMs ?? ms('restart_delay') ?? 0;
  return {
    policy: 'always',
    // So many that did not live for min_uptime, one after the other.
    max: Math.max(0, Math.round(numberAt(app, 'max_restarts') ?? 16)),
    window: duration(1),
    delay: delayMs === 0 ? '0s' : duration(delayMs),
    ...(backOffMs === undefined ? { factor: 1 } : { factor: 1.5, max_delay: '15s' }),
    reset_after: duration(ms('min_uptime') ?? 1000),
  };
}

function tellOfLost(app: unknown, path: ConfigPath, theirs: string, tell: Tell): void {
  for (const [key] of entriesOf(app)) {
    const at = [...path, key];
    const row = LOST.find(([words]) => words.split(' ').includes(key));
    if (row !== undefined && get(app, key) !== undefined && withoutSource(get(app, key)) !== false)
      tell(at, `"${key}" of "${theirs}" is left out: ${row[1]}`, row[2]);
    else if (row === undefined && key.startsWith('env_'))
      tell(
        at,
        `"${key}" of "${theirs}" is left out: there are no environments`,
        'Write a file with those env, and give it too: -f supervisor.yaml -f production.yaml',
      );
    else if (row === undefined && !QUIET.split(' ').includes(key))
      tell(at, `"${key}" of "${theirs}" is left out: it is not known`);
  }
  const instances = textAt(app, 'instances');
  const isCluster = /^cluster/.test(textAt(app, 'exec_mode') ?? '');
  if ((instances !== undefined && instances !== '1') || isCluster)
    tell(
      [...path, instances === undefined ? 'exec_mode' : 'instances'],
      `"${theirs}" is one process: no port is shared between instances`,
      'Let the program use node:cluster, or a port for each replica and a proxy before them',
    );
}
