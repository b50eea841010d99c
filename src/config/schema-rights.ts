/**
 * As whom a service runs and in which mode it creates files: `user`, `group`, `umask`.
 *
 * Only what can be told from the text is checked here. Whether a user exists, and whether orderly may become it, depends
 * on the machine and is looked at before anything is started.
 */
import { INTERPOLATED, readPlain, scalarText } from './schema-text.ts';
import { type At, pathOf, report, reportMismatch, type Type } from './schema-type.ts';
import { describeValue, subjectOf } from './subject.ts';
import { withoutSource } from './written-scalar.ts';

/** The last two numbers mean "none" (uid_t of Linux, and of what still has 16 bits of it). */
const LARGEST_ID = 4_294_967_293;
/** What useradd, and NSS with its domains, accept; no colon: it separates the fields of /etc/passwd. */
const ACCOUNT_NAME = /^[^\s:/,\0-][^\s:/,\0]*$/;

/** A name or a number, as text: what consists of digits is a number. */
function account(noun: 'user' | 'group'): Type<string> {
  return {
    read(value, at) {
      const source = scalarText(value);
      if (source === undefined || typeof withoutSource(value) === 'boolean')
        return reportMismatch(at, `the name or the number of a ${noun}`, value);
      const read = readPlain(source, at);
      if (read === undefined) return undefined;
      const why = whyNoAccount(read);
      if (why === undefined) return read;
      const [user, group, ...more] = read.split(':');
      const isPair = noun === 'user' && user && group && more.length === 0;
      const hint = isPair ? `Write user: ${user} and group: ${group}` : undefined;
      return report(at, `${subjectOf(pathOf(at))} cannot be ${describeValue(read)}: ${why}`, hint);
    },
    json: () => ({ type: ['string', 'integer'] }),
  };
}

function whyNoAccount(text: string): string | undefined {
  if (/^\d+$/.test(text)) return Number(text) > LARGEST_ID ? 'the number is too large' : undefined;
  return ACCOUNT_NAME.test(text) ? undefined : 'it is neither a name nor a number';
}

export const user = account('user');
export const group = account('group');

const UMASK_TEXT = /^0?[0-7]{3}$/;
const UMASK_NUMBER = /^0o([0-7]{1,3})$/;

/**
 * Three octal digits. A number is taken by how it was written: `027` (27 for YAML 1.2) and `0o27` (23) both mean what
 * whoever wrote them meant; `27` alone may be either, and is an error.
 */
export const umask: Type<number> = {
  read(value, at) {
    const source = scalarText(value);
    const text = source === undefined ? undefined : readPlain(source, at);
    if (source !== undefined && text === undefined) return undefined;
    const octal = text === undefined ? undefined : octalOf(text);
    return octal === undefined ? reportUmask(value, at) : Number.parseInt(octal, 8);
  },
  json: () => ({
    anyOf: [{ type: 'string', pattern: UMASK_TEXT.source }, { type: 'integer' }, INTERPOLATED],
  }),
};

function octalOf(text: string): string | undefined {
  return UMASK_TEXT.test(text) ? text : UMASK_NUMBER.exec(text)?.[1];
}

function reportUmask(value: unknown, at: At): undefined {
  const digits = scalarText(value) ?? '';
  const hint = /^[0-7]{1,2}$/.test(digits) ? `Write umask: "${digits.padStart(3, '0')}"` : undefined;
  return reportMismatch(at, 'three octal digits in quotes, such as "027"', value, hint);
}
