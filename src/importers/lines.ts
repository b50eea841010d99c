/**
 * Losses of a source that is read line by line.
 */
import { type Diagnostic, placeAt } from '../config/diagnostics/diagnostic.ts';
import type { ImportSource } from './imported.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

export function linesOf(text: string): readonly Line[] {
  return text.split(/\r\n?|\n/).map((line, index) => ({ text: line, number: index + 1 }));
}

/** Tells a loss at a line. */
export type TellLine = (line: number, message: string, hint?: string) => void;

export interface LineLosses {
  readonly tell: TellLine;
  /** In the order of the lines. */
  readonly told: () => readonly Diagnostic[];
}

export function createLineLosses({ file, text }: ImportSource): LineLosses {
  const lines = linesOf(text);
  const told: Diagnostic[] = [];
  return {
    tell(number, message, hint) {
      const lineText = lines[number - 1]?.text ?? '';
      const column = lineText.length - lineText.trimStart().length + 1;
      const place = { ...placeAt(file, lineText, column - 1, lineText.trim().length), line: number };
      told.push({ severity: 'warning', message, hint, place, trail: [] });
    },
    told: () => told.toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0)),
  };
}
