/**
 * Text that may be shown anywhere: what a record quotes may be anything, terminal commands too. Pure.
 */

/** On one line, without control characters, halves of pairs, and what XML doesn't allow. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]+/gu, ' ');
}
