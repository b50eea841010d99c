/**
 * Signals what we may not signal ourselves, through short-lived processes of its user: root without CAP_KILL may still
 * become that user (CAP_SETUID), and a user may signal his own.
 *
 * Who is to be signalled in the same turn shares a process, and there is one at a time for each user. They know nothing
 * but numbers.
 */
import { spawn } from 'node:child_process';
import { ownChild } from '../orphans/own-children.ts';
import { ownSignalRights } from './own-signal-rights.ts';
import { readGroup, readUsers } from './process-user.ts';

interface Hand {
  /** Signals with their targets, one after the other. */
  waiting: string[];
  busy: boolean;
}

const SHELL = '/bin/sh';
const SCRIPT = 'while [ $# -gt 1 ]; do kill -s "$1" -- "$2"; shift 2; done';

const hands = new Map<number, Hand>();
/** A shell can't be started. */
let isImpossible = false;

/** Whether it is tried, soon. `pid`: of a process, or of the leader of a group, negative. Never throws. */
export function sendByUser(pid: number, signals: readonly NodeJS.Signals[]): boolean {
  if (!canSendByUser()) return false;
  const [uid] = readUsers(Math.abs(pid));
  if (uid === undefined) return false;
  const hand = hands.get(uid) ?? { waiting: [], busy: false };
  hands.set(uid, hand);
  for (const signal of signals) hand.waiting.push(signal.slice('SIG'.length), String(pid));
  const group = ownSignalRights().maySetGroup ? readGroup(Math.abs(pid)) : undefined;
  queueMicrotask(() => flush({ uid, ...(group === undefined ? {} : { gid: group }) }, hand));
  return true;
}

export function canSendByUser(): boolean {
  return !isImpossible && ownSignalRights().maySetUser;
}

function flush(ids: { readonly uid: number; readonly gid?: number }, hand: Hand): void {
  if (hand.busy || hand.waiting.length === 0) return;
  const targets = hand.waiting.splice(0);
  const done = (): void => {
    hand.busy = false;
    flush(ids, hand);
  };
  const options = { ...ids, cwd: '/', env: {}, stdio: 'ignore', detached: true } as const;
  try {
    const child = ownChild(spawn(SHELL, ['-c', SCRIPT, 'orderly-signal', ...targets], options));
    hand.busy = true;
    child.unref();
    child.once('exit', done);
    child.once('error', ({ code }: NodeJS.ErrnoException) => {
      isImpossible ||= code === 'ENOENT' || code === 'EPERM' || code === 'EACCES';
      done();
    });
  } catch {
    // No memory for another process, or the like: who isn't gone is signalled again.
  }
}
