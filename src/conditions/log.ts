/**
 * Holds when a line of either output stream matches a pattern; its named groups become values.
 *
 * Lines are whole, without colours, and the same however the output was chunked. Once matched it looks at nothing
 * more. Both streams ended without a match means never.
 */
import { stripVTControlCharacters } from 'node:util';
import { Event, now } from '../concurrency/index.ts';
import type { ConditionKind } from '../config/types.ts';
import type { StreamName } from '../events/event.ts';
import type { Values } from '../events/values.ts';
import { createLineSplitter } from './line-splitter.ts';
import { failed, held, type Part, withElapsed } from './part.ts';
import type { Reading } from './probe.ts';

type LogCondition = Extract<ConditionKind, { readonly kind: 'log' }>;

/** A longer line is matched by its first 64 KiB. */
export const LINE_LIMIT_BYTES = 65_536;
const SHOWN_CHARACTERS = 100;

export function createLogPart({ pattern }: LogCondition): Part {
  const settled = new Event();
  const regexp = new RegExp(pattern);
  const open = new Set<StreamName>(['stdout', 'stderr']);
  let reading: Reading | undefined;

  const settle = (result: Reading): void => {
    reading ??= result;
    settled.set();
  };
  const look = (line: string): void => {
    if (reading !== undefined) return;
    const match = regexp.exec(stripVTControlCharacters(line));
    if (match === null) return;
    settle(held(`log '${shorten(match[0] || match.input)}'`, valuesOf(match)));
  };
  const splitters = {
    stdout: createLineSplitter(LINE_LIMIT_BYTES, look),
    stderr: createLineSplitter(LINE_LIMIT_BYTES, look),
  };

  return {
    get wantsOutput() {
      return reading === undefined;
    },
    output(stream, chunk) {
      if (reading !== undefined) return;
      if (chunk !== undefined) return splitters[stream].push(chunk);
      splitters[stream].end();
      open.delete(stream);
      if (open.size === 0) settle(failed(`its output ended before a line matched /${pattern}/`));
    },
    async hold() {
      const sinceMs = now();
      await settled.wait();
      return withElapsed(reading as Reading, sinceMs);
    },
    missing: () => `log: no line matched /${pattern}/`,
  };
}

function valuesOf(match: RegExpExecArray): Values {
  const groups = Object.entries(match.groups ?? {});
  return Object.fromEntries(groups.filter((group) => group[1] !== undefined));
}

function shorten(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}
