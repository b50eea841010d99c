/**
 * Which part of a command line or an environment is more than Linux takes (execve(2)). Pure.
 */

/** MAX_ARG_STRLEN: 32 pages for one text, its end included. */
const LONGEST_TEXT = 131_072;

/** A clause with its remedy, to be put after `Cannot start "db": `. */
export function whatIsTooLong(argv: readonly string[], env: Readonly<Record<string, string>>): string {
  const index = argv.findIndex(isTooLong);
  if (index === 0) return 'its command is longer than the 128 KiB that the system takes; shorten it';
  if (index > 0) {
    const what =
      argv[0] === '/bin/sh' && argv[1] === '-c' ? 'its script' : `argument ${index} of its command`;
    return `${what} has ${kibibytes(argv[index] ?? '')}, and the system takes 128 KiB for one; shorten it`;
  }
  const texts = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const long = texts.find(isTooLong);
  if (long !== undefined) {
    const name = JSON.stringify(long.slice(0, long.indexOf('=')));
    return `its environment variable ${name} has ${kibibytes(long)}, and the system takes 128 KiB for one; shorten it`;
  }
  const all = [...argv, ...texts].join('\0');
  return `its arguments and environment have ${kibibytes(all)} together, and the system takes a quarter of the stack limit (2 MiB with ulimit -s 8192); shorten them`;
}

function isTooLong(text: string): boolean {
  return Buffer.byteLength(text) >= LONGEST_TEXT;
}

function kibibytes(text: string): string {
  return `${Math.ceil(Buffer.byteLength(text) / 1024)} KiB`;
}
