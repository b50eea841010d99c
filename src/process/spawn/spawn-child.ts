/**
 * Spawns by the helper, else by Node, with every way to fail made into one value.
 *
 * Node reports some failures by throwing, some by an event after the call, and may leave half-made streams behind.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { ChildExit, Exit, ExitUsage } from '../../events/fact-shape.ts';
import type { Helper } from '../helper/helper.ts';
import type { HelperSpawned } from '../helper/helper-child.ts';
import type { HelperStream } from '../helper/wire.ts';
import { ownChild } from '../own-children.ts';
import type { ChildStream, OurEnds } from '../pipes/child-stream.ts';

export interface SpawnRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: readonly ChildStream[];
  /** Whom it becomes before it is executed; undefined: us. */
  readonly ids?: { readonly uid: number; readonly gid: number } | undefined;
  /** It leads a session of its own; else it stays in ours, and in our process group. */
  readonly ownSession: boolean;
  /** A place of its own to be spawned in. */
  readonly inside?: Inside | undefined;
  /** Who forks in our place, where it can; undefined: Node does. */
  readonly helper?: Helper | undefined;
  /** Called before anything else is done with it, with the pid. */
  readonly onSpawned?: (pid: number, byHelper: boolean) => void;
}

/** A cgroup to be spawned in. */
export interface Inside {
  /** For who can be born there; undefined: there is none. */
  folder(): string | undefined;
  /** Whoever was to be born there isn't there. */
  missed(): void;
  /** Calls it, once and at once, while we are there ourselves, and returns what it returned. */
  step<Result>(spawn: () => Result): Result;
}

/** A child with its pid, or what the system said. */
export type Spawned =
  | {
      readonly kind: 'spawned';
      readonly ends: OurEnds;
      readonly pid: number;
      /** Settles when it ends, also if nobody has asked yet. Never rejects. */
      readonly exit: Promise<Exit>;
      /** See `Instance.usage`. */
      readonly usage?: () => ExitUsage | undefined;
    }
  | { readonly kind: 'refused'; readonly error: NodeJS.ErrnoException };

/** By Node the fork happens in the call, and the promise is settled in the same turn of the loop. Never rejects. */
export async function spawnChild(request: SpawnRequest): Promise<Spawned> {
  const spawned = await spawnByHelper(request);
  if (spawned.kind === 'unable') return spawnByNode(request);
  if (spawned.kind === 'refused') return spawned;
  const { pid, exit, outlets, isOutside, usage } = spawned;
  if (isOutside) request.inside?.missed();
  request.onSpawned?.(pid, true);
  const left = [...outlets];
  const ends = request.stdio.map((stream, fd) => (isOutlet(stream, fd) ? left.shift() : undefined));
  return { kind: 'spawned', ends, pid, exit, usage };
}

async function spawnByHelper(request: SpawnRequest): Promise<HelperSpawned> {
  const { helper, argv, cwd, env, stdio, ids, ownSession, inside } = request;
  const isPlain = stdio.every((stream) => stream === 'ignore' || stream === 'pipe');
  if (helper?.isThere !== true || !ownSession || !isPlain) return { kind: 'unable' };
  const streams = stdio.map((stream, fd): HelperStream => {
    if (stream === 'ignore') return fd <= 2 ? 'null' : 'closed';
    return isOutlet(stream, fd) ? 'outlet' : 'inlet';
  });
  return helper.spawn({ argv, cwd, env, streams, ids, ownSession, cgroup: inside?.folder() });
}

/** What a program reads is its standard input alone. */
function isOutlet(stream: ChildStream, fd: number): boolean {
  return stream === 'pipe' && fd > 0;
}

async function spawnByNode(request: SpawnRequest): Promise<Spawned> {
  const { argv, cwd, env, ids, ownSession, inside = anywhere } = request;
  const options = { cwd, env, stdio: stdioOfNode(request.stdio), detached: ownSession, ...ids };
  let child: ChildProcess;
  try {
    child = inside.step(() => ownChild(spawn(argv[0] ?? '', argv.slice(1), options)));
  } catch (error) {
    return { kind: 'refused', error: error as NodeJS.ErrnoException };
  }
  const { pid } = child;
  if (pid !== undefined) {
    request.onSpawned?.(pid, false);
    // After the spawn this event only tells that a signal could not be sent: we send them ourselves.
    child.on('error', () => {});
    return { kind: 'spawned', ends: child.stdio, pid, exit: exitOf(child) };
  }
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => child.once('error', resolve));
  // For want of descriptors there may be no streams at all, whatever their types say.
  for (const stream of (child.stdio as typeof child.stdio | undefined) ?? []) stream?.destroy();
  return { kind: 'refused', error };
}

/** What Node calls a pipe is a socket. */
export function stdioOfNode(stdio: readonly ChildStream[]): StdioOptions {
  return stdio.map((stream) => (stream === 'socket' ? 'pipe' : stream));
}

/** At no place in particular. */
const anywhere: Inside = { folder: () => undefined, missed() {}, step: (spawn) => spawn() };

function exitOf(child: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'code', code: code ?? 0 } : { kind: 'signal', signal }),
    );
  });
}
