/**
 * What a tool answers: a short text and the same as data, with the calls that would help next. Pure.
 */
import { printable, printableLines } from '../../../events/printable.ts';
import type { ToolName } from './tools.ts';

/** A call that would help. */
export interface NextCall {
  readonly tool: ToolName;
  readonly arguments: object;
  readonly why: string;
}

/** What is to be told. */
export interface Told {
  readonly lines: readonly string[];
  /** Left out: nothing but the lines. */
  readonly data?: object;
  readonly next?: readonly NextCall[];
  /** It could not be done: the lines say why, and what to do. */
  readonly isError?: boolean;
}

/** As the protocol has it. */
export interface ToolResult {
  readonly content: readonly [{ readonly type: 'text'; readonly text: string }];
  readonly structuredContent: object;
  readonly isError: boolean;
}

export function toolResult({ lines, data, next = [], isError = false }: Told): ToolResult {
  const calls = next.map(
    ({ tool, arguments: given, why }) => `next: ${tool} ${JSON.stringify(given)} (${printable(why)})`,
  );
  const text = printableLines([...lines, ...calls].join('\n'));
  return {
    content: [{ type: 'text', text }],
    structuredContent: { ...(data ?? { text: lines.join('\n') }), next_calls: next },
    isError,
  };
}
