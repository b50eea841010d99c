/**
 * How a supervised program speaks to its supervisor: over the descriptor or the Node channel that it was started with.
 * Without either it speaks to nobody. It never throws, never waits for its reader, and keeps no process alive.
 */
import { fstatSync, writeSync } from 'node:fs';

/** What a program can say. */
export type Word =
  | { readonly kind: 'ready'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'status'; readonly text: string };

export interface Channel {
  readonly kind: 'fd' | 'node' | 'none';
  say(word: Word): void;
}

/** The part of `process` that it needs. */
export interface Surroundings {
  readonly env: Record<string, string | undefined>;
  readonly send?: ((message: unknown) => unknown) | undefined;
}

/** Takes the variable away: a child of this program has another descriptor of that number. */
export function openChannel(surroundings: Surroundings): Channel {
  const { env, send } = surroundings;
  const fd = Number(env.ORDERLY_NOTIFY_FD);
  delete env.ORDERLY_NOTIFY_FD;
  if (Number.isInteger(fd) && fd > 2 && isPipe(fd)) return createFdChannel(fd);
  return send === undefined ? silent : createNodeChannel((message) => send.call(surroundings, message));
}

const silent: Channel = { kind: 'none', say: () => undefined };

/** A line a word; the first is `ready`, with values a JSON object. */
function createFdChannel(fd: number): Channel {
  return {
    kind: 'fd',
    say(word) {
      try {
        writeSync(fd, `${lineOf(word)}\n`);
      } catch {
        // Full (EAGAIN), or its reader is gone (EPIPE): what matters to the program is its own work.
      }
    },
  };
}

function lineOf(word: Word): string {
  switch (word.kind) {
    case 'ready':
      return Object.keys(word.values).length === 0 ? 'ready' : JSON.stringify(word.values);
    case 'heartbeat':
      return 'heartbeat';
    case 'status':
      return `status ${word.text.replaceAll(/[\r\n]+/g, ' ')}`;
  }
}

function createNodeChannel(send: (message: unknown) => unknown): Channel {
  return {
    kind: 'node',
    say({ kind: type, ...content }) {
      try {
        send({ type, ...content });
      } catch {
        // Disconnected: its reader is gone.
      }
    },
  };
}

function isPipe(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}
