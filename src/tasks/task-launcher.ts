/**
 * Launches what is a function in this program, and leaves processes to another launcher.
 */
import type { Launcher, ReadyCommand } from '../process/ports.ts';
import type { ValuesOf } from './run-context.ts';
import type { ServiceBook } from './service-book.ts';
import { type ServiceRun, startTask } from './task-instance.ts';

export interface TaskLauncherOptions {
  /** The functions by the very objects that stand for them. */
  readonly runs: { get(command: ReadyCommand): ServiceRun | undefined };
  /** What a service may ask of others. */
  readonly valuesFor: (service: string) => ValuesOf;
  readonly book: ServiceBook;
  readonly pid: number;
  readonly processes: Launcher;
}

export function createTaskLauncher(options: TaskLauncherOptions): Launcher {
  const { runs, valuesFor, book, pid, processes } = options;
  return {
    async launch(request) {
      const { service, command } = request;
      if (command.kind !== 'call') return processes.launch(request);
      const run = runs.get(command);
      if (run === undefined) throw new Error(`there is no function for "${service}"`);
      if (!request.mayStart()) return { kind: 'called-off' };
      return {
        kind: 'launched',
        instance: startTask(request, { run, values: valuesFor(service), book, pid }),
      };
    },
  };
}
