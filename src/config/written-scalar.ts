/**
 * A number or truth value that reads back differently from how it was written (`1.10`, `0x1F`, `TRUE`): where a
 * text is wanted, the text is what was written.
 */

/** Holds both the value and its source. A class, so that no map of the document is taken for one. */
export class WrittenScalar {
  readonly value: number | boolean;
  readonly source: string;

  constructor(value: number | boolean, source: string) {
    this.value = value;
    this.source = source;
  }
}

/** The value alone. */
export function withoutSource(value: unknown): unknown {
  return value instanceof WrittenScalar ? value.value : value;
}
