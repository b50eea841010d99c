/**
 * Keys of process-compose that mean nothing here, each with what to do. Pure.
 */

type Row = readonly [words: string, why: string, hint: string];

const ROWS: readonly Row[] = [
  ['is_elevated', 'it has the rights of orderly', 'Write user: root, and start orderly as root'],
  [
    'schedule',
    'nothing is started by the clock, and it waits for a request',
    'Start it from cron or a systemd timer: orderly start NAME',
  ],
  [
    'log_configuration logger',
    'only the file, its size and how many are kept',
    'Write log: { file: NAME.log, max_size: 10MB, keep: 5 }',
  ],
  ['vars', 'templates are not filled in', 'Write the values themselves, or env and $NAME in the command'],
  ['mcp', 'it is no tool of its own', 'orderly agent lets an agent look at all of it and command it'],
  [
    'launch_timeout_seconds',
    'what brings it up has as long as its readiness',
    'Write ready: { tcp: PORT, within: 5s }',
  ],
  [
    'env_cmds',
    'no command is run for the values of variables',
    'Write them with env, or into a file for env_file',
  ],
  ['shell', 'a text is read by /bin/sh', "Write the command as a list: [bash, -c, 'script']"],
  [
    'is_strict is_tui_disabled disable_env_expansion ordered_shutdown',
    'there is nothing like it',
    'orderly check tells everything that is wrong',
  ],
];

const QUIET = new Set(
  (
    'version name processes environment log_level log_location log_length log_no_color ordered_shutdown is_tui_disabled ' +
    'command entrypoint working_dir env_file is_dotenv_disabled depends_on availability shutdown readiness_probe ' +
    'liveness_probe ready_log_line disabled is_daemon is_foreground is_tty namespace replicas description ' +
    'disable_ansi_colors dotenv extensions tui_settings theme'
  ).split(' '),
);

export function lostKey(key: string): readonly [why: string, hint: string] | undefined {
  if (QUIET.has(key) || key.startsWith('x-')) return undefined;
  const found = ROWS.find(([words]) => words.split(' ').includes(key));
  return found === undefined
    ? ['it is not known', 'README.md lists the keys of a service']
    : [found[1], found[2]];
}
