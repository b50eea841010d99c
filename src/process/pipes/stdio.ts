/**
 * The descriptors of one child: what it gets, and what reads the other ends.
 *
 * Pipes of the helper, else FIFOs if there are any, else the sockets that Node calls pipes. The child's ends of the FIFOs are closed with the
 * spawn, whatever came of it, so that the end of the child can be the end of the stream.
 */
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { ChildStream, OurEnds } from './child-stream.ts';
import type { Fifo } from './fifo.ts';
import { type PipeReader, type PipeReceiver, readDescriptor, readSocket } from './pipe-reader.ts';

/** A descriptor that the child writes to. */
export interface Outlet {
  readonly fd: 1 | 2 | 3;
  readonly receiver: PipeReceiver;
  /** It has to be a socket, since it is written to as well. */
  readonly twoWay?: boolean;
}

export type StandardEnds = readonly [ChildStream, ChildStream, ChildStream];

export interface ChildStdio {
  readonly stdio: readonly ChildStream[];
  /** Call once when the spawn has been made; one reader for each outlet, and what holds an open standard input. */
  read(ends: OurEnds): readonly PipeReader[];
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
  const stdio: ChildStream[] = [...rest];
  for (const { outlet, fifo } of pipes)
    stdio[outlet.fd] = outlet.twoWay ? 'socket' : (fifo?.writeFd ?? 'pipe');
  const closeWriteEnds = (): void => {
    for (const { fifo } of pipes) if (fifo !== undefined) closeSync(fifo.writeFd);
  };
  return {
    stdio,
    read(ends) {
      closeWriteEnds();
      const [stdin] = ends;
      const input = rest[0] === 'pipe' && stdin instanceof Socket ? [heldOpen(stdin)] : [];
      const readers = pipes.map(({ outlet, fifo }) => {
        const end = fifo?.readFd ?? ends[outlet.fd];
        return typeof end === 'number'
          ? readDescriptor(end, outlet.receiver)
          : readSocket(end as Socket, outlet.receiver);
      });
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
