/**
 * Children that connect back and obey: a test orders what a service does, and hears when it is done.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programPath } from './programs.ts';

/** One scripted child. */
export interface Puppet {
  readonly pid: number;
  /** Resolves with what it answers, once it has done it; rejects if it ends before. */
  order(name: string, ...args: readonly unknown[]): Promise<unknown>;
  /** Orders what it can't answer, since it ends by it. */
  orderLast(name: string, ...args: readonly unknown[]): void;
  /** The next thing it tells without being asked: a signal or a message it got. */
  hears(): Promise<unknown>;
}

export interface Stage {
  /** Makes a scripted child when executed. */
  readonly argv: readonly string[];
  /** The next child that connects. */
  arrival(): Promise<Puppet>;
  close(): void;
}

export async function createStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-stage-'));
  const path = join(folder, 'socket');
  const arrivals = createMailbox<Puppet>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    attachPuppet(socket, arrivals.put);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    argv: [process.execPath, programPath('scripted.js'), path],
    arrival: () => arrivals.take(),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function attachPuppet(socket: Socket, arrived: (puppet: Puppet) => void): void {
  const answers = createMailbox<unknown>();
  const heard = createMailbox<unknown>();
  const write = (order: string, args: readonly unknown[]): void =>
    void socket.write(`${JSON.stringify({ order, args })}\n`);
  socket.on('error', () => {});
  socket.on('close', () => {
    answers.fail(new Error('The scripted child has ended.'));
  });
  createInterface({ input: socket }).on('line', (line) => {
    const message = JSON.parse(line) as { pid?: number; done?: unknown };
    if (message.pid !== undefined) {
      arrived({
        pid: message.pid,
        order(name, ...args) {
          write(name, args);
          return answers.take();
        },
        orderLast: (name, ...args) => write(name, args),
        hears: () => heard.take(),
      });
    } else if ('done' in message) answers.put(message.done);
    else heard.put(message);
  });
}

interface Mailbox<Item> {
  put(item: Item): void;
  take(): Promise<Item>;
  fail(error: Error): void;
}

function createMailbox<Item>(): Mailbox<Item> {
  const items: Item[] = [];
  const takers: { resolve(item: Item): void; reject(error: Error): void }[] = [];
  let failure: Error | undefined;
  return {
    put(item) {
      const taker = takers.shift();
      if (taker === undefined) items.push(item);
      else taker.resolve(item);
    },
    take: () =>
      new Promise((resolve, reject) => {
        const item = items.shift();
        if (item !== undefined) resolve(item);
        else if (failure !== undefined) reject(failure);
        else takers.push({ resolve, reject });
      }),
    fail(error) {
      failure = error;
      for (const taker of takers.splice(0)) taker.reject(error);
    },
  };
}
