/**
 * Holds when a line of either output stream matches a pattern; its named groups become values.
 *
 * Lines are whole, without colours, and the same however the output was chunked. Once matched it looks at nothing
 * more. Both streams ended without a match means never.
 */
import { Event, now } from '../../concurrency/index.ts';
import type { ConditionKind } from '../../config/types.ts';
import type { StreamName } from '../../events/event.ts';
import { plainText } from '../../events/plain-text.ts';
import { createMatcher, type Matcher } from '../../patterns/create-matcher.ts';
import { failed, held, type Part, withElapsed } from '../probe/part.ts';
import type { Reading } from '../probe/probe.ts';
import { createLineSplitter } from './line-splitter.ts';

type LogCondition = Extract<ConditionKind, { readonly kind: 'log' }>;

/** A longer line is matched by its first 64 KiB. */
export const LINE_LIMIT_BYTES = 65_536;
const SHOWN_CHARACTERS = 100;

export function createLogPart({ pattern }: LogCondition): Part {
  const settled = new Event();
  const matcher = createMatcher(pattern);
  const open = new Set<StreamName>(['stdout', 'stderr']);
  let reading: Reading | undefined;

  const settle = (result: Reading): void => {
    reading ??= result;
    settled.set();
  };
  const look = (line: string): void => {
    if (reading !== undefined) return;
    const text = plainText(line);
    const match = matcher.match(text);
    if (match !== undefined) settle(held(`log '${shorten(match.text || text)}'`, match.groups));
  };
  const isOfNoUse = (bytes: Buffer, from: number, to: number): boolean =>
    reading !== undefined || matcher.rulesOut(bytes, from, to);
  const splitters = {
    stdout: createLineSplitter(LINE_LIMIT_BYTES, look, isOfNoUse),
    stderr: createLineSplitter(LINE_LIMIT_BYTES, look, isOfNoUse),
  };

  return {
    get wantsOutput() {
      return reading === undefined;
    },
    output(stream, chunk) {
      if (reading !== undefined) return;
      matcher.beginChunk();
      if (chunk !== undefined) return splitters[stream].push(chunk);
      splitters[stream].end();
      open.delete(stream);
      if (open.size === 0)
        settle(failed(`its output ended before a line matched /${pattern}/${passedOver(matcher)}`));
    },
    async hold() {
      const sinceMs = now();
      await settled.wait();
      return withElapsed(reading as Reading, sinceMs);
    },
    missing: () => `log: no line matched /${pattern}/${passedOver(matcher)}`,
  };
}

/** What there is to add to "no line matched". */
export function passedOver({ passedOver: count }: Pick<Matcher, 'passedOver'>): string {
  if (count === 0) return '';
  const [lines, them] = count === 1 ? ['1 line was', 'it'] : [`${count} lines were`, 'them'];
  return ` (${lines} passed over, since it would take too long to look at ${them}; write a simpler pattern)`;
}

function shorten(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
