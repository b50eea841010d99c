/**
 * Where the events of a run go, and what its processes write. A sink that throws is switched off with a warning: it must
 * not take the services down.
 */
import type { Config } from '../config/types.ts';
import type { EventSink, LogSink } from '../events/event.ts';
import { printLines } from './print-lines.ts';
import type { SuperviseOptions } from './supervise-options.ts';
import type { ProgramSurroundings } from './surroundings.ts';

export interface ProgramOutput {
  readonly onEvent: EventSink;
  readonly onLog: LogSink;
  /** Writes what has no line end. */
  end(): void;
}

export function openOutput(
  { onEvent, onOutput }: SuperviseOptions,
  config: Config,
  { print, warn }: Pick<ProgramSurroundings, 'print' | 'warn'>,
): ProgramOutput {
  const printed = onOutput === undefined ? printLines(config, print) : undefined;
  return {
    onEvent: guarded('onEvent', onEvent, warn),
    onLog: printed?.onLog ?? guarded('onOutput', onOutput, warn),
    end: () => printed?.end(),
  };
}

function guarded<Args extends unknown[]>(
  name: string,
  sink: ((...args: Args) => unknown) | undefined,
  warn: (text: string) => void,
): (...args: Args) => void {
  let working = sink;
  return (...args) => {
    try {
      working?.(...args);
    } catch (error) {
      working = undefined;
      warn(`"${name}" of supervise failed and is not called any more: ${(error as Error)?.stack ?? error}`);
    }
  };
}
