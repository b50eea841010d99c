/**
 * `spawn`, with every way to fail made into one value.
 *
 * Node reports some failures by throwing, some by an event after the call, and may leave half-made streams behind.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { ChildExit, Exit } from '../../events/fact-shape.ts';
import { ownChild } from '../own-children.ts';

export interface SpawnRequest {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdio: StdioOptions;
  /** Whom it becomes before it is executed; undefined: us. */
  readonly ids?: { readonly uid: number; readonly gid: number } | undefined;
  /** It leads a session of its own; else it stays in ours, and in our process group. */
  readonly ownSession: boolean;
  /** Does the spawn at a place of its own. */
  readonly inside?: Inside | undefined;
  /** Called before anything else can happen: in the turn of the fork, with the pid. */
  readonly onSpawned?: (pid: number) => void;
}

/** Calls it, once and at once, and returns what it returned. */
export type Inside = <Result>(spawn: () => Result) => Result;

/** A child with its pid, or what Node said. */
export type Spawned<End = Exit> =
  | {
      readonly kind: 'spawned';
      readonly child: Pick<ChildProcess, 'stdio'>;
      readonly pid: number;
      /** Settles when it ends, also if nobody has asked yet. Never rejects. */
      readonly exit: Promise<End>;
    }
  | { readonly kind: 'refused'; readonly error: NodeJS.ErrnoException };

/** The fork happens in the call; the promise is settled in the same turn of the loop. Never rejects. */
export async function spawnChild(request: SpawnRequest): Promise<Spawned<ChildExit>> {
  const { argv, cwd, env, stdio, ids, ownSession, inside = anywhere } = request;
  const options = { cwd, env, stdio, detached: ownSession, ...ids };
  let child: ChildProcess;
  try {
    child = inside(() => ownChild(spawn(argv[0] ?? '', argv.slice(1), options)));
  } catch (error) {
    return { kind: 'refused', error: error as NodeJS.ErrnoException };
  }
  const { pid } = child;
  if (pid !== undefined) {
    request.onSpawned?.(pid);
    // After the spawn this event only tells that a signal could not be sent: we send them ourselves.
    child.on('error', () => {});
    return { kind: 'spawned', child, pid, exit: exitOf(child) };
  }
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => child.once('error', resolve));
  // For want of descriptors there may be no streams at all, whatever their types say.
  for (const stream of (child.stdio as typeof child.stdio | undefined) ?? []) stream?.destroy();
  return { kind: 'refused', error };
}

/** At no place in particular. */
export const anywhere: Inside = (spawn) => spawn();

function exitOf(child: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      resolve(signal === null ? { kind: 'code', code: code ?? 0 } : { kind: 'signal', signal }),
    );
  });
}
