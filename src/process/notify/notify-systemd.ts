/**
 * The messages of sd_notify(3), as systemd reads them. Pure.
 *
 * A message is lines of `NAME=value`; a name that is there twice counts with its last value, and names that mean
 * nothing to us are passed over. `X_NAME=value` becomes the value `name`, if it comes with `READY=1` or before it.
 * What a message says about descriptors is not for here: none that is sent is ever taken.
 */
import { getSystemErrorMap } from 'node:util';
import type { Notification } from '../ports.ts';

export type SystemdWord =
  | Notification
  /** From now on that process is the main one. */
  | { readonly kind: 'main-process'; readonly pid: number }
  /** What it will exit with, as it says. */
  | { readonly kind: 'exit-status'; readonly code: number };

/** As much of a text as is shown. */
const SHOWN_CHARACTERS = 200;
/** Values that a service may report; the rest is passed over. */
const MOST_VALUES = 1000;

/** Says what each message means, in the order in which it should be obeyed. Never throws. */
export function createSystemdProtocol(): (message: Buffer) => readonly SystemdWord[] {
  const values = new Map<string, string>();
  let isReady = false;
  let isReloading = false;

  const readiness = (said: Said): readonly SystemdWord[] => {
    const words: SystemdWord[] = [];
    if (said.get('RELOADING') === '1' && isReady) {
      isReloading = true;
      words.push(note('is reloading'));
    }
    if (said.get('READY') !== '1') return words;
    if (isReady && isReloading) words.push(note('has reloaded'));
    if (!isReady) words.push({ kind: 'ready', values: Object.fromEntries(values) });
    isReady = true;
    isReloading = false;
    return words;
  };

  return (message) => {
    const said = readAssignments(message);
    if (!isReady) collectValues(said, values);
    return [...facts(said), ...readiness(said), ...endings(said)];
  };
}

/** Whether it only asks to be told when all before it has been dealt with. */
export function isBarrier(message: Buffer): boolean {
  return message.length < 16 && message.toString('latin1').trimEnd() === 'BARRIER=1';
}

type Said = ReadonlyMap<string, string>;

/** Empty for what systemd too takes for no message: one with a NUL in it. */
function readAssignments(message: Buffer): Said {
  const said = new Map<string, string>();
  const text = message.toString('utf8').replace(/\0+$/, '');
  if (text.includes('\0')) return said;
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) said.set(line.slice(0, equals), line.slice(equals + 1));
  }
  return said;
}

function collectValues(said: Said, values: Map<string, string>): void {
  for (const [name, value] of said) {
    // Such a name could not be written in a configuration.
    if (!/^X_[A-Za-z_][\w-]*$/.test(name) || values.size >= MOST_VALUES) continue;
    values.set(name.slice(2).toLowerCase(), value);
  }
}

/** What is said of the state it is in, before it may become another. */
function facts(said: Said): readonly SystemdWord[] {
  const words: SystemdWord[] = [];
  const status = said.get('STATUS');
  if (status !== undefined) words.push({ kind: 'status', text: shown(status) });
  const pid = wholeNumber(said.get('MAINPID'));
  if (pid !== undefined && pid > 0) words.push({ kind: 'main-process', pid });
  const extendMs = milliseconds(said.get('EXTEND_TIMEOUT_USEC'));
  if (extendMs !== undefined) words.push({ kind: 'extend', byMs: extendMs });
  const withinMs = milliseconds(said.get('WATCHDOG_USEC'));
  if (withinMs !== undefined) words.push({ kind: 'watchdog', withinMs });
  if (said.get('WATCHDOG') === '1') words.push({ kind: 'heartbeat' });
  return words;
}

function endings(said: Said): readonly SystemdWord[] {
  const words: SystemdWord[] = [];
  if (said.get('WATCHDOG') === 'trigger') words.push({ kind: 'tripped' });
  const number = wholeNumber(said.get('ERRNO'));
  if (number !== undefined && number > 0) words.push(note(`reports an error: ${describeErrno(number)}`));
  const error = said.get('BUSERROR') || said.get('VARLINKERROR');
  if (error !== undefined && error !== '') words.push(note(`reports an error: ${shown(error)}`));
  const status = wholeNumber(said.get('EXIT_STATUS'));
  if (status !== undefined && status < 256) words.push({ kind: 'exit-status', code: status });
  if (said.get('STOPPING') === '1') words.push({ kind: 'stopping' });
  return words;
}

function note(text: string): Notification {
  return { kind: 'note', text };
}

function describeErrno(number: number): string {
  const [name, text] = getSystemErrorMap().get(-number) ?? [];
  return name === undefined ? `number ${number}` : `${text} (${name})`;
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** From microseconds. The longest, which systemd takes for no limit, is as good as none here too. */
function milliseconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Math.ceil(Number(text) / 1000) : undefined;
}

/** Of one line, for people: without what would move the cursor of a terminal. */
function shown(text: string): string {
  const plain = text.replaceAll(/[\x00-\x1f\x7f-\x9f]/g, ' ').trim();
  return plain.length > SHOWN_CHARACTERS ? `${plain.slice(0, SHOWN_CHARACTERS - 1)}…` : plain;
}
