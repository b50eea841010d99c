/**
 * Words of other tools (compose, process-compose, systemd, supervisord, Kubernetes, pm2, mprocs), with what to write here instead. Pure.
 *
 * A key is answered only where our own key of that meaning may stand: `retries` is `failures` in a health check, and nothing elsewhere.
 * The first row wins whose own key is known there.
 */

interface Row {
  /** One of ours, which must be possible in that place. */
  readonly ours: string;
  /** Theirs, in any case, with or without `_` and `-`. */
  readonly words: string;
  /** A line that can be written there. */
  readonly write: string;
  /** What else is to be said. */
  readonly more?: string;
}

const row = (ours: string, words: string, write: string, more?: string): Row => ({
  ...{ ours, words, write },
  ...(more !== undefined && { more }),
});

export const KEYS: readonly Row[] = [
  // The whole file.
  row('services', 'processes procs programs program apps', 'services: { api: { command: ./api } }'),
  row('shutdown', 'shutdown_timeout stop_timeout grace_period', 'shutdown: { budget: 30s }'),
  // A service.
  row(
    'command',
    'entrypoint cmd exec ExecStart script run start start_command shell args',
    'command: program --argument',
  ),
  row('cwd', 'working_dir working_directory workdir directory chdir dir root', 'cwd: folder'),
  row('env', 'environment environ env_vars envs variables', 'env: { NAME: value }'),
  row('env_file', 'environment_file env_files dotenv', 'env_file: .env'),
  row(
    'env_from',
    'env_cmds env_commands secrets',
    'env_from: { command: [op, inject, -i, dev.env] }',
    'The command prints lines NAME=value',
  ),
  row('ready', 'ready_log_line ready_log', 'ready: { log: listening }', 'It is a regular expression'),
  row(
    'ready',
    'start_secs initial_delay_seconds',
    'ready: { delay: 1s }',
    'Better say by what it is ready: tcp, http, exec or log',
  ),
  row('ready', 'timeout_start_sec start_period listen_timeout', 'ready: { tcp: 8080, within: 60s }'),
  row('ready', 'notify_access wait_ready', 'ready: { notify: systemd }', '"node" is process.send'),
  row(
    'ready',
    'healthcheck readiness_probe startup_probe readiness',
    'ready: { exec: pg_isready }',
    'Or tcp, http or log. What is checked again and again once it is ready is "health"',
  ),
  row(
    'health',
    'liveness_probe liveness',
    'health: { http: "http://127.0.0.1:8080/" }',
    'Or tcp, exec or log',
  ),
  row(
    'stop',
    'stop_grace_period termination_grace_period_seconds timeout_stop_sec stop_wait_secs kill_timeout',
    'stop: { grace: 10s }',
  ),
  row('stop', 'stop_signal kill_signal', 'stop: { signal: SIGINT }'),
  row(
    'stop',
    'exec_stop pre_stop lifecycle shutdown stop_command',
    'stop: { command: program --stop, grace: 10s }',
  ),
  row(
    'stop',
    'kill_mode stop_as_group kill_as_group',
    'stop: { target: group }',
    'Or main. A kill takes all of it in any case',
  ),
  row('before', 'exec_start_pre pre_start before_start pre_command', 'before: [./migrate.sh]'),
  row('cleanup', 'exec_stop_post post_stop after_stop', 'cleanup: [rm -f api.sock]'),
  row('restart', 'restart_policy auto_restart availability', 'restart: on-failure', 'Or always, or "no"'),
  row(
    'restart',
    'restart_sec backoff_seconds restart_delay exp_backoff_restart_delay',
    'restart: { delay: 1s }',
  ),
  row('on_end', 'exit_on_end', 'on_end: shutdown'),
  row('restart', 'start_retries max_restarts start_limit_burst max_retries', 'restart: { max: 5 }'),
  row('restart', 'start_limit_interval_sec min_uptime', 'restart: { window: 60s }'),
  row('restart', 'exit_codes success_exit_status stop_exit_codes', 'restart: { success_codes: [0] }'),
  row(
    'depends_on',
    'depends dependencies requires wants needs after binds_to links priority',
    'depends_on: [db]',
  ),
  row(
    'log',
    'logging log_location stdout_logfile standard_output log_file out_file',
    'log: { file: api.log }',
  ),
  row('limits', 'ulimits limit_nofile minfds', 'limits: { nofile: 1024 }'),
  row('stdin', 'stdin_open interactive', 'stdin: open'),
  row('terminal', 'tty is_tty', 'terminal: true'),
  row('watchdog', 'watchdog_sec', 'watchdog: { within: 30s, source: systemd }'),
  row(
    'profiles',
    'autostart disabled',
    'profiles: [extra]',
    'It starts with --profile extra, or by its name',
  ),
  row('labels', 'metadata annotations namespace', 'labels: { team: web }'),
  row('type', 'oneshot remain_after_exit', 'type: task'),
  row('type', 'is_daemon', 'type: external', 'Its command is "up" then, and what stops it is "down"'),
  // A condition, a health check.
  row('exec', 'test', 'exec: pg_isready'),
  row('http', 'http_get', 'http: "http://127.0.0.1:8080/"'),
  row('tcp', 'tcp_socket port', 'tcp: 5432'),
  row('failures', 'retries failure_threshold', 'failures: 3'),
  row('interval', 'period_seconds period start_interval', 'interval: 5s'),
  row('timeout', 'timeout_seconds', 'timeout: 1s'),
  row('successes', 'success_threshold', 'successes: 1'),
  row(
    'within',
    'start_period initial_delay_seconds deadline retries failure_threshold',
    'within: 60s',
    'It counts from the spawn',
  ),
  row('headers', 'http_headers', 'headers: { Accept: text/plain }'),
  // How it is stopped and started again, what becomes of its output.
  row('grace', 'timeout timeout_seconds', 'grace: 10s'),
  row('policy', 'condition restart', 'policy: on-failure'),
  row('max', 'max_attempts max_restarts max_retries', 'max: 5'),
  row('delay', 'backoff_seconds backoff', 'delay: 1s'),
  row('file', 'path location', 'file: api.log'),
  row('optional', 'required', 'optional: true', 'That is "required: false"'),
];

/** What has no counterpart, and why. */
const NOT_HERE: readonly (readonly [ours: string, words: string, why: string])[] = [
  ['services', 'version', 'The format has no version'],
  ['services', 'networks volumes configs secrets', 'Services see the files and the network of this machine'],
  [
    'command',
    'image build dockerfile container_name pull_policy platform',
    'Services are programs of this machine: write what the image runs as "command". A container is one by command: [docker, run, --rm, IMAGE], or type: external with up: docker compose up -d NAME',
  ],
  [
    'command',
    'cap_add cap_drop cgroup_parent configs cpus cpu_shares cpuset credential_spec devices dns dns_search domainname ' +
      'hostname init ipc isolation external_links mac_address mem_limit mem_reservation memswap_limit oom_score_adj pid ' +
      'pids_limit privileged read_only runtime security_opt shm_size sysctls tmpfs userns_mode uts volumes_from',
    'It is a setting of a container, and services are processes of this machine; "user", "nice" and "limits" are to be had',
  ],
  [
    'command',
    'deploy scale replicas numprocs instances',
    'There is one of each: write another service with extends: NAME, or scale it in a program',
  ],
  [
    'command',
    'develop watch autoreload',
    'Nothing is restarted when a file changes: let a watcher be the command',
  ],
  ['command', 'description comment', 'Write it as a comment'],
  ['services', 'description log_level is_strict ordered_shutdown shell', 'There is nothing like it'],
  ['command', 'ports expose', 'A program opens its ports itself; ready: { tcp: 8080 } waits for one'],
  [
    'command',
    'volumes networks network_mode extra_hosts',
    'A service sees the files and the network of this machine',
  ],
];

export const VALUES: readonly Row[] = [
  row('always', 'unless_stopped true yes', 'always'),
  row('no', 'never false none', '"no"'),
  row('no', 'exit_on_failure', '"no"', 'What follows a failure says on_failure'),
  row('on-failure', 'on_failure unexpected on_abnormal', 'on-failure'),
  row('ready', 'service_healthy process_healthy healthy process_log_ready', 'ready'),
  row('started', 'service_started process_started', 'started'),
  row('completed', 'service_completed_successfully process_completed_successfully success', 'completed'),
  row('exited', 'process_completed service_completed', 'exited'),
  row('task', 'oneshot job exec', 'task'),
  row('service', 'simple daemon forking notify', 'service'),
];

const MAX_ATTEMPTS = /^on-failure:(\d{1,9})$/;

/** The remedy for a key that belongs to another tool; `isKnown`: which of ours may stand there. */
export function foreignKey(key: string, isKnown: (own: string) => boolean): string | undefined {
  const found = ownKey(key, isKnown);
  if (found !== undefined) return remedy(found);
  const none = NOT_HERE.find(([ours, words]) => isKnown(ours) && has(words, key));
  return none && `Leave it out. ${none[2]}`;
}

/** What stands for it here; undefined: nothing does. */
export function ownKey(key: string, isKnown: (own: string) => boolean): Row | undefined {
  return KEYS.find(({ ours, words }) => isKnown(ours) && has(words, key));
}

/** The remedy for a word that belongs to another tool, where one of these is possible. */
export function foreignValue(value: unknown, words: readonly string[]): string | undefined {
  const text = String(value);
  const attempts = MAX_ATTEMPTS.exec(text);
  if (attempts !== null && words.includes('on-failure'))
    return `Write restart: { policy: on-failure, max: ${Number(attempts[1])} }`;
  const found = VALUES.find((one) => words.includes(one.ours) && has(one.words, text));
  return found && remedy(found);
}

function remedy({ write, more }: Row): string {
  return more === undefined ? `Write ${write}` : `Write ${write}. ${more}`;
}

function has(words: string, word: string): boolean {
  const wanted = plain(word);
  return words.split(' ').some((one) => plain(one) === wanted);
}

const plain = (word: string): string => word.replace(/[_-]/g, '').toLowerCase();
