/**
 * The key `extends`: which other service a service takes its keys over from.
 */
import { isMap } from '../yaml/document-value.ts';
import { refusedField } from './object.ts';
import { text } from './text.ts';
import { report, reportMismatch, subjectAt, type Type } from './type.ts';

const WANTED = 'the name of a service';
const name = text(WANTED);

export const extendedService: Type<string> = {
  read(value, at) {
    if (!isMap(value)) return name.read(value, at);
    // As docker compose writes it.
    return reportMismatch(
      at,
      WANTED,
      value,
      'Write the name alone; a service of another file needs "include"',
    );
  },
  json: name.json,
};

/** Where the keys are those of every service. */
export const noExtends = refusedField({
  read: (_value, at) =>
    report(at, `${subjectAt(at)} has no meaning: defaults extend nothing`, 'Write it into a service', true),
  json: () => ({ not: {} }),
});
