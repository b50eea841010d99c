/**
 * The record of a run: every event as a line of JSON in a file, without the output of services.
 *
 * Each event is in the file before the next one happens, so the record of a run that was killed is whole up to there.
 * A record with gaps proves nothing: the first trouble ends it, with one sentence, and the run goes on.
 */
import { constants, openSync } from 'node:fs';
import { FLUSH_LIMIT_MS, type Output } from '../output.ts';
import type { BoundedWriter, WriterHooks } from '../writers/bounded-writer.ts';
import { openWriter } from '../writers/open.ts';
import { toLine } from './json-output.ts';

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
    finish: () => writer.flush(FLUSH_LIMIT_MS),
  };
}
