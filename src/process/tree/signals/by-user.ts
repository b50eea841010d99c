/**
 * Signals what we may not signal ourselves, through short-lived processes of its user: root without CAP_KILL may still
 * become that user (CAP_SETUID), and a user may signal his own.
 *
 * Who is to be signalled in the same turn shares a process, and there is one at a time for each user. They know nothing
 * but numbers.
 */

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ownChild } from '../../own-children.ts';
import { readGroup, readUsers } from '../proc/process-file.ts';
import { ownSignalRights } from './own-rights.ts';

interface Hand {
  /** Signals with their targets, one after the other. */
  waiting: string[];
  busy: boolean;
}

const SHELL = '/bin/sh';
/** How long it may take; it is mostly done in 5 ms. */
const PATIENCE_MS = 500;
const SCRIPT = 'while [ $# -gt 1 ]; do kill -s "$1" -- "$2"; shift 2; done';
/** The same where there is no shell. */
const NODE_SCRIPT =
  'for (let i = 1; i < process.argv.length; i += 2) try { process.kill(process.argv[i + 1], "SIG" + process.argv[i]) } catch {}';

const hands = new Map<number, Hand>();
/** Neither can be started. */
let isImpossible = false;

/** Whether it is tried, soon. `pid`: of a process, or of the leader of a group, negative. Never throws. */
export function sendByUser(pid: number, signals: readonly (NodeJS.Signals | number)[]): boolean {
  if (!canSendByUser()) return false;
  const [uid] = readUsers(Math.abs(pid));
  if (uid === undefined) return false;
  const hand = hands.get(uid) ?? { waiting: [], busy: false };
  hands.set(uid, hand);
  for (const signal of signals) hand.waiting.push(nameOf(signal), String(pid));
  const user = idsOf(uid, Math.abs(pid));
  queueMicrotask(() => flush(user, hand));
  return true;
}

/** As `kill -s` takes it: a number too. */
function nameOf(signal: NodeJS.Signals | number): string {
  return typeof signal === 'number' ? String(signal) : signal.slice('SIG'.length);
}

export function canSendByUser(): boolean {
  return !isImpossible && ownSignalRights().maySetUser;
}

function flush(user: Ids, hand: Hand): void {
  if (hand.busy || hand.waiting.length === 0) return;
  const targets = hand.waiting.splice(0);
  const hasShell = existsSync(SHELL);
  const child = hasShell
    ? spawnAs(user, [SHELL, '-c', SCRIPT, 'orderly-signal', ...targets], 'ignore')
    : spawnAs(user, [process.execPath, '-e', NODE_SCRIPT, ...targets], 'ignore');
  // Who isn't gone is signalled again.
  if (child === undefined) return;
  hand.busy = true;
  const done = (): void => {
    clearTimeout(patience);
    if (!hand.busy) return;
    hand.busy = false;
    flush(user, hand);
  };
  // That user may have stopped it: then it goes with the next.
  const patience = setTimeout(() => {
    if (child.pid !== undefined) hand.waiting.push('KILL', String(child.pid));
    done();
  }, PATIENCE_MS).unref();
  child.once('exit', done);
  child.once('error', ({ code }: NodeJS.ErrnoException) => {
    isImpossible ||= code === 'ENOENT' || code === 'EPERM' || code === 'EACCES';
    done();
  });
}

// Starts a short-lived process as another user, which root may do without CAP_KILL and CAP_SYS_PTRACE (CAP_SETUID).
//
// It gets no environment and no descriptors but for its output. Its user can stop it: whoever waits for it has an end.

interface Ids {
  readonly uid: number;
  readonly gid?: number;
}

/** `like`: a process of that user, of whose group it is too, if we may give it that. */
export function idsOf(uid: number, like: number): Ids {
  const gid = ownSignalRights().maySetGroup ? readGroup(like) : undefined;
  return gid === undefined ? { uid } : { uid, gid };
}

/** Undefined: no memory for another process, or the like. It doesn't keep us alive; its output, if we want it, does. */
export function spawnAs(
  ids: Ids,
  [program, ...args]: readonly [string, ...string[]],
  output: 'pipe' | 'ignore',
): ChildProcess | undefined {
  const options: SpawnOptions = {
    ...ids,
    cwd: '/',
    env: {},
    stdio: ['ignore', output, 'ignore'],
    detached: true,
  };
  try {
    const child = ownChild(spawn(program, args, options));
    child.unref();
    return child;
  } catch {
    return undefined;
  }
}
