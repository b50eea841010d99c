/**
 * A program with the rights that were granted to it: what is spawned in its place, and why it can't be started.
 */
import { describeExit } from '../../events/describe.ts';
import type { Exit } from '../../events/fact-shape.ts';
import type { DirectRights, Rights } from '../rights-ports.ts';
import { findProgram } from '../spawn/find-program.ts';
import { explainLoader } from '../spawn/program-loader.ts';
import { mayNotEnter, mayNotExecute, type SpawnExplanation } from '../spawn/spawn-failure.ts';

export interface Program {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Whose rights are given to it by who spawns it: then nothing stands in front of it. */
export interface DirectProgram {
  readonly argv: readonly string[];
  readonly rights: DirectRights;
}

export interface WrappedProgram extends Program {
  /** The same by itself; undefined: it can't do without what stands in front. */
  readonly direct: DirectProgram | undefined;
  readonly ids: Rights['ids'];
  /** A shell reports: see `spawn-wrapped.ts`. */
  readonly reports: boolean;
  /** It can't be executed, as can be seen from here: don't spawn it, the wrapper would only say so in its own words. */
  readonly error: NodeJS.ErrnoException | undefined;
}

/** With `reports` a shell, if there is one, says how far it came. */
export function wrapProgram(program: Program, rights: Rights | undefined, reports: boolean): WrappedProgram {
  const { argv, cwd, env } = program;
  const given = rights === undefined ? {} : rights.direct;
  const direct = given && { argv, rights: given };
  if (rights?.script === undefined)
    return { ...program, direct, ids: rights?.ids, reports: false, error: undefined };
  const lookup = findProgram(argv[0] ?? '', cwd, env.PATH);
  const path = lookup.kind === 'found' ? lookup.path : undefined;
  const isHopeless = path === undefined ? lookup.kind !== 'unreachable' : explainLoader(path, undefined);
  return {
    argv: wrapCommand(rights, { argv, cwd, env, path, reports }),
    cwd,
    env,
    direct,
    ids: rights.ids,
    reports,
    error: isHopeless ? Object.assign(new Error('not executable'), { code: 'ENOENT' }) : undefined,
  };
}

/** Why a wrapped program was not executed, a clause as in `spawn-failure.ts`. */
export function explainReport(
  report: Exclude<Report, 'started'> | undefined,
  exit: Exit,
  { argv, cwd }: Program,
  { who = 'the user of orderly' }: Pick<Rights, 'who'>,
): SpawnExplanation {
  if (report === 'folder')
    return {
      reason: 'folder-not-found',
      why: mayNotEnter(cwd, who),
    };
  if (report === 'program')
    return {
      reason: 'not-executable',
      why: mayNotExecute(argv, who),
    };
  return {
    reason: 'other',
    why: `what gives it its user, limits or terminal ${describeExit(exit)} before it was executed; its output says why`,
  };
}

// The command line that gives a command its rights and then executes it, with the same pid. Pure.
//
// A service reports on a descriptor of its own how far it came, so that a missing program is told in our words and not
// in those of a shell: `started` right before the command is executed, or what its user may not do.

/** Where the shell reports. The notify channel is at 3. */
export const REPORT_FD = 4;

export type Report = 'started' | 'folder' | 'program';

interface WrapOptions {
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
