/**
 * What a Node program says with `process.send`. Pure.
 *
 * Its messages are lines of JSON on the descriptor that `NODE_CHANNEL_FD` names. We speak that ourselves: on Node's
 * own channel a single line that is not JSON throws in the supervisor. The words are pm2's
 * (https://pm2.keymetrics.io/docs/usage/signals-clean-restart/).
 */

import type { Notification } from '../ports.ts';
import { isObject, parseJson, toValues } from './notify-values.ts';

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
