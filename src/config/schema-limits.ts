/**
 * `limits`: what the processes of a service may use up, by the names of setrlimit in small letters.
 *
 * The units are those of setrlimit (bytes, seconds of CPU, numbers). `rss` and `locks` are left out: Linux has not
 * obeyed them for twenty years, and a limit that limits nothing is worse than none.
 */
import { type Field, field, object, orShort } from './schema-object.ts';
import { INTERPOLATED, readPlain, scalarText } from './schema-text.ts';
import { named, pathOf, report, reportMismatch, type Type, then } from './schema-type.ts';
import { subjectOf } from './subject.ts';
import type { Limit, LimitName } from './types.ts';

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
      return isAmount ? read : reportMismatch(at, wanted, value, hintFor(text, isSize));
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
        `${subjectOf(pathOf(at))} has a soft limit above its hard one`,
        'The hard limit is the ceiling',
      );
    },
  );
}

export const sizeLimit = named('sizeLimit', () => limit(true));
export const countLimit = named('limit', () => limit(false));

const fields: Readonly<Record<LimitName, Field<Limit, false>>> = {
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
};

export const limitsObject = object(fields);
