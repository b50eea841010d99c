/**
 * Whether there is a terminal, so that a SIGINT comes from the Ctrl-C of a person, who waits. Without one it is a signal
 * like SIGTERM: some images have it for their STOPSIGNAL. Pure.
 */
export interface StandardStreams {
  /** Each: it is a terminal. */
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
}

/** One is enough: a person who redirects the others still sees it, or types. */
export function isInteractive({ stdin, stdout, stderr }: StandardStreams): boolean {
  return stdin || stdout || stderr;
}
