/**
 * Spawns by posix_spawn(3) what Node can't: into a process group of its own that stays in our session, or with arguments
 * that are bytes and no text.
 *
 * Node waits for its own children alone, so this one is waited for here, at SIGCHLD; whoever reaps orphans leaves it. It
 * has our three standard streams and no other descriptor.
 */
import { constants } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import type { Exit } from '../../events/fact-shape.ts';
import type { LibraryHandle, Native } from '../native.ts';
import { exitOfWaitStatus, isStopStatus } from '../orphans/wait-status.ts';
import { ownPid } from '../own-children.ts';

export interface NativeSpawn {
  readonly path: string;
  /** Texts, or bytes where they are none. */
  readonly argv: readonly (string | Buffer)[];
  readonly env: readonly (string | Buffer)[];
  readonly cwd: string;
  readonly leads: 'group' | 'session';
  /** The terminal in the foreground of which its group is to be, a descriptor. */
  readonly terminal?: number | undefined;
  /** Called each time that it was stopped, by Ctrl-Z for instance, and waits to be continued. */
  readonly onStopped?: () => void;
}

export type NativeSpawned =
  | {
      readonly kind: 'spawned';
      readonly pid: number;
      readonly exit: Promise<Exit>;
      /** It had the terminal before it was executed. */
      readonly hasTerminal: boolean;
    }
  | { readonly kind: 'refused'; readonly error: NodeJS.ErrnoException };

export type NativeSpawner = (request: NativeSpawn) => NativeSpawned;

// Of <spawn.h>, the same in glibc and musl.
const SETPGROUP = 0x02;
const SETSIGDEF = 0x04;
const SETSIGMASK = 0x08;
const SETSID = 0x80;
/** More than either library's own structures take. */
const ATTRIBUTES = 1024;
const SIGNAL_SET = 128;
/** Of fcntl(2). */
const F_GETFL = 3;
const F_SETFL = 4;
const { O_NONBLOCK } = constants;
const WNOHANG = 1;
const WUNTRACED = 2;

/** Undefined: this system has nothing of the kind. */
export function nativeSpawner(native: Native): NativeSpawner | undefined {
  if (native.kind === 'missing' || process.platform !== 'linux') return undefined;
  const { koffi, libc } = native;
  try {
    const call = {
      initAttributes: libc.func('int posix_spawnattr_init(void *attr)'),
      setFlags: libc.func('int posix_spawnattr_setflags(void *attr, short flags)'),
      setGroup: libc.func('int posix_spawnattr_setpgroup(void *attr, int group)'),
      setDefaults: libc.func('int posix_spawnattr_setsigdefault(void *attr, void *set)'),
      setMask: libc.func('int posix_spawnattr_setsigmask(void *attr, void *set)'),
      initActions: libc.func('int posix_spawn_file_actions_init(void *actions)'),
      endActions: libc.func('int posix_spawn_file_actions_destroy(void *actions)'),
      addFolder: libc.func('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)'),
      addStream: libc.func('int posix_spawn_file_actions_adddup2(void *actions, int fd, int to)'),
      spawn: libc.func(
        'int posix_spawn(_Out_ int *pid, const char *path, void *actions, void *attr, void *argv, void *envp)',
      ),
      control: libc.func('int fcntl(int fd, int what, ...)'),
      wait: libc.func('int waitpid(int pid, _Out_ int *status, int options)'),
    };
    const addTerminal = newerFunction(libc);
    return ({ path, argv, env, cwd, leads, terminal, onStopped }) => {
      const attributes = Buffer.alloc(ATTRIBUTES);
      const actions = Buffer.alloc(ATTRIBUTES);
      call.initAttributes(attributes);
      call.setFlags(attributes, (leads === 'group' ? SETPGROUP : SETSID) | SETSIGDEF | SETSIGMASK);
      call.setGroup(attributes, 0);
      call.setDefaults(attributes, everySignal());
      call.setMask(attributes, Buffer.alloc(SIGNAL_SET));
      call.initActions(actions);
      call.addFolder(actions, cwd);
      // Node closes them in what is executed; a duplicate of itself stays open.
      for (const fd of [0, 1, 2]) {
        call.addStream(actions, fd, fd);
        // What Node does for its own children: most programs can't cope with a stream that doesn't wait.
        const flags: number = call.control(fd, F_GETFL);
        if ((flags & O_NONBLOCK) !== 0) call.control(fd, F_SETFL, 'int', flags & ~O_NONBLOCK);
      }
      // Else whoever spawns gives it, a moment later.
      const hasTerminal = terminal !== undefined && addTerminal?.(actions, terminal) === 0;
      const pid: [number] = [0];
      const vectors = [argv, env].map((texts) => pointers(texts, (buffer) => koffi.address(buffer)));
      const errno = call.spawn(pid, path, actions, attributes, vectors[0]?.list, vectors[1]?.list);
      call.endActions(actions);
      if (errno !== 0) return { kind: 'refused', error: errorOf(errno) };
      return { kind: 'spawned', pid: pid[0], hasTerminal, exit: exitOf(pid[0], call.wait, onStopped) };
    };
  } catch {
    // A C library without one of these functions.
    return undefined;
  }
}

/** In glibc since 2.35. */
function newerFunction(libc: LibraryHandle): ((actions: Buffer, terminal: number) => number) | undefined {
  try {
    return libc.func('int posix_spawn_file_actions_addtcsetpgrp_np(void *actions, int fd)');
  } catch {
    // An older one, or musl.
    return undefined;
  }
}

/** A vector for execve(2). What it points to lives as long as `texts` is held. */
function pointers(
  words: readonly (string | Buffer)[],
  addressOf: (buffer: Buffer) => bigint,
): { readonly list: Buffer; readonly texts: readonly Buffer[] } {
  const texts = words.map((word) => Buffer.concat([Buffer.from(word as string), Buffer.alloc(1)]));
  const list = Buffer.alloc((texts.length + 1) * 8);
  for (const [index, text] of texts.entries()) list.writeBigUInt64LE(addressOf(text), index * 8);
  return { list, texts };
}

/** But for the two that nobody can change, and those that the C library keeps. */
function everySignal(): Buffer {
  const set = Buffer.alloc(SIGNAL_SET);
  const kept = new Set([9, 19, 32, 33]);
  for (let number = 1; number <= 64; number++) {
    const at = (number - 1) >> 3;
    if (!kept.has(number)) set[at] = (set[at] ?? 0) | (1 << ((number - 1) & 7));
  }
  return set;
}

function errorOf(errno: number): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno);
  return Object.assign(new Error(`posix_spawn: ${code}`), { code, errno: -errno });
}

type Wait = (pid: number, status: [number], options: number) => number;

function exitOf(pid: number, wait: Wait, onStopped: (() => void) | undefined): Promise<Exit> {
  const release = ownPid(pid);
  return new Promise((resolve) => {
    const look = (): void => {
      const status: [number] = [0];
      while (wait(pid, status, WNOHANG | WUNTRACED) === pid) {
        if (isStopStatus(status[0])) {
          onStopped?.();
          continue;
        }
        process.removeListener('SIGCHLD', look);
        clearInterval(alive);
        release();
        resolve(exitOfWaitStatus(status[0]));
        return;
      }
    };
    // A listener keeps no program alive, and a signal may be lost among others.
    const alive = setInterval(look, 1000);
    process.on('SIGCHLD', look);
    setImmediate(look);
  });
}
