/**
 * The run as JSON on stdout: one object a line for every event and every line of output, and nothing else.
 *
 * Lines of output become `log` events; they are numbered here, in one row with the others, by the run's own stamp.
 */
import type { Fact, OrderlyEvent } from '../../events/event.ts';
import { jsonText } from '../../events/printable.ts';
import { createLineCutter, type LogLine } from '../lines/line-cutter.ts';
import { FLUSH_LIMIT_MS, type Output } from '../output.ts';
import type { BoundedWriter } from '../writers/bounded-writer.ts';

export interface JsonOptions {
  readonly stdout: BoundedWriter;
  /** Numbers a fact in the row of the run's events. */
  readonly stamp: (fact: Fact) => OrderlyEvent;
}

/** A chunk of empty lines makes a hundred times its size in JSON: it is written in parts. */
const PART_CHARACTERS = 256 * 1024;

export function createJsonOutput({ stdout, stamp }: JsonOptions): Output {
  const log = createLineCutter((lines) => {
    let part = '';
    for (const line of lines) {
      part += toLine(stamp(toFact(line)));
      if (part.length < PART_CHARACTERS) continue;
      stdout.write(Buffer.from(part));
      part = '';
    }
    if (part !== '') stdout.write(Buffer.from(part));
  });

  return {
    onEvent(event) {
      stdout.write(Buffer.from(toLine(event)));
    },
    onLog: log.add,
    async finish() {
      log.end();
      await stdout.flush(FLUSH_LIMIT_MS);
    },
  };
}

/** An event as one line of JSON, its line end included. */
export function toLine(event: OrderlyEvent): string {
  return `${jsonText(event)}\n`;
}

function toFact({ service, attempt, stream, text, partial }: LogLine): Fact {
  const fact: Fact = { type: 'log', service, attempt, stream, text };
  return partial ? { ...fact, partial } : fact;
}
