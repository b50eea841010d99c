/**
 * The lines that a program writes to its notify descriptor. Pure.
 *
 * The protocol of s6 (https://skarnet.org/software/s6/notifywhenup.html): a first line, whatever it says, means
 * ready. Here it may also be a JSON object, the values. The words `heartbeat` and `status TEXT` keep their meaning
 * before it too: who tells that it is loading is not ready.
 */

import type { Notification } from '../ports.ts';
import { isObject, parseJson, toValues } from './notify-values.ts';

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
