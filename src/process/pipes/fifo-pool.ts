/**
 * FIFOs made ahead, many with one `mkfifo`, for the output of services.
 *
 * What Node calls a pipe is a socket: `echo x > /dev/stderr` fails on it (ENXIO). A FIFO that everyone may write to also
 * works after a change of user. Nothing of it is left behind however we end. Where there is no `mkfifo`, or no folder
 * to write to, there are no FIFOs: take sockets instead.
 */
import { closeFifo, connectFifo, type Fifo, type IdleFifo } from './fifo.ts';
import { abandonFolder, makeFifos } from './make-fifos.ts';

export interface FifoPool {
  /** Has that many ready soon. Returns at once. */
  warm(count: number): void;
  /** That many, owned by the caller; undefined if they can't be had. Never rejects. */
  take(count: number): Promise<readonly Fifo[] | undefined>;
  /** Closes those that nobody took. Harmless when repeated. */
  dispose(): void;
}

interface Taker {
  readonly count: number;
  readonly resolve: (fifos: readonly Fifo[] | undefined) => void;
}

const SMALLEST_BATCH = 16;
/** Opening more in one turn would make the loop deaf for long. */
const LARGEST_BATCH = 256;

export function createFifoPool(): FifoPool {
  const idle: IdleFifo[] = [];
  const takers: Taker[] = [];
  let toMake = 0;
  let making = false;
  let folder: string | undefined;
  let closed = false;

  const serve = (): void => {
    for (;;) {
      const taker = takers[0];
      if (taker === undefined || (idle.length < taker.count && !closed)) return;
      takers.shift();
      taker.resolve(idle.length < taker.count ? undefined : connectAll(idle.splice(0, taker.count)));
    }
  };

  const refill = async (): Promise<void> => {
    if (making) return;
    making = true;
    while (!closed) {
      const asked = takers.reduce((sum, taker) => sum + taker.count, 0);
      const missing = Math.max(toMake, asked - idle.length);
      if (missing <= 0) break;
      const made = await makeFifos(Math.min(Math.max(missing, SMALLEST_BATCH), LARGEST_BATCH), (where) => {
        folder = where;
      });
      folder = undefined;
      idle.push(...made.fifos);
      toMake = made.kind === 'made' ? Math.max(0, toMake - made.fifos.length) : 0;
      // Who waits now goes without; who comes later tries again.
      if (made.kind === 'failed') for (const taker of takers.splice(0)) taker.resolve(undefined);
      if (made.kind === 'impossible') closed = true;
      if (closed) closeIdle();
      serve();
    }
    making = false;
  };

  const closeIdle = (): void => {
    for (const fifo of idle.splice(0)) closeFifo(fifo);
  };

  return {
    warm(count) {
      toMake = Math.max(toMake, count - idle.length);
      void refill();
    },
    take(count) {
      return new Promise((resolve) => {
        takers.push({ count, resolve });
        serve();
        if (takers.length > 0) void refill();
      });
    },
    dispose() {
      closed = true;
      if (folder !== undefined) abandonFolder(folder);
      closeIdle();
      serve();
    },
  };
}

/** All or none. */
function connectAll(idle: readonly IdleFifo[]): readonly Fifo[] | undefined {
  const fifos = idle.map((each) => connectFifo(each) ?? each);
  if (fifos.every(isConnected)) return fifos;
  for (const fifo of fifos) closeFifo(fifo);
  return undefined;
}

function isConnected(fifo: Fifo | IdleFifo): fifo is Fifo {
  return fifo.writeFd !== undefined;
}
