/**
 * Spawns by the helper, else by Node, with every way to fail made into one value.
 *
 * Node reports some failures by throwing, some by an event after the call, and may leave half-made streams behind.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { ChildExit, Exit, ExitUsage } from '../../events/fact-shape.ts';
import type { Helper } from '../helper/helper.ts';
import type { AskByHelper, HelperSpawned, SpawnError } from '../helper/helper-child.ts';
import type { HelperFile, HelperStream } from '../helper/wire.ts';
import { ownChild } from '../own-children.ts';
import type { ChildStream, OurEnds } from '../pipes/child-stream.ts';
import type { DirectRights } from '../rights-ports.ts';

export interface SpawnRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: readonly ChildStream[];
  /** What the helper is asked for in its place. */
  readonly direct?: DirectSpawn | undefined;
  /** Whom it becomes before it is executed; undefined: us. */
  readonly ids?: { readonly uid: number; readonly gid: number } | undefined;
  /** It leads a session of its own; else it stays in ours, and in our process group. */
  readonly ownSession: boolean;
  /** A place of its own to be spawned in. */
  readonly inside?: Inside | undefined;
  /** Who forks in our place, where it can; undefined: Node does. */
  readonly helper?: Helper | undefined;
  /** Called before anything else is done with it, with the pid. */
  readonly onSpawned?: OnSpawned;
}

/** `startTicks`: where it is known already. */
export type OnSpawned = (pid: number, byHelper: boolean, startTicks?: number) => void;

/** A program without anything in front of it. */
export interface DirectSpawn {
  readonly argv: readonly string[];
  readonly stdio: readonly ChildStream[];
  readonly rights: DirectRights;
  /** What its streams are that are descriptors of ours. */
  readonly file: HelperFile | undefined;
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
      /** Asks it where nobody else is in its cgroup; false, or undefined: it can't. */
      readonly signal?: (ask: AskByHelper) => boolean;
      /** Nothing stands in front of it. */
      readonly isDirect?: true;
    }
  | { readonly kind: 'refused'; readonly error: SpawnError };

/** By Node the fork happens in the call, and the promise is settled in the same turn of the loop. Never rejects. */
export async function spawnChild(request: SpawnRequest): Promise<Spawned> {
  const spawned = await spawnByHelper(request);
  if (spawned.kind === 'unable') return spawnByNode(request);
  if (spawned.kind === 'refused') return spawned;
  const { pid, exit, outlets, isOutside, usage, signal } = spawned;
  if (isOutside) request.inside?.missed();
  request.onSpawned?.(pid, true, spawned.startTicks);
  const left = [...outlets];
  const { stdio } = request.direct ?? request;
  const ends = stdio.map((stream, fd) => (isOutlet(stream, fd) ? left.shift() : undefined));
  const isDirect = request.direct && { isDirect: true as const };
  return { kind: 'spawned', ends, pid, exit, usage, signal, ...isDirect };
}

async function spawnByHelper(request: SpawnRequest): Promise<HelperSpawned> {
  const { helper, cwd, env, ids, ownSession, inside } = request;
  const { argv, stdio, rights, file } = request.direct ?? {
    ...request,
    ...{ rights: { ids: ids && { ...ids, groups: [] } }, file: undefined },
  };
  const canDo = (stream: ChildStream): boolean =>
    typeof stream === 'number' ? file !== undefined : stream === 'ignore' || stream === 'pipe';
  if (helper?.isThere !== true || !ownSession || !stdio.every(canDo)) return { kind: 'unable' };
  const streams = stdio.map((stream, fd): HelperStream => {
    if (typeof stream === 'number') return 'file';
    if (stream === 'ignore') return fd <= 2 ? 'null' : 'closed';
    return isOutlet(stream, fd) ? 'outlet' : 'inlet';
  });
  const cgroup = inside?.folder();
  const spawned = await helper.spawn({ argv, cwd, env, streams, file, rights, ownSession, cgroup });
  // What we have open can't be opened anew by everyone: a socket, a file that we couldn't open any more.
  const isOfFile = spawned.kind === 'refused' && spawned.error.step === 'streams' && file !== undefined;
  return isOfFile ? { kind: 'unable' } : spawned;
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
