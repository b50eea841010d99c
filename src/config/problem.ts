/**
 * What is wrong with a configuration, before and after its place is known.
 *
 * Validation and the graph work on plain values and name a problem by its path; only when there is one is the
 * text read again, slowly, to find the line. So a good configuration never pays for places.
 */

/** Where in the document: keys and list positions from the root. */
export type ConfigPath = readonly (string | number)[];

/** Something wrong with a configuration, before its place in a file is known. */
export interface Problem {
  /** With an error nothing is started. */
  readonly severity: 'error' | 'warning';
  /** A sentence without its full stop. */
  readonly message: string;
  /** Empty: it is about the whole. */
  readonly path: ConfigPath;
  /** Mark the key at the path, not its value (an unknown key). */
  readonly atKey?: boolean;
  /** What to do about it, a sentence. */
  readonly hint?: string;
  /** Further places that belong to it (the edges of a cycle), in order. */
  readonly trail?: readonly { readonly path: ConfigPath; readonly message: string }[];
}

/** A position in a file, both counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of that line, without its end. */
  readonly lineText: string;
  /** How many characters of it to mark. */
  readonly length: number;
}

/** Something wrong with a configuration that was read from a file, and where. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** A sentence without its full stop. */
  readonly message: string;
  /** Undefined: it is about no place of a file. */
  readonly place: Place | undefined;
  /** What to do about it, a sentence. */
  readonly hint: string | undefined;
  /** Further places that belong to it (the edges of a cycle), in order. */
  readonly trail: readonly { readonly place: Place | undefined; readonly message: string }[];
}
