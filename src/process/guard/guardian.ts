/**
 * The guardian of a run: a shell in a session of its own, which outlives a SIGKILL of ours and then kills what we
 * spawned. It doesn't keep us alive, and a farewell ends it.
 *
 * Whoever starts it owns it, and says farewell. If it is killed or stopped, which is told, another takes its place with
 * all that it knew; how often is decided by `decideGuardian`. Without a shell there is none.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { describeExit } from '../../events/describe.ts';
import type { Exit } from '../../events/fact-shape.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { watchForStop } from '../helper/watch-for-stop.ts';
import { ownChild } from '../own-children.ts';
import { findProgram } from '../spawn/find-program.ts';
import { GUARDIAN_IGNORES, GUARDIAN_SCRIPT } from './guardian-script.ts';

export interface Guardian {
  /** A line of what it has to know, written at once. Before `start` and after the end nothing happens. */
  tell(line: string): void;
  /** All is well: it ends. Settles when it has, so that nobody finds its zombie; within a second. Never rejects. */
  farewell(): Promise<void>;
}

export interface GuardianOptions {
  readonly run: string;
  /** Gives all it has to know when it begins, as it is at that moment. */
  readonly everything: () => string;
  /** Hears, a sentence, that it was ended or stopped, and what follows. */
  readonly onTrouble: (text: string) => void;
}

const SHELL = '/bin/sh';
/** It has nothing to do then but to end. */
const FAREWELL_MS = 250;
const KILL_MS = 100;

/** Never throws. */
export function startGuardian({ run, everything, onTrouble }: GuardianOptions): Guardian {
  let child: ChildProcess | undefined;
  let endsMs: readonly number[] = [];
  let wasStopped = false;
  let ended = false;

  const write = (text: string): void => {
    if (child?.stdin?.writable === true) child.stdin.write(text);
  };

  const begin = (): void => {
    wasStopped = false;
    child = spawnShell(run);
    if (child === undefined) return;
    child.once('exit', (code, signal) => {
      const pid = child?.pid ?? 0;
      child = undefined;
      if (ended) return;
      const exit =
        signal === null
          ? ({ kind: 'code', code: code ?? 0 } as const)
          : ({ kind: 'signal', signal } as const);
      const how = wasStopped ? 'was stopped' : describeExit(exit);
      const decision = decideGuardian(endsMs, performance.now());
      if (decision.kind === 'give-up' || hadBegun(exit)) onTrouble(guardianNote(pid, how, decision.kind));
      if (decision.kind === 'give-up') return watch.end();
      endsMs = decision.endsMs;
      begin();
    });
    const told = everything();
    if (told !== '') write(told);
  };

  // Nothing is to be got from one that stands still when we die: it goes as if it had ended.
  const watch = watchForStop(
    () => child?.pid,
    () => {
      wasStopped = true;
      child?.kill('SIGKILL');
    },
  );

  begin();
  return {
    tell: write,
    async farewell() {
      ended = true;
      watch.end();
      const leaving = child;
      if (leaving === undefined) return;
      const gone = new Promise<void>((resolve) => leaving.once('exit', () => resolve()));
      write('q\n');
      leaving.stdin?.end();
      if (await isWithin(gone, FAREWELL_MS)) return;
      leaving.kill('SIGKILL');
      await isWithin(gone, KILL_MS);
    },
  };
}

/** What the guardian needs and isn't here: a clause; undefined: it can do its work. */
export function missingForGuardian(searchPath: string | undefined): string | undefined {
  if (findProgram(SHELL, '/', searchPath).kind !== 'found') return `there is no ${SHELL}`;
  if (findProgram('grep', '/', searchPath).kind !== 'found') return 'there is no "grep" on the PATH';
  return undefined;
}

async function isWithin(happening: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([happening.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function spawnShell(run: string): ChildProcess | undefined {
  try {
    // Its script comes as a variable, so that a list of processes shows one short line.
    const child = ownChild(
      spawn(SHELL, ['-c', 'eval "$GUARDIAN"', 'orderly-guardian', run], {
        cwd: '/',
        env: { PATH: process.env.PATH ?? '/usr/bin:/bin', GUARDIAN: GUARDIAN_SCRIPT },
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
      }),
    );
    child.unref();
    (child.stdin as Socket | null)?.unref();
    child.stdin?.on('error', () => {});
    child.on('error', () => {});
    return child.pid === undefined ? undefined : child;
  } catch {
    // No memory for another process, or the like.
    return undefined;
  }
}

export const MOST_ENDS = 5;
export const WINDOW_MS = 60_000;

type GuardianDecision =
  | { readonly kind: 'replace'; readonly endsMs: readonly number[] }
  | { readonly kind: 'give-up' };

/**
 * Whether a guardian that has ended, or was stopped, is replaced. Pure. Who ends it again and again means it, or nothing can live here:
 * then the services run without one, and that is said. `endsMs`: when those before it ended, as the last decision gave them.
 */
export function decideGuardian(endsMs: readonly number[], nowMs: number): GuardianDecision {
  const recent = [...endsMs.filter((atMs) => atMs > nowMs - WINDOW_MS), nowMs];
  return recent.length < MOST_ENDS ? { kind: 'replace', endsMs: recent } : { kind: 'give-up' };
}

/**
 * Whether a guardian that ended like this was one already. Pure. Until it leads a session of its own what is sent to our
 * group reaches it too, a Ctrl-C for example, and ends it: another begins, which nobody needs to hear of.
 */
export function hadBegun(exit: Exit): boolean {
  return exit.kind !== 'signal' || !GUARDIAN_IGNORES.split(' ').includes(exit.signal.slice('SIG'.length));
}

/** `how`: what became of it, a clause. */
export function guardianNote(pid: number, how: string, next: 'replace' | 'give-up'): string {
  const guardian = `the guardian (pid ${pid}), which kills the services should orderly be killed, ${how}`;
  if (next === 'replace') return `${guardian}: another has taken its place`;
  return (
    `${guardian}, as ${MOST_ENDS - 1} others within ${formatDuration(WINDOW_MS)}: no other is started; ` +
    'should orderly be killed with SIGKILL now, what it leaves runs on until the next "orderly up" removes it'
  );
}
