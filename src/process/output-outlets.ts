/**
 * Standard output and standard error of an instance, and the end of both.
 */
import type { StreamName } from '../events/event.ts';
import type { LaunchRequest } from './ports.ts';
import type { Outlet } from './stdio.ts';

export interface OutputOutlets {
  readonly outlets: readonly Outlet[];
  /** Settles when both have ended. */
  readonly ended: Promise<void>;
}

export function createOutputOutlets(onOutput: LaunchRequest['onOutput']): OutputOutlets {
  const [stdout, stdoutEnded] = createOutlet(1, 'stdout', onOutput);
  const [stderr, stderrEnded] = createOutlet(2, 'stderr', onOutput);
  return { outlets: [stdout, stderr], ended: Promise.all([stdoutEnded, stderrEnded]).then(() => {}) };
}

function createOutlet(
  fd: 1 | 2,
  stream: StreamName,
  onOutput: LaunchRequest['onOutput'],
): [outlet: Outlet, ended: Promise<void>] {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const receiver = {
    onChunk: (chunk: Buffer) => onOutput(stream, chunk),
    onEnd() {
      onOutput(stream, undefined);
      end();
    },
  };
  return [{ fd, receiver }, ended];
}
