/**
 * The command line can't be obeyed: sentences for the user; the program ends with status 2 and starts nothing.
 */
import { printable } from '../events/printable.ts';

export class UsageError extends Error {
  override readonly name = 'UsageError';

  /** Each is a line of its message, whatever is quoted in it. */
  constructor(...sentences: readonly string[]) {
    super(sentences.map(printable).join('\n'));
  }
}
