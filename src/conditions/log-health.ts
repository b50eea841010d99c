/**
 * Health by output: a line of either stream that matches came since the last check.
 *
 * Lines are those of `log.ts`. Once one has matched nothing more is looked at until the next check, so that a service
 * that writes much pays for one line an interval; a line that is under way then is passed over: its rest is no line.
 */
import { stripVTControlCharacters } from 'node:util';
import type { ConditionKind } from '../config/types.ts';
import type { StreamName } from '../events/event.ts';
import type { HealthCheck } from './health-check.ts';
import { createLineSplitter } from './line-splitter.ts';
import { createEar } from './listening.ts';
import { LINE_LIMIT_BYTES } from './log.ts';

type LogCondition = Extract<ConditionKind, { readonly kind: 'log' }>;

const NEWLINE = 0x0a;

export function createLogHealth({ pattern }: LogCondition): HealthCheck {
  const regexp = new RegExp(pattern);
  const subject = `log /${pattern}/`;
  const ear = createEar(() => `${subject}: no line matched since the last check`);
  let looks = true;
  const look = (line: string): void => {
    if (!looks || !regexp.test(stripVTControlCharacters(line))) return;
    ear.hear(subject);
    looks = false;
  };
  const streams = { stdout: createStream(), stderr: createStream() };

  function createStream() {
    let lines = createLineSplitter(LINE_LIMIT_BYTES, look);
    let endsInside = false;
    let skips = false;
    return {
      push(chunk: Buffer): void {
        if (chunk.length === 0) return;
        const restEnds = skips ? chunk.indexOf(NEWLINE) : 0;
        if (looks && restEnds !== -1) {
          lines.push(skips ? chunk.subarray(restEnds + 1) : chunk);
          skips = false;
        }
        endsInside = chunk[chunk.length - 1] !== NEWLINE;
      },
      end(): void {
        if (looks && !skips) lines.end();
      },
      /** Looks again after a time of not looking: what comes first may be the rest of a line. */
      resume(): void {
        lines = createLineSplitter(LINE_LIMIT_BYTES, look);
        skips = endsInside;
      },
    };
  }

  return {
    subject,
    unanswered: 'not heard',
    channel: 'none',
    listens: true,
    wantsOutput: true,
    output(stream: StreamName, chunk) {
      if (chunk === undefined) streams[stream].end();
      else streams[stream].push(chunk);
    },
    notification: () => undefined,
    async attempt(signal) {
      const outcome = await ear.attempt(signal);
      if (looks) return outcome;
      looks = true;
      streams.stdout.resume();
      streams.stderr.resume();
      return outcome;
    },
  };
}
