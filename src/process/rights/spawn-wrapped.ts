/**
 * Spawns a program with its rights, and hears whether it came to be executed.
 */
import { Socket } from 'node:net';
import type { Exit } from '../../events/fact-shape.ts';
import type { HelperFile } from '../helper/wire.ts';
import type { ChildStream, OurEnds } from '../pipes/child-stream.ts';
import type { Rights } from '../rights-ports.ts';
import { type Spawned, type SpawnRequest, spawnChild } from '../spawn/spawn-child.ts';
import type { SpawnExplanation } from '../spawn/spawn-failure.ts';
import { explainReport, type Program, REPORT_FD, type Report, type WrappedProgram } from './wrap-program.ts';

export interface SpawnedWithRights {
  readonly spawned: Spawned;
  /** Undefined: there is nobody to report. */
  readonly report: Promise<Report | undefined> | undefined;
}

/** How and where it is spawned, whatever it is. */
export type SpawnPlace = Pick<SpawnRequest, 'stdio' | 'ownSession' | 'inside' | 'helper' | 'onSpawned'> & {
  /** What its streams are that are descriptors of ours. */
  readonly file?: HelperFile | undefined;
};

/** Settles as `spawnChild` does. Never rejects. */
export async function spawnWrapped(wrapped: WrappedProgram, place: SpawnPlace): Promise<SpawnedWithRights> {
  const { argv, cwd, env, ids, error, reports, direct } = wrapped;
  if (error !== undefined) return { spawned: { kind: 'refused', error }, report: undefined };
  const { stdio, file } = place;
  const spawned = await spawnChild({
    ...place,
    ...{ argv, cwd, env, ids },
    stdio: reports ? withReport(stdio) : stdio,
    direct: direct && { ...direct, stdio, file },
  });
  const isReported = reports && spawned.kind === 'spawned' && spawned.isDirect !== true;
  return { spawned, report: isReported ? readReport(spawned.ends) : undefined };
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

function withReport(stdio: readonly ChildStream[]): readonly ChildStream[] {
  const all = Array.from({ length: REPORT_FD }, (_, fd) => stdio[fd] ?? 'ignore');
  return [...all, 'pipe'];
}

// Hears from the shell that gives a service its rights how far it came.

const REPORTS: readonly string[] = ['started', 'folder', 'program'] satisfies readonly Report[];

/**
 * Undefined: it ended without a word, before it came to its own work. Call it in the very turn of the spawn. Never
 * rejects, and settles with the end of the process at the latest.
 */
function readReport(ends: OurEnds): Promise<Report | undefined> {
  const end = ends[REPORT_FD];
  const socket = typeof end === 'number' ? new Socket({ fd: end, writable: false }) : (end as Socket);
  return new Promise((resolve) => {
    let text = '';
    const finish = (): void => {
      const word = text.trim();
      resolve(REPORTS.includes(word) ? (word as Report) : undefined);
      socket.destroy();
    };
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('\n')) finish();
    });
    socket.on('error', finish);
    socket.on('close', finish);
    socket.on('end', finish);
  });
}
