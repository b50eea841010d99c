/**
 * The helper: a native process that forks in our place, and guards what it has spawned.
 *
 * A fork of Node copies the page tables of all of it, and stops the loop until the program is executed; the helper is
 * a few pages. What it spawns is its child, so it tells how each one ended, and reaps it only when we have heard of that:
 * until then the number is nobody else's. If we die it kills everything. If it dies, everything that it had spawned
 * is killed too, and whoever waits for it hears so.
 *
 * It doesn't keep us alive but for what it has spawned. Whoever starts it owns it, and says farewell.
 */
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Exit } from '../../events/fact-shape.ts';
import { adoptedBy, noteAdoptedExit } from '../orphans/adopted-exits.ts';
import { exitOfWaitStatus } from '../orphans/wait-status.ts';
import { ownPid } from '../own-children.ts';
import { sendSignal } from '../tree/signals/send-signal.ts';
import { createBatch } from './batch.ts';
import {
  abandon,
  errorOf,
  type HelperChild,
  type HelperSpawned,
  killLost,
  openOutlets,
} from './helper-child.ts';
import { watchForStop } from './watch-for-stop.ts';
import {
  closeFrame,
  createFrameReader,
  filesFrame,
  guardFrame,
  type HelperSignal,
  type HelperSpawn,
  MOST_CHILDREN,
  quitFrame,
  reapFrame,
  signalFrame,
  spawnFrame,
  type Told,
  vacateFrame,
} from './wire.ts';

export interface Helper {
  readonly pid: number;
  /** Orphans of what it has spawned become its children, and are reaped by it. */
  readonly isSubreaper: boolean;
  /** It lives, and takes spawns. */
  readonly isThere: boolean;
  /** Settles when the program is executed, or can't be. Never rejects. */
  spawn(request: HelperSpawn): Promise<HelperSpawned>;
  /** Removes a cgroup that nothing is in any more; one that isn't empty stays. False: it can't. */
  vacate(cgroup: string): boolean;
  /** The soft limit of open files that is given to what it spawns; and to us, if so. */
  limitFiles(soft: number, andUs: boolean): void;
  /** Lines that a guardian must know. */
  guard(lines: string): void;
  /** Who hears, once, a sentence's clause, how it ended before its farewell. */
  onLost(tell: (how: string) => void): void;
  /** All is well: it ends. Settles when it has, within a moment. Never rejects. */
  farewell(): Promise<void>;
}

/** A program that isn't executed within this time hangs on a file system: it is there, and can be killed. */
const EXECUTED_MS = 1_000;
const FAREWELL_MS = 250;

/** The helper as a process. */
export interface HelperProgram {
  readonly stdin: Socket;
  readonly stdout: Socket;
  /** Settles with how it ended, a clause. Never rejects. */
  readonly ended: Promise<string>;
  /** It was there before us, and will be there after us: it is not waited for. */
  readonly isInit: boolean;
  kill(): void;
}

/** Owns the program, which has been told hello. `onHello` hears its answer, of what version it is. */
export function createHelper(
  program: HelperProgram,
  pid: number,
  onHello: (version: number) => void,
): Helper {
  const { stdin, stdout } = program;
  const read = createFrameReader();
  const children = new Map<number, HelperChild>();
  const freeSlots: number[] = [];
  const toClose: number[] = [];
  const signals = createBatch<HelperSignal>((some) => write(signalFrame(some)));
  const toVacate = createBatch<string>((some) => write(vacateFrame(some)));
  const ended: { readonly child: HelperChild; readonly slot: number; readonly status: number }[] = [];
  let nextSlot = 0;
  let isSubreaper = false;
  let isThere = true;
  let isLeaving = false;
  let lost: string | undefined;
  let tellLost = (_how: string): void => {};

  const hold = (): void => {
    if (children.size > 0) stdout.ref();
    else stdout.unref();
  };

  const forget = (slot: number): void => {
    clearTimeout(children.get(slot)?.patience);
    children.delete(slot);
    hold();
  };

  /** With all else that is written in this turn. */
  const write = (bytes: Buffer): void => {
    if (!isThere) return;
    if (stdin.writableCorked === 0) {
      stdin.cork();
      queueMicrotask(() => stdin.uncork());
    }
    stdin.write(bytes);
  };

  const tellSpawned = (child: HelperChild, slot: number, isOutside: boolean): void => {
    if (child.isTold || child.trouble !== undefined) return;
    child.isTold = true;
    clearTimeout(child.patience);
    const { pid: itsPid, startTicks, outlets, exit } = child;
    child.resolve({
      ...{ kind: 'spawned', pid: itsPid, startTicks, outlets, isOutside, exit },
      usage: () => child.usage,
      signal({ notAlone, ...ask }) {
        if (!isThere || children.get(slot) !== child) return false;
        child.notAlone = notAlone;
        signals.add({ slot, ...ask });
        return true;
      },
    });
  };

  const tellRefused = (child: HelperChild, error: NodeJS.ErrnoException): void => {
    for (const fd of child.outlets) closeSync(fd);
    child.isTold = true;
    child.resolve({ kind: 'refused', error });
  };

  const onForked = (
    child: HelperChild,
    slot: number,
    forked: Extract<Told, { readonly kind: 'forked' }>,
  ): void => {
    child.pid = forked.pid;
    child.startTicks = forked.startTicks;
    child.release = ownPid(forked.pid);
    try {
      child.outlets = openOutlets(pid, forked.outlets);
    } catch (error) {
      child.trouble = error as NodeJS.ErrnoException;
      sendSignal(forked.pid, 'SIGKILL');
    }
    if (toClose.length === 0)
      queueMicrotask(() => {
        write(closeFrame(toClose.splice(0)));
      });
    toClose.push(slot);
    child.patience = setTimeout(() => tellSpawned(child, slot, false), EXECUTED_MS);
  };

  const endAll = (): void => {
    const heard = ended.splice(0);
    for (const { child, slot, status } of heard) {
      if (child.trouble !== undefined) tellRefused(child, child.trouble);
      child.end(exitOfWaitStatus(status));
      forget(slot);
    }
    // Who waits for them sees to it that their numbers aren't signalled any more, before they may become somebody else's.
    setImmediate(() => {
      for (const { child } of heard) child.release();
      const slots = heard.map(({ slot }) => slot);
      write(reapFrame(slots));
      freeSlots.push(...slots);
    });
  };

  const hear = (told: Told): void => {
    if (told.kind === 'hello') {
      isSubreaper = told.isSubreaper;
      if (isSubreaper) adoptedBy(() => isThere);
      onHello(told.version);
      return;
    }
    if (told.kind === 'adopted-ended') {
      noteAdoptedExit(told.pid, exitOfWaitStatus(told.status));
      return;
    }
    const { slot } = told;
    const child = children.get(slot);
    if (child === undefined) return;
    if (told.kind === 'forked') onForked(child, slot, told);
    else if (told.kind === 'executed') tellSpawned(child, slot, told.isOutside);
    else if (told.kind === 'not-alone') child.notAlone?.();
    else if (told.kind === 'ended') {
      // Its spawn may have been told of in this very turn. In the next one is read what it wrote before its end, and then
      // that is told, as Node does with its own children.
      if (ended.length === 0) setImmediate(() => setImmediate(endAll));
      const { cpuMs, peakBytes, status } = told;
      child.usage = { cpuMs, peakBytes };
      ended.push({ child, slot, status });
    } else {
      // Known to be there for so long that it was told of as if it ran.
      if (child.isTold) child.end({ kind: 'code', code: 127 });
      else tellRefused(child, errorOf(told.errno, told.step));
      freeSlots.push(slot);
      child.release();
      forget(slot);
    }
  };

  stdout.on('data', (chunk: Buffer) => {
    try {
      for (const told of read(chunk)) hear(told);
    } catch (error) {
      program.kill();
      throw error;
    }
  });
  // Nothing is spawned, reaped or guarded by one that stands still: it goes as if it had ended.
  let wasStopped = false;
  const watch = watchForStop(
    () => pid,
    () => {
      wasStopped = true;
      program.kill();
    },
  );
  void program.ended.then((how) => {
    isThere = false;
    watch.end();
    if (isLeaving) return;
    lost = wasStopped ? 'was stopped' : how;
    for (const [slot, child] of [...children]) {
      if (child.isTold) void killLost(child);
      else abandon(child);
      child.release();
      forget(slot);
    }
    tellLost(lost);
  });

  return {
    pid,
    get isSubreaper() {
      return isSubreaper;
    },
    get isThere() {
      return isThere;
    },
    spawn(request) {
      const slot = freeSlots.pop() ?? nextSlot;
      const bytes = isThere && slot < MOST_CHILDREN ? spawnFrame(slot, request) : undefined;
      if (bytes === undefined) {
        if (slot !== nextSlot) freeSlots.push(slot);
        return Promise.resolve({ kind: 'unable' });
      }
      if (slot === nextSlot) nextSlot += 1;
      return new Promise((resolve) => {
        let end = (_exit: Exit): void => {};
        const exit = new Promise<Exit>((settle) => {
          end = settle;
        });
        children.set(slot, {
          ...{ resolve, exit, end, pid: 0, startTicks: 0, outlets: [], isTold: false },
          ...{ notAlone: undefined, trouble: undefined, patience: undefined, usage: undefined },
          release() {},
        });
        hold();
        write(bytes);
      });
    },
    vacate(cgroup) {
      if (isThere) toVacate.add(cgroup);
      return isThere;
    },
    limitFiles: (soft, andUs) => write(filesFrame(soft, andUs)),
    guard: (lines) => write(guardFrame(lines)),
    onLost(tell) {
      tellLost = tell;
      if (lost !== undefined) tell(lost);
    },
    async farewell() {
      isLeaving = true;
      watch.end();
      if (!isThere) return;
      write(quitFrame());
      const patience = setTimeout(program.kill, FAREWELL_MS);
      if (program.isInit) await new Promise<void>((resolve) => stdin.end(resolve));
      else await program.ended;
      clearTimeout(patience);
    },
  };
}
