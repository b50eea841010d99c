/**
 * Health by output: a line of either stream that matches came since the last check.
 *
 * Lines are those of `log.ts`. Once one has matched nothing more is looked at until the next check, so that a service
 * that writes much pays for one line an interval; a line that is under way then is passed over: its rest is no line.
 */
import type { ConditionKind } from '../config/types.ts';
import type { StreamName } from '../events/event.ts';
import { plainText } from '../events/plain-text.ts';
import { createMatcher } from '../patterns/create-matcher.ts';
import type { HealthCheck } from './health-check.ts';
import { createLineSplitter } from './line-splitter.ts';
import { createEar } from './listening.ts';
import { LINE_LIMIT_BYTES, passedOver } from './log.ts';

type LogCondition = Extract<ConditionKind, { readonly kind: 'log' }>;

const NEWLINE = 0x0a;

export function createLogHealth({ pattern }: LogCondition): HealthCheck {
  const matcher = createMatcher(pattern);
  const subject = `log /${pattern}/`;
  const ear = createEar(() => `${subject}: no line matched since the last check${passedOver(matcher)}`);
  let looks = true;
  const look = (line: string): void => {
    if (!looks || matcher.match(plainText(line)) === undefined) return;
    ear.hear(subject);
    looks = false;
  };
  const isOfNoUse = (bytes: Buffer, from: number, to: number): boolean =>
    !looks || matcher.rulesOut(bytes, from, to);
  const streams = { stdout: createStream(), stderr: createStream() };

  function createStream() {
    let lines = createLineSplitter(LINE_LIMIT_BYTES, look, isOfNoUse);
    let endsInside = false;
    let skips = false;
    return {
      push(chunk: Buffer): void {
        if (chunk.length === 0) return;
        matcher.beginChunk();
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
        lines = createLineSplitter(LINE_LIMIT_BYTES, look, isOfNoUse);
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
