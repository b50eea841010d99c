/**
 * Names of signals, with or without `SIG`.
 */
import { constants } from 'node:os';
import { closest } from './closest.ts';
import { text } from './schema-text.ts';
import { reportMismatch, type Type, then } from './schema-type.ts';

const names: readonly string[] = Object.keys(constants.signals);

/** What services are asked to stop with. The others are known, but never what was meant. */
const USUAL: readonly string[] = [
  ...['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGKILL'],
  ...['SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGABRT'],
];

/** A signal this system has, as `SIGTERM`. */
export const signal: Type<NodeJS.Signals> = {
  ...then(text('the name of a signal'), (name, at) => {
    const full = name.startsWith('SIG') ? name : `SIG${name}`;
    if (names.includes(full)) return full as NodeJS.Signals;
    const near = closest(full, USUAL);
    return reportMismatch(
      at,
      'the name of a signal',
      name,
      near === undefined ? undefined : `Did you mean "${near}"?`,
    );
  }),
  json: () => ({
    anyOf: [{ enum: names.flatMap((name) => [name, name.slice(3)]) }, { type: 'string', pattern: '\\$\\{' }],
  }),
};
