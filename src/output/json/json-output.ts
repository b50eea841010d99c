/**
 * The run as JSON on stdout: one object a line for every event and every line of output, and nothing else.
 *
 * Lines of output become `log` events; they are numbered here, in one row with the others, by the run's own stamp.
 */

import { constants, openSync } from 'node:fs';
import type { Fact, OrderlyEvent } from '../../events/event.ts';
import { jsonText } from '../../events/printable.ts';
import { createLineCutter, type LogLine } from '../lines/line-cutter.ts';
import { FLUSH_LIMIT_MS, type Output } from '../output.ts';
import type { BoundedWriter, WriterHooks } from '../writers/bounded-writer.ts';
import { openWriter } from '../writers/open.ts';

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
    async finish(withinMs = FLUSH_LIMIT_MS) {
      log.end();
      await stdout.flush(withinMs);
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

// The record of a run: every event as a line of JSON in a file, without the output of services.
//
// Each event is in the file before the next one happens, so the record of a run that was killed is whole up to there.
// A record with gaps proves nothing: the first trouble ends it, with one sentence, and the run goes on.

// Without O_NONBLOCK a named pipe that nobody reads would hold the program up.
const FLAGS =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Begins a new record in this file. Throws the system's error if it can't be opened; `report` gets the sentence. */
export function openRecord(path: string, report: (sentence: string) => void): Output {
  const fd = openSync(path, FLAGS, 0o644);
  return createRecord((hooks) => openWriter(fd, hooks).writer, path, report);
}

export function createRecord(
  open: (hooks: WriterHooks) => BoundedWriter,
  path: string,
  report: (sentence: string) => void,
): Output {
  let on = true;

  function switchOff(why: string): void {
    if (!on) return;
    on = false;
    report(`Cannot record to "${path}": ${why}; the record ends here`);
  }

  const writer = open({
    onDropped: (_lines, why) => switchOff(why ?? 'its reader is too slow'),
    onClosed: () => switchOff('its reader is gone'),
    onTrouble: switchOff,
  });

  return {
    onEvent(event) {
      if (!on || event.type === 'log') return;
      if (!writer.write(Buffer.from(toLine(event)))) switchOff('it takes no more');
    },
    onLog: () => undefined,
    finish: (withinMs = FLUSH_LIMIT_MS) => writer.flush(withinMs),
  };
}
