/**
 * The descriptors of one child: what it gets, and what reads the other ends.
 *
 * FIFOs if there are any, else the sockets that Node calls pipes. The child's ends of the FIFOs are closed with the
 * spawn, whatever came of it, so that the end of the child can be the end of the stream.
 */
import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Fifo } from './fifo.ts';
import { type PipeReader, type PipeReceiver, readDescriptor, readSocket } from './pipe-reader.ts';

/** A descriptor that the child writes to. */
export interface Outlet {
  readonly fd: 1 | 2 | 3;
  readonly receiver: PipeReceiver;
  /** It has to be a socket, since it is written to as well. */
  readonly twoWay?: boolean;
}

type End = 'ignore' | 'inherit' | 'pipe' | number;
export type StandardEnds = readonly [End, End, End];

export interface ChildStdio {
  readonly stdio: [End, End, End, ...End[]];
  /** Some of it are sockets: call `read` in the very turn of the spawn. */
  readonly hasSockets: boolean;
  /** Call once when the spawn has been made; one reader for each outlet, and what holds an open standard input. */
  read(child: Pick<ChildProcess, 'stdio'>): readonly PipeReader[];
  /** Call instead of `read` when it was not made, or has failed. */
  abandon(): void;
}

/** How many FIFOs the outlets need. */
export function countFifos(outlets: readonly Outlet[]): number {
  return outlets.filter((outlet) => !outlet.twoWay).length;
}

/**
 * `fifos`: as many as `countFifos` says, owned from now on; undefined: do without. What has no outlet is `rest`; the
 * descriptors among it stay the caller's.
 */
export function createStdio(
  outlets: readonly Outlet[],
  fifos: readonly Fifo[] | undefined,
  rest: StandardEnds = ['ignore', 'ignore', 'ignore'],
): ChildStdio {
  const left = [...(fifos ?? [])];
  const pipes = outlets.map((outlet) => ({ outlet, fifo: outlet.twoWay ? undefined : left.shift() }));
  const stdio: ChildStdio['stdio'] = [...rest];
  for (const { outlet, fifo } of pipes) stdio[outlet.fd] = fifo?.writeFd ?? 'pipe';
  const closeWriteEnds = (): void => {
    for (const { fifo } of pipes) if (fifo !== undefined) closeSync(fifo.writeFd);
  };
  return {
    stdio,
    hasSockets: pipes.some(({ fifo }) => fifo === undefined),
    read(child) {
      closeWriteEnds();
      const input = rest[0] === 'pipe' ? [heldOpen(child.stdio[0] as Socket)] : [];
      const readers = pipes.map(({ outlet, fifo }) =>
        fifo === undefined
          ? readSocket(child.stdio[outlet.fd] as Socket, outlet.receiver)
          : readDescriptor(fifo.readFd, outlet.receiver),
      );
      return [...readers, ...input];
    },
    abandon() {
      closeWriteEnds();
      for (const { fifo } of pipes) if (fifo !== undefined) closeSync(fifo.readFd);
    },
  };
}

/** Nothing is ever written to it; closed with the readers. */
function heldOpen(input: Socket): PipeReader {
  input.on('error', () => undefined);
  input.unref();
  return { drain() {}, hold() {}, close: () => void input.destroy() };
}
