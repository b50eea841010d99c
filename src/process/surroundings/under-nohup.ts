/**
 * Whether somebody asked that the end of the terminal be no end for us.
 *
 * nohup ignores SIGHUP, and Node takes that back when it starts; so it is known by what else nohup does.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

export interface NohupSigns {
  /** `_`: bash and zsh put the program there that they executed. */
  readonly executed: string | undefined;
  /** What stdin, stdout and stderr are, as paths. */
  readonly streams: readonly (string | undefined)[];
  /** stdin can only be written to: GNU nohup opens `/dev/null` so in place of a terminal. */
  readonly stdinIsWriteOnly: boolean;
}

/** Pure. */
export function isNohup({ executed, streams, stdinIsWriteOnly }: NohupSigns): boolean {
  const [stdin, ...others] = streams;
  return (
    basename(executed ?? '') === 'nohup' ||
    (stdin === '/dev/null' && stdinIsWriteOnly) ||
    others.some((path) => basename(path ?? '') === 'nohup.out')
  );
}

/** Looks at this process. Never throws. */
export function isUnderNohup(): boolean {
  return isNohup({
    executed: process.env._,
    streams: [0, 1, 2].map(pathOf),
    stdinIsWriteOnly: accessMode(0) === O_WRONLY,
  });
}

const O_ACCMODE = 3;
const O_WRONLY = 1;

function pathOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    // Closed, or no /proc.
    return undefined;
  }
}

/** The flags are octal (proc(5)). */
function accessMode(fd: number): number | undefined {
  try {
    const flags = /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1];
    return flags === undefined ? undefined : Number.parseInt(flags, 8) & O_ACCMODE;
  } catch {
    // As above.
    return undefined;
  }
}
