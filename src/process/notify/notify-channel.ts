/**
 * The notify channel of an instance: its lines made into notifications, `closed` after all of them.
 */

import type { Values } from '../../events/fact-shape.ts';
import type { Outlet } from '../pipes/stdio.ts';
import type { Notification } from '../ports.ts';
import { CHANNEL_FD } from '../spawn/service-env.ts';

/** Longer than any message that means something. */
const LONGEST_LINE = 65_536;

/** A Node program is also written to, so its channel is a socket. */
export function createNotifyOutlet(
  kind: 'fd' | 'node',
  onNotification: (notification: Notification) => void,
): Outlet {
  const understand = kind === 'fd' ? createFdProtocol() : createNodeProtocol();
  const lines = createNotifyLines(LONGEST_LINE, (line) => {
    const notification = understand(line);
    if (notification !== undefined) onNotification(notification);
  });
  return {
    fd: CHANNEL_FD,
    twoWay: kind === 'node',
    receiver: { onChunk: (chunk) => lines.push(chunk), onEnd: () => onNotification({ kind: 'closed' }) },
  };
}

// The lines that a program writes to its notify descriptor. Pure.
//
// The protocol of s6 (https://skarnet.org/software/s6/notifywhenup.html): a first line, whatever it says, means
// ready. Here it may also be a JSON object, the values. The words `heartbeat` and `status TEXT` keep their meaning
// before it too: who tells that it is loading is not ready.

/** Says what each line means, in order; undefined: nothing. */
export function createFdProtocol(): (line: string) => Notification | undefined {
  let ready = false;
  return (line) => {
    const text = line.trim();
    if (text === 'heartbeat') return { kind: 'heartbeat' };
    if (/^status\s/.test(text)) return { kind: 'status', text: text.slice('status'.length).trim() };
    if (ready) return undefined;
    ready = true;
    const reported = text.startsWith('{') ? parseJson(text) : undefined;
    return { kind: 'ready', values: isObject(reported) ? toValues(reported) : {} };
  };
}

// Cuts what comes over a notify channel into lines. Memory is bounded: an endless line is dropped as a whole, since
// half a message means something else.

const NEWLINE = 0x0a;

interface NotifyLines {
  push(chunk: Buffer): void;
}

/** A line without its newline goes to `onLine`, unless it is longer than `limitBytes`. The last one needs a newline. */
export function createNotifyLines(limitBytes: number, onLine: (line: string) => void): NotifyLines {
  let pieces: Buffer[] = [];
  let length = 0;

  const keep = (piece: Buffer): void => {
    length += piece.length;
    // The chunk belongs to its sender: what stays is copied.
    if (length <= limitBytes) pieces.push(Buffer.from(piece));
    else pieces = [];
  };

  return {
    push(chunk) {
      let from = 0;
      for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        keep(chunk.subarray(from, to));
        if (length <= limitBytes) onLine(Buffer.concat(pieces).toString('utf8'));
        pieces = [];
        length = 0;
        from = to + 1;
      }
      if (from < chunk.length) keep(chunk.subarray(from));
    },
  };
}

// What a Node program says with `process.send`. Pure.
//
// Its messages are lines of JSON on the descriptor that `NODE_CHANNEL_FD` names. We speak that ourselves: on Node's
// own channel a single line that is not JSON throws in the supervisor. The words are pm2's
// (https://pm2.keymetrics.io/docs/usage/signals-clean-restart/).

/** The message that asks a Node program to end, as a line of its channel. */
export const SHUTDOWN_MESSAGE = '"shutdown"\n';

/** Says what each line means, in order; undefined: nothing. */
export function createNodeProtocol(): (line: string) => Notification | undefined {
  let ready = false;
  return (line) => {
    const message = parseJson(line);
    const type = isObject(message) ? message.type : message;
    const content = isObject(message) ? message : {};
    if (type === 'heartbeat') return { kind: 'heartbeat' };
    if (type === 'status' && typeof content.text === 'string') return { kind: 'status', text: content.text };
    if (type !== 'ready' || ready) return undefined;
    ready = true;
    return { kind: 'ready', values: toValues(content.values) };
  };
}

// What a program reported with being ready, made into texts.

/** Texts, numbers and booleans by their names; what is neither has no form that a dependent could use. */
export function toValues(reported: unknown): Values {
  if (!isObject(reported)) return {};
  const values = Object.entries(reported).flatMap(([name, value]) => {
    const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isText ? [[name, String(value)] as const] : [];
  });
  // Not by assignment: `__proto__` is a name like others.
  return Object.fromEntries(values);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON in a text; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
