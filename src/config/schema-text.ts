/**
 * Texts: read with interpolation, as a template where values of other services may come, else as plain text.
 */
import { interpolate } from './interpolate.ts';
import { type At, type JsonSchema, pathOf, report, reportMismatch, type Type } from './schema-type.ts';
import { describeValue, subjectOf } from './subject.ts';
import { references, referenceText } from './template.ts';
import type { Template } from './types.ts';
import { WrittenScalar } from './written-scalar.ts';

/** What `${…}` in the text of any field looks like, for the JSON Schema of fields that are not texts. */
export const INTERPOLATED: JsonSchema = { type: 'string', pattern: '\\$\\{' };

const REFERENCE_HINT =
  'A value of a service can stand in command, env, cleanup, stop.command and in the conditions exec, file, http and the port of tcp';

/** Fills in the variables of a text; undefined if that failed, which is then reported. */
export function readInterpolated(text: string, at: At): Template | undefined {
  if (text.includes('\0')) return report(at, `${subjectOf(pathOf(at))} cannot hold a NUL character`);
  if (!text.includes('$')) return text;
  const { template, problems } = interpolate(text, at.scope.variable);
  for (const { expression, why, hint } of problems) {
    report(at, `Cannot fill in ${describeValue(expression)} in ${inSentence(at)}: ${why}`, hint);
  }
  return problems.length > 0 ? undefined : template;
}

/** The same for a place that can't wait for values of services. */
export function readPlain(text: string, at: At): string | undefined {
  const template = readInterpolated(text, at);
  if (template === undefined || typeof template === 'string') return template;
  for (const reference of references(template)) {
    report(
      at,
      `Cannot use "${referenceText(reference)}" in ${inSentence(at)}: it must be known before anything is started`,
      REFERENCE_HINT,
    );
  }
  return undefined;
}

/** The subject of a sentence, within it. */
export function inSentence(at: At): string {
  const subject = subjectOf(pathOf(at));
  return subject[0]!.toLowerCase() + subject.slice(1);
}

/** Notes the references of a template that was read here, for the check against `depends_on`. */
export function noteReferences(template: Template, at: At): void {
  if (typeof template === 'string') return;
  const path = pathOf(at);
  for (const reference of references(template)) at.scope.references.push({ reference, path });
}

/** The text of a scalar, numbers and truth values as they were written; undefined for anything else. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof WrittenScalar) return value.source;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** A text that may hold values of other services. Numbers and truth values count as texts. */
export function template(wanted = 'a text'): Type<Template> {
  return {
    read(value, at) {
      const source = scalarText(value);
      if (source === undefined) return reportMismatch(at, wanted, value);
      const read = readInterpolated(source, at);
      if (read !== undefined) noteReferences(read, at);
      return read;
    },
    json: () => ({ type: ['string', 'number', 'boolean'] }),
  };
}

/** A text known at load. `check` gives the reason why one is wrong, the end of a sentence. */
export function text(wanted = 'a text', check?: (text: string) => string | undefined): Type<string> {
  return {
    read(value, at) {
      if (typeof value !== 'string') {
        const source = scalarText(value);
        return reportMismatch(at, wanted, value, source && `Write it in quotes: "${source}"`);
      }
      const read = readPlain(value, at);
      if (read === undefined) return undefined;
      const why = read === '' ? 'it is empty' : check?.(read);
      if (why === undefined) return read;
      return report(at, `${subjectOf(pathOf(at))} cannot be ${describeValue(read)}: ${why}`);
    },
    json: () => ({ type: 'string' }),
  };
}

/** A text for people: numbers and truth values count, and it may be empty. */
export function label(): Type<string> {
  return {
    read(value, at) {
      const source = scalarText(value);
      return source === undefined ? reportMismatch(at, 'a text', value) : readPlain(source, at);
    },
    json: () => ({ type: ['string', 'number', 'boolean'] }),
  };
}
