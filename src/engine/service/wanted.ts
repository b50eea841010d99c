/**
 * What is wanted of a service: that it runs, or that it does not. Pure data.
 *
 * Only the application of a request's plan writes it; the start of a run and its shutdown are requests too. No life, probe,
 * edge or timer does.
 */

/** On whose behalf a wish was made. */
export type WishedBy = 'file' | 'selection' | 'person' | 'reload' | 'rollback' | 'scale' | 'shutdown';

/** Why it is not to run. */
export interface Down {
  /** A clause. */
  readonly reason: string;
  readonly by: WishedBy;
  /** Somebody named it; if not, it went along with others. */
  readonly isNamed: boolean;
  /** What it needs and was stopped: it is wanted again when the last of these is. */
  readonly along: ReadonlySet<string>;
  /** It is killed at once when its turn has come, or after that many milliseconds in place of its own grace. */
  readonly graceMs?: number | undefined;
}

/** One setting of it. */
export interface Wish {
  /** Counts from 1 for each service: which setting this is. */
  readonly number: number;
  readonly by: WishedBy;
  /** The request that made it; undefined: the start of the run, or its shutdown. */
  readonly request: string | undefined;
  /** Undefined: it is to run. */
  readonly down: Down | undefined;
}

export const WISH_OF_THE_FILE: Wish = { number: 1, by: 'file', request: undefined, down: undefined };

/** It was not chosen when the run began. */
export const WISH_OF_THE_SELECTION: Wish = {
  number: 1,
  by: 'selection',
  request: undefined,
  down: { reason: 'it was not selected', by: 'selection', isNamed: true, along: new Set() },
};

/** A request keeps it down, by its name or along with others, and not the end of the run. */
export function isDownByRequest({ down }: Wish): boolean {
  return down !== undefined && down.by !== 'shutdown';
}

/** Somebody has stopped it, who may want to start it again. */
export function isDownByPerson({ down }: Wish): boolean {
  return down?.by === 'person';
}
