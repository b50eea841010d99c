/**
 * The command line that gives a command its rights and then executes it, with the same pid. Pure.
 *
 * A service reports on a descriptor of its own how far it came, so that a missing program is told in our words and not
 * in those of a shell: `started` right before the command is executed, or what its user may not do.
 */
import type { Rights } from '../ports.ts';

/** Where the shell reports. The notify channel is at 3. */
export const REPORT_FD = 4;

export type Report = 'started' | 'folder' | 'program';

export interface WrapOptions {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where the program was found; undefined: we may not look there, its user perhaps may. */
  readonly path: string | undefined;
  readonly reports: boolean;
}

/** What shells set by themselves. */
const SHELL_VARIABLES = ['PWD', 'OLDPWD', 'SHLVL'];

export function wrapCommand(rights: Rights, options: WrapOptions): readonly string[] {
  const { argv, cwd, env, path, reports } = options;
  if (rights.script === undefined) return argv;
  const foreign = SHELL_VARIABLES.filter((name) => !(name in env));
  const setUp = [
    ...(rights.script === '' ? [] : [rights.script]),
    ...(foreign.length === 0 ? [] : [`unset ${foreign.join(' ')}`]),
  ];
  const shell = [...rights.before, '/bin/sh', '-c'];
  if (!reports) return [...shell, [...setUp, 'exec "$@"'].join('; '), 'sh', ...argv];
  // A file system may be closed to root and open to its users (NFS): then the shell looks along the PATH.
  const isPath = argv[0]?.includes('/') ?? false;
  const mayExecute = isPath ? '[ -x "$2" ]' : '[ -x "$2" ] || command -v "$3" >/dev/null 2>&1';
  const script = [
    ...setUp,
    `[ -x "$1/." ] || { ${report('folder')}; exit 126; }`,
    `${mayExecute} || { ${report('program')}; exit 126; }`,
    report('started'),
    'shift 2',
    `exec ${REPORT_FD}>&- "$@"`,
  ];
  return [...shell, script.join('; '), 'sh', cwd, path ?? argv[0] ?? '', ...argv];
}

function report(text: Report): string {
  return `echo ${text} >&${REPORT_FD}`;
}
