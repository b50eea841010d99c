/**
 * Reads a record piece by piece, as it comes from a file or a pipe: whole lines become a timeline, and what can't be
 * read is a sentence with its line. It keeps no text but the line it is in.
 */
import type { Timeline } from '../timeline.ts';
import { parseLine } from './parse-line.ts';
import { TimelineBuilder } from './timeline-builder.ts';

export type ReadRecord =
  /** `cutAt`: the number of the last line, if that was cut off in the middle. */
  | { readonly kind: 'read'; readonly timeline: Timeline; readonly cutAt: number | undefined }
  /** `line` counts from 1; `why` is a clause. */
  | { readonly kind: 'bad'; readonly line: number; readonly why: string };

export class RecordReader {
  readonly #decoder = new TextDecoder();
  readonly #builder = new TimelineBuilder();
  #rest = '';
  #line = 0;
  #bad: { readonly line: number; readonly why: string; readonly isText: boolean } | undefined;

  /** Takes the next bytes. False: there is no need for more, since something is wrong. */
  push(chunk: Uint8Array): boolean {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line);
    return this.#bad === undefined;
  }

  end(): ReadRecord {
    const rest = this.#rest + this.#decoder.decode();
    const wasWhole = this.#bad === undefined;
    if (rest !== '') this.#take(rest);
    // The last line was being written when the run, or the copy of its record, was cut off.
    const isCut = wasWhole && this.#bad?.isText === true;
    if (this.#bad !== undefined && !(isCut && this.#builder.begun)) return { kind: 'bad', ...this.#bad };
    if (!this.#builder.begun) return { kind: 'bad', line: Math.max(1, this.#line), why: 'there is no event' };
    return { kind: 'read', timeline: this.#builder.finish(), cutAt: isCut ? this.#line : undefined };
  }

  #take(line: string): void {
    this.#line += 1;
    if (this.#bad !== undefined) return;
    const parsed = parseLine(line);
    if (parsed.kind === 'passed') return;
    const trouble = parsed.kind === 'bad' ? parsed : this.#add(parsed.event);
    if (trouble !== undefined) this.#bad = { line: this.#line, ...trouble };
  }

  #add(event: Parameters<TimelineBuilder['add']>[0]): { why: string; isText: boolean } | undefined {
    const why = this.#builder.add(event);
    return why === undefined ? undefined : { why, isText: false };
  }
}
