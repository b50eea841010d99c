/**
 * A program with the rights that were granted to it: what is spawned in its place, and why it can't be started.
 */
import { describeExit } from '../../events/describe.ts';
import type { Exit } from '../../events/event.ts';
import type { Rights } from '../ports.ts';
import { findProgram } from '../spawn/find-program.ts';
import { explainLoader } from '../spawn/program-loader.ts';
import type { SpawnExplanation } from '../spawn/spawn-failure.ts';
import { type Report, wrapCommand } from './wrap-command.ts';

export interface Program {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface WrappedProgram extends Program {
  readonly ids: Rights['ids'];
  /** A shell reports: see `read-report.ts`. */
  readonly reports: boolean;
  /** It can't be executed, as can be seen from here: don't spawn it, the wrapper would only say so in its own words. */
  readonly error: NodeJS.ErrnoException | undefined;
}

/** With `reports` a shell, if there is one, says how far it came. */
export function wrapProgram(program: Program, rights: Rights | undefined, reports: boolean): WrappedProgram {
  if (rights?.script === undefined) return { ...program, ids: rights?.ids, reports: false, error: undefined };
  const { argv, cwd, env } = program;
  const lookup = findProgram(argv[0] ?? '', cwd, env.PATH);
  const path = lookup.kind === 'found' ? lookup.path : undefined;
  const isHopeless = path === undefined ? lookup.kind !== 'unreachable' : explainLoader(path, undefined);
  return {
    argv: wrapCommand(rights, { argv, cwd, env, path, reports }),
    cwd,
    env,
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
      why: `its folder ${JSON.stringify(cwd)} may not be entered by ${who}; change its permissions, or "cwd"`,
    };
  if (report === 'program')
    return {
      reason: 'not-executable',
      why: `${JSON.stringify(argv[0])} may not be executed by ${who}; look at its permissions and those of its folders`,
    };
  return {
    reason: 'other',
    why: `what gives it its user and limits ${describeExit(exit)} before it was executed; its output says why`,
  };
}
