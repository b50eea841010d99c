/**
 * The TCP sockets of the network that this process is in, as `/proc/net/tcp` and `/proc/net/tcp6` list them.
 *
 * Listening sockets stand first, and the kernel makes the lines while they are read: to find one of them costs
 * microseconds, to read on to the end some milliseconds, however few there are. So nothing is read ahead at first.
 */
import { type FileHandle, open } from 'node:fs/promises';
import {
  concernsPort,
  isListening,
  type SocketFields,
  type SocketRow,
  splitSocketLine,
  toSocketRow,
} from './socket-row.ts';

export type SocketTable = 'tcp' | 'tcp6';

/** Less than two lines. */
const FIRST_READ_BYTES = 160;
const LARGEST_READ_BYTES = 65_536;

/** The listening sockets at a port. Throws if there is no such table. */
export async function* listeningSockets(table: SocketTable, port: number): AsyncGenerator<SocketRow> {
  for await (const fields of socketsOf(table)) {
    if (!isListening(fields)) return;
    if (concernsPort(fields, port)) yield toSocketRow(fields);
  }
}

/** The sockets that are no longer listening or never were, with the port at one of their ends. */
export async function* connectedSockets(table: SocketTable, port: number): AsyncGenerator<SocketRow> {
  for await (const fields of socketsOf(table)) {
    if (!isListening(fields) && concernsPort(fields, port)) yield toSocketRow(fields);
  }
}

async function* socketsOf(table: SocketTable): AsyncGenerator<SocketFields> {
  const file = await open(`/proc/net/${table}`);
  try {
    for await (const line of linesOf(file)) {
      const fields = splitSocketLine(line);
      if (fields !== undefined) yield fields;
    }
  } finally {
    await file.close();
  }
}

async function* linesOf(file: FileHandle): AsyncGenerator<string> {
  let rest = '';
  for (let size = FIRST_READ_BYTES, reads = 1; ; reads++) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, null);
    if (bytesRead === 0) return;
    const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    // So many listening sockets are rare: from here on it is connections, and perhaps a great many.
    if (reads > 32) size = Math.min(size * 2, LARGEST_READ_BYTES);
  }
}
