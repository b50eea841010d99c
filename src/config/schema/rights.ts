/**
 * The rights of a service: as whom it runs (`user`, `group`), in which mode it creates files (`umask`), its `limits`.
 *
 * Only what can be told from the text is checked here. Whether a user exists, and whether orderly may become it,
 * depends on the machine and is looked at before anything is started.
 */
import type { Limit, LimitName } from '../types.ts';
import { scalarText, withoutSource } from '../yaml/document-value.ts';
import { type Field, field, object, orShort } from './object.ts';
import { INTERPOLATED, readPlain } from './text.ts';
import {
  type At,
  named,
  report,
  reportMismatch,
  reportUnusable,
  subjectAt,
  type Type,
  then,
} from './type.ts';

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
      const hint = isPair && !source.includes('$') ? `Write user: ${user} and group: ${group}` : undefined;
      return reportUnusable(at, source, why, hint);
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

const WORDS = ['unlimited', 'infinity'];
const AMOUNT = /^(\d+)([KMGT]?)$/;
const FACTORS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Infinity is "unlimited". */
function amount(isSize: boolean): Type<number> {
  const wanted = isSize
    ? 'a number of bytes such as 1048576 or 64M, or "unlimited"'
    : 'a whole number, or "unlimited"';
  return {
    read(value, at) {
      const source = scalarText(value);
      const text = source === undefined ? undefined : readPlain(source, at);
      if (source !== undefined && text === undefined) return undefined;
      if (text !== undefined && WORDS.includes(text)) return Number.POSITIVE_INFINITY;
      const [, digits = '', suffix = ''] = AMOUNT.exec(text ?? '') ?? [];
      const read = Number(digits) * FACTORS[suffix]!;
      const isAmount = digits !== '' && (isSize || suffix === '') && Number.isSafeInteger(read);
      return isAmount ? read : reportMismatch(at, wanted, value, hintFor(source, isSize));
    },
    json: () => ({
      anyOf: [
        { type: 'integer', minimum: 0 },
        { enum: WORDS },
        ...(isSize ? [{ type: 'string', pattern: '^\\d+[KMGT]?$' }] : []),
        INTERPOLATED,
      ],
    }),
  };
}

function hintFor(text: string | undefined, isSize: boolean): string | undefined {
  if (text === '-1') return 'Write "unlimited"';
  const [, digits, unit] = /^(\d+)\s*([kmgt])(?:i?b)?$/i.exec(text ?? '') ?? [];
  return isSize && unit !== undefined ? `Write ${digits}${unit.toUpperCase()}` : undefined;
}

function limit(isSize: boolean): Type<Limit> {
  const one = amount(isSize);
  const both = object({
    soft: field(one, 'What holds; the program may raise it up to the hard one.'),
    hard: field(one, 'What the program itself can not raise.'),
  });
  return then(
    orShort(both, one, (value) => ({ soft: value, hard: value })),
    (given, at): Limit | undefined => {
      const read: Limit = { soft: given.soft ?? undefined, hard: given.hard ?? undefined };
      if (read.soft === undefined || read.hard === undefined || read.soft <= read.hard) return read;
      return report(
        at,
        `${subjectAt(at)} has a soft limit above its hard one`,
        'The hard limit is the ceiling',
      );
    },
  );
}

export const sizeLimit = named('sizeLimit', () => limit(true));
export const countLimit = named('limit', () => limit(false));

/**
 * What the processes of a service may use up, by the names of setrlimit in small letters. The units are those of
 * setrlimit: bytes, seconds of CPU, numbers. `rss` and `locks` are left out: Linux has not obeyed them for twenty
 * years, and a limit that limits nothing is worse than none.
 */
export const limitsObject = object<Readonly<Record<LimitName, Field<Limit, false>>>>({
  as: field(sizeLimit, 'Bytes of address space.'),
  core: field(sizeLimit, 'Bytes of a core file; 0 for none.'),
  cpu: field(countLimit, 'Seconds of CPU time; then it gets SIGXCPU.'),
  data: field(sizeLimit, 'Bytes of data, heap included.'),
  fsize: field(sizeLimit, 'Bytes of a file that it writes.'),
  memlock: field(sizeLimit, 'Bytes that it may lock into memory.'),
  msgqueue: field(sizeLimit, 'Bytes in POSIX message queues.'),
  nofile: field(countLimit, 'Open files.'),
  nproc: field(countLimit, 'Processes and threads of its user; root is exempt.'),
  rtprio: field(countLimit, 'The highest real-time priority.'),
  rttime: field(countLimit, 'Microseconds of CPU time in a row, with a real-time priority.'),
  sigpending: field(countLimit, 'Signals that wait.'),
  stack: field(sizeLimit, 'Bytes of the stack.'),
});
