/**
 * Spawns a program with its rights, and hears whether it came to be executed.
 */
import type { StdioOptions } from 'node:child_process';
import type { Exit } from '../../events/event.ts';
import type { Rights } from '../ports.ts';
import { type Spawned, type SpawnRequest, spawnChild } from '../spawn/spawn-child.ts';
import type { SpawnExplanation } from '../spawn/spawn-failure.ts';
import { readReport } from './read-report.ts';
import { REPORT_FD, type Report } from './wrap-command.ts';
import { explainReport, type Program, type WrappedProgram } from './wrap-program.ts';

export interface SpawnedWithRights {
  readonly spawned: Spawned;
  /** Undefined: there is nobody to report. */
  readonly report: Promise<Report | undefined> | undefined;
}

/** How and where it is spawned, whatever it is. */
export interface SpawnPlace extends Pick<SpawnRequest, 'ownSession' | 'inside' | 'onSpawned'> {
  readonly stdio: StdioOptions & readonly unknown[];
}

/** Settled in the turn of the spawn, like `spawnChild`. Never rejects. */
export async function spawnWrapped(wrapped: WrappedProgram, place: SpawnPlace): Promise<SpawnedWithRights> {
  const { argv, cwd, env, ids, error, reports } = wrapped;
  if (error !== undefined) return { spawned: { kind: 'refused', error }, report: undefined };
  const { stdio } = place;
  const spawned = await spawnChild({
    ...place,
    ...{ argv, cwd, env, ids },
    stdio: reports ? withReport(stdio) : stdio,
  });
  return { spawned, report: reports && spawned.kind === 'spawned' ? readReport(spawned.child) : undefined };
}

/**
 * Settles when it is executed, or has ended without that: then it says why. It may never. Undefined: nobody will say.
 * Never rejects.
 */
export function whyNotExecuted(
  { spawned, report }: SpawnedWithRights,
  program: Program,
  rights: Rights | undefined,
): Promise<SpawnExplanation | undefined> | undefined {
  if (spawned.kind !== 'spawned' || report === undefined || rights === undefined) return undefined;
  return report.then(async (heard) => {
    if (heard === 'started') return undefined;
    const exit = await spawned.exit;
    return wasToldToEnd(exit) ? undefined : explainReport(heard, exit, program, rights);
  });
}

/** Whoever signals all of our processes reaches this one too: then it has ended early, and nothing is wrong with it. */
function wasToldToEnd(exit: Exit): boolean {
  return exit.kind === 'signal' && ['SIGTERM', 'SIGINT', 'SIGHUP'].includes(exit.signal);
}

function withReport(stdio: readonly unknown[]): StdioOptions {
  const all = Array.from({ length: REPORT_FD }, (_, fd) => stdio[fd] ?? 'ignore');
  return [...all, 'pipe'] as StdioOptions;
}
