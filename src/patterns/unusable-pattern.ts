/** A regular expression that `RegExp` may take, and this doesn't. */
export class UnusablePatternError extends Error {
  /** What to do about it, a sentence without its end. */
  readonly hint: string;

  constructor(why: string, hint: string) {
    super(why);
    this.hint = hint;
  }
}
