/** The command line can't be obeyed: a sentence for the user; the program ends with status 2 and starts nothing. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
