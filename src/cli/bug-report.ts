/**
 * What is said of a bug of orderly itself: its trace, in which file it is on this machine, and what whoever mends it
 * needs to know. Pure.
 */
import { printableLines } from '../events/printable.ts';

export interface Installation {
  readonly version: string;
  /** The bundle that runs; undefined: it isn't bundled. */
  readonly file: string | undefined;
  /** Of Node. */
  readonly node: string;
  /** `linux x64` */
  readonly platform: string;
}

/** The bundle's name in a trace: compiled code keeps that of the folder in which it was built. */
const BUNDLE = /[^\s(]*\borderly\.cjs(?=:\d+:\d+)/g;

/** Ends with a line end. */
export function bugReport(error: unknown, { version, file, node, platform }: Installation): string {
  const trace = traceOf(error);
  const here = file === undefined ? trace : trace.replaceAll(BUNDLE, () => file);
  const where = file === undefined ? '' : ` in ${file}`;
  return printableLines(
    [
      `orderly: a bug of orderly itself: ${here}`,
      `orderly: this is orderly ${version}${where}, on Node ${node}, ${platform}`,
      'orderly: please report it with these lines and your configuration, where you have the package orderlyd from',
      '',
    ].join('\n'),
  );
}

/** Anything can be thrown, also what can't be made a text. */
function traceOf(error: unknown): string {
  try {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } catch {
    return 'something was thrown that has no text';
  }
}
