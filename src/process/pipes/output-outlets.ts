/**
 * Standard output and standard error of an instance, and the end of both.
 */
import type { StreamName } from '../../events/event.ts';
import type { LaunchRequest } from '../ports.ts';
import type { PipeReceiver } from './pipe-reader.ts';
import type { Outlet } from './stdio.ts';

export interface OutputOutlets extends OutputEnd {
  readonly outlets: readonly Outlet[];
}

export interface OutputEnd {
  /** Settles when both have ended. */
  readonly ended: Promise<void>;
  /** One of them hasn't ended yet. */
  readonly isOpen: () => boolean;
}

export function createOutputOutlets(onOutput: LaunchRequest['onOutput']): OutputOutlets {
  let open = 2;
  let settle = (): void => {};
  const ended = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const outlet = (fd: 1 | 2, stream: StreamName): Outlet => ({
    fd,
    receiver: {
      onChunk: (chunk) => onOutput(stream, chunk),
      onEnd() {
        onOutput(stream, undefined);
        open -= 1;
        if (open === 0) settle();
      },
    },
  });
  return { outlets: [outlet(1, 'stdout'), outlet(2, 'stderr')], ended, isOpen: () => open > 0 };
}

/** Both in one, as on a terminal: all of it is called standard output. */
export function createJoinedOutput(
  onOutput: LaunchRequest['onOutput'],
): OutputEnd & { readonly receiver: PipeReceiver } {
  const { outlets, ended, isOpen } = createOutputOutlets(onOutput);
  const [stdout, stderr] = outlets.map(({ receiver }) => receiver) as [PipeReceiver, PipeReceiver];
  const onEnd = (): void => {
    stdout.onEnd();
    stderr.onEnd();
  };
  return { receiver: { onChunk: stdout.onChunk, onEnd }, ended, isOpen };
}
