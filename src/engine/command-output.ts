/**
 * Where the output of a command goes that is run for an instance: beside the output of the instance, in lines of its own.
 */
import type { LogSink } from '../events/event.ts';
import type { ShortCommand } from '../process/ports.ts';
import type { LiveInstance } from './live-instance.ts';

export interface CommandOutput {
  readonly onOutput: NonNullable<ShortCommand['onOutput']>;
  /** The command has ended: its last line needs no line end. */
  end(): void;
}

export function commandOutput(onLog: LogSink, { node, attempt }: LiveInstance): CommandOutput {
  return {
    onOutput: (stream, chunk) => onLog(node.name, attempt, stream, chunk, true),
    end() {
      onLog(node.name, attempt, 'stdout', undefined, true);
      onLog(node.name, attempt, 'stderr', undefined, true);
    },
  };
}
