/**
 * Where the processes of an instance listen for TCP, looked up when somebody can't reach it, and never by itself.
 *
 * All who ask at about the same time share the look at the sockets and at the processes, and there are only some looks a
 * second, however many ask.
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Endpoint } from '../ports.ts';
import { createSlices } from '../slices.ts';
import { type ListenTable, listeningOf, readTcpTable } from './tree-listening.ts';

/** Of what is alive then, each place once, in the order of ports; nothing where the system doesn't tell. Never rejects. */
export type OwnListening = (alive: () => Promise<readonly number[]>) => Promise<readonly Endpoint[]>;

const APART_MS = 250;

export function createOwnListening(): OwnListening {
  let lookedMs = Number.NEGATIVE_INFINITY;
  let look: Promise<Look> | undefined;

  const begin = async (): Promise<Look> => {
    const restMs = lookedMs + APART_MS - performance.now();
    await (restMs > 0 ? setTimeout(restMs, undefined, { ref: false }) : setImmediate());
    lookedMs = performance.now();
    look = undefined;
    return { table: readTcpTable(), slice: createSlices() };
  };

  return async (alive) => {
    look ??= begin();
    try {
      const { table, slice } = await look;
      // Asked for in one turn, they share a look at the processes.
      const [pids, sockets] = await Promise.all([alive(), table]);
      const { places } = await listeningOf(pids, sockets, slice);
      return places.flatMap((place) => (place.protocol === 'unix' ? [] : [place]));
    } catch (error) {
      // The system is out of descriptors or memory: the next look may know.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return [];
    }
  };
}

interface Look {
  readonly table: Promise<ListenTable>;
  readonly slice: () => Promise<void>;
}
