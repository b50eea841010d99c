/**
 * Texts, read with interpolation: as a template where values of other services may come, else as plain text.
 *
 * Those that are paths of files are made absolute, relative ones from the folder of the file that they are written in.
 */
import { isAbsolute, resolve } from 'node:path';
import { type ConfigPath, problemAt } from '../diagnostics/problem.ts';
import type { Template } from '../types.ts';
import { interpolate, unreadForm } from '../variables/interpolate.ts';
import { references, referenceText } from '../variables/template.ts';
import { describeValue, scalarText } from '../yaml/document-value.ts';
import {
  type At,
  innerSubjectAt,
  type JsonSchema,
  pathOf,
  report,
  reportMismatch,
  reportUnusable,
  subjectAt,
  type Type,
  then,
  warn,
} from './type.ts';

/** What `${…}` in the text of any field looks like, for the JSON Schema of fields that are not texts. */
export const INTERPOLATED: JsonSchema = { type: 'string', pattern: '\\$\\{' };

const REFERENCE_HINT =
  'A value of a service can stand in command, before, env, cleanup, stop.command and in the conditions exec, file, http and the port of tcp';

/**
 * Fills in the variables of a text; undefined if the text is wrong. That and every variable that is not set is reported; such a
 * one stands in the text as it is written.
 */
function readInterpolated(text: string, at: At): Template | undefined {
  if (text.includes('\0')) return report(at, `${subjectAt(at)} cannot hold a NUL character`);
  if (!text.includes('$')) return text;
  const { template, problems } = interpolate(text, at.scope);
  for (const { expression, why, hint, unset } of problems) {
    const isOwn = unset !== undefined && at.scope.isGiven(unset);
    const printed = unset !== undefined && at.scope.prints?.() === true ? printedVariable(unset) : '';
    const remedy = isOwn ? ownVariable(unset) : hint === undefined ? undefined : hint + printed;
    const message = `Cannot fill in ${describeValue(expression)} in ${innerSubjectAt(at)}: ${why}`;
    at.scope.problems.push({ ...problemAt(pathOf(at), message, remedy), isMissing: unset !== undefined });
  }
  return problems.every(({ unset }) => unset !== undefined) ? template : undefined;
}

function ownVariable(name: string): string {
  const where = `"env" of the configuration is what the service is given: \${${name}} is filled in before that`;
  return `${where}. In a text for the shell write $${name}`;
}

function printedVariable(name: string): string {
  return `. What "env_from" prints is known only when the service starts: a text for the shell has it as $${name}`;
}

/** Warns of what only a shell would fill in, in a text that none reads. */
export function warnOfUnread(written: string, at: At): void {
  const form = written.includes('$') || written.startsWith('~') ? unreadForm(written) : undefined;
  if (form === undefined) return;
  const message = `Nothing expands "${form === '$(' ? '$(…)' : form}" in ${innerSubjectAt(at)}: it stays as it is`;
  warn(at, message, REMEDIES[form] ?? remedyOf(form));
}

const REMEDIES: Readonly<Record<string, string>> = {
  '~/': 'Write ${HOME}/ in its place, or ./~/ for a folder of that name',
  '$(': 'Only a shell runs that: make the command a text, or write $$( for the text itself',
};

function remedyOf(form: string): string {
  return `Write \${${form.slice(1)}} for the variable, or $${form} for the text itself`;
}

/** The same for a place that can't wait for values of services. */
export function readPlain(text: string, at: At): string | undefined {
  const template = readInterpolated(text, at);
  if (template === undefined || typeof template === 'string') return template;
  for (const reference of references(template)) {
    report(
      at,
      `Cannot use "${referenceText(reference)}" in ${innerSubjectAt(at)}: it must be known before anything is started`,
      REFERENCE_HINT,
    );
  }
  return undefined;
}

/** Notes the references of a template that was read here, for the check against `depends_on`. */
function noteReferences(template: Template, at: At): void {
  if (typeof template === 'string') return;
  const path = pathOf(at);
  for (const reference of references(template)) at.scope.references.push({ reference, path });
}

/** A text that may hold values of other services. Numbers and truth values count as texts. `isForShell`: a shell may read it. */
export function template(wanted = 'a text', isForShell = false): Type<Template> {
  return {
    read(value, at) {
      const source = scalarText(value);
      if (source === undefined) return reportMismatch(at, wanted, value);
      const read = readInterpolated(source, at);
      if (read !== undefined) noteReferences(read, at);
      if (!isForShell) warnOfUnread(source, at);
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
      // The reason may have a part of what a variable stands for.
      return reportUnusable(at, value, value.includes('${') ? `it is not ${wanted}` : why);
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

/** A path known at load, absolute. */
export function filePath(): Type<string> {
  return then(text('a path'), (path, at, written) => {
    warnOfUnread(String(written), at);
    return resolve(at.scope.folderOf(pathOf(at)), path);
  });
}

/** A path and where it is written, for problems found later. */
export function placedPath(): Type<{ readonly file: string; readonly path: ConfigPath }> {
  return then(filePath(), (file, at) => ({ file, path: pathOf(at) }));
}

/** A path that may hold values of other services. One that starts with such a value is left as it is. */
export function templatePath(): Type<Template> {
  return then(template('a path'), (path, at) => {
    if (path === '') return reportUnusable(at, path, 'it is empty');
    const folder = (): string => at.scope.folderOf(pathOf(at));
    if (typeof path === 'string') return resolve(folder(), path);
    const [first, ...rest] = path;
    if (typeof first !== 'string' || isAbsolute(first)) return path;
    // Not normalised: what follows a value could be part of the same name.
    return [`${folder()}/${first}`, ...rest];
  });
}
