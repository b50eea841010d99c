/**
 * Signals: names with or without `SIG`, numbers, and those of real time, `SIGRTMIN+3`.
 */
import { constants } from 'node:os';
import { didYouMean } from '../diagnostics/closest.ts';
import { scalarText } from '../yaml/document-value.ts';
import { readPlain } from './text.ts';
import { type At, reportMismatch, type Type } from './type.ts';

const names: readonly string[] = Object.keys(constants.signals);

/** What services are asked to stop with. The others are known, but never what was meant. */
const USUAL: readonly string[] = [
  ...['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL'],
  ...['SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGABRT'],
];

const REAL_TIME = /^SIGRT(MIN|MAX)(?:([+-])(\d{1,2}))?$/;
/** As the C library counts them (signal(7)). */
const FIRST_REAL_TIME = 34;
const LAST_REAL_TIME = 64;

/**
 * A signal this system has, as `SIGTERM`; one of real time as `SIGRTMIN+3`, which `process.kill` takes as its number.
 */
export const signal: Type<NodeJS.Signals> = {
  read(value, at) {
    const written = scalarText(value);
    if (written === undefined) return mismatch(at, value);
    const read = readPlain(written, at);
    if (read === undefined) return undefined;
    const name = /^\d+$/.test(read) ? nameOfNumber(Number(read)) : fullName(read);
    return name === undefined ? mismatch(at, value) : (name as NodeJS.Signals);
  },
  json: () => ({
    anyOf: [
      { enum: names.flatMap((name) => [name, name.slice(3)]) },
      { type: 'integer', minimum: 1, maximum: LAST_REAL_TIME },
      { type: 'string', pattern: '^(?:\\d+|(?:SIG)?RT(?:MIN|MAX)(?:[+-]\\d+)?)$' },
      { type: 'string', pattern: '\\$\\{' },
    ],
  }),
};

function fullName(text: string): string | undefined {
  const upper = text.toUpperCase();
  const full = upper.startsWith('SIG') ? upper : `SIG${upper}`;
  if (names.includes(full)) return full;
  const [, base, sign, digits = '0'] = REAL_TIME.exec(full) ?? [];
  if (base === undefined || sign === (base === 'MIN' ? '-' : '+')) return undefined;
  return nameOfNumber(base === 'MIN' ? FIRST_REAL_TIME + Number(digits) : LAST_REAL_TIME - Number(digits));
}

function nameOfNumber(number: number): string | undefined {
  const known = names.find((name) => constants.signals[name as NodeJS.Signals] === number);
  if (known !== undefined) return known;
  if (number < FIRST_REAL_TIME || number > LAST_REAL_TIME) return undefined;
  return number === FIRST_REAL_TIME ? 'SIGRTMIN' : `SIGRTMIN+${number - FIRST_REAL_TIME}`;
}

function mismatch(at: At, value: unknown): undefined {
  const hint =
    typeof value === 'string'
      ? didYouMean(value.startsWith('SIG') ? value : `SIG${value}`, USUAL)
      : undefined;
  return reportMismatch(at, 'the name or the number of a signal', value, hint);
}
