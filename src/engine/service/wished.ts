/**
 * What is wanted of a service, and whether it has had it: the half of a service that requests write.
 *
 * Its own life tells what became of a wish; what follows from a wish is the life's affair.
 */
import { Pulse } from './pulse.ts';

// What is wanted of a service: that it runs, or that it does not. Pure data.
//
// Only the application of a request's plan writes it; the start of a run and its shutdown are requests too. No life, probe,
// edge or timer does.

/** On whose behalf a wish was made. */
export type WishedBy =
  | 'file'
  | 'selection'
  | 'person'
  | 'lease'
  | 'reload'
  | 'rollback'
  | 'scale'
  | 'shutdown';

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

const WISH_OF_THE_FILE: Wish = { number: 1, by: 'file', request: undefined, down: undefined };

/** It was not chosen when the run began. */
export const WISH_OF_THE_SELECTION: Wish = {
  number: 1,
  by: 'selection',
  request: undefined,
  down: { reason: 'it was not selected', by: 'selection', isNamed: true, along: new Set() },
};

/** A request keeps it down, by its name or along with others, and not the end of the run. */
function isDownByRequest({ down }: Wish): boolean {
  return down !== undefined && down.by !== 'shutdown';
}

/** Somebody has stopped it, who may want to start it again. */
function isDownByPerson({ down }: Wish): boolean {
  return down?.by === 'person';
}

/** What it needs has failed, and that service's `on_failure` takes it along. */
interface Fall {
  readonly reason: string;
  readonly failed: Wished;
  /** The wish that failed. */
  readonly wish: number;
}

export class Wished {
  /** Fires when something changed that this service may be waiting for: a neighbour, or what is wanted of it. */
  readonly pulse = new Pulse();
  /** Its instance's end is decided, its clean-ups may go on. */
  isEnding = false;
  /** A wish that came meanwhile: the next instance follows at once. */
  renewed = false;
  /** Whose failure it is that it must stop or may not start; undefined: nobody's. */
  fault: string | undefined;

  /** The request that brings another graph in force: it has no new instance before that. */
  heldBy: string | undefined;

  #wish: Wish;
  #upWish: number;
  /** On whose behalf it last was to run. */
  #upBy: WishedBy;
  /** It came to the graph stopped, and has not been to run since: nothing was wished that a lift could go on with. */
  #isNewlyDown: boolean;
  #spent = false;
  #wasReady = false;
  #fall: Fall | undefined;

  constructor(wish: Wish = WISH_OF_THE_FILE) {
    this.#wish = wish;
    this.#upWish = wish.number;
    this.#upBy = wish.by;
    this.#isNewlyDown = wish.down !== undefined;
  }

  get wish(): Wish {
    return this.#wish;
  }

  /** The number of the last wish that it runs. */
  get upWish(): number {
    return this.#upWish;
  }

  get isWantedUp(): boolean {
    return this.#wish.down === undefined;
  }

  /** A request keeps it down, and not the end of the run. */
  get isDownByRequest(): boolean {
    return isDownByRequest(this.#wish);
  }

  /** A change of the graph takes it down: nobody but another one brings it back. */
  get isLeaving(): boolean {
    const by = this.#wish.down?.by;
    return by === 'reload' || by === 'rollback' || by === 'scale';
  }

  /** The request that keeps it down; undefined: none does. */
  get stoppedBy(): string | undefined {
    return this.isDownByRequest ? this.#wish.request : undefined;
  }

  /** Somebody has stopped it, who may want to start it again. */
  get isDownByPerson(): boolean {
    return isDownByPerson(this.#wish);
  }

  /** It has had what it was wished: it ended with success, failed for good, or stopped for good for a loss. */
  get spent(): boolean {
    return this.#spent;
  }

  /** A person began this, and it has never been ready: that person is told of its failure, nobody else falls. */
  get isContained(): boolean {
    return this.#upBy !== 'file' && !this.#wasReady;
  }

  /** Why it must stop, or may not start. */
  get stopReason(): string | undefined {
    return this.#fallen?.reason ?? this.#wish.down?.reason;
  }

  /** Until what failed is wanted again. */
  get #fallen(): Fall | undefined {
    const fall = this.#fall;
    return fall?.failed.spent && fall.failed.upWish === fall.wish ? fall : undefined;
  }

  /** It is to stop, or not to start, since what it needs failed. */
  fallWith(failed: Wished & { readonly name: string }, reason: string): void {
    if (this.stopReason === undefined) this.fault = failed.name;
    this.#fall = { reason, failed, wish: failed.upWish };
    this.pulse.fire();
  }

  /** It has nothing to do with that failure any more, unless `reaches` says so. */
  forgetFall(reaches: (failed: Wished) => boolean): void {
    if (this.#fall !== undefined && !reaches(this.#fall.failed)) this.#fall = undefined;
  }

  /** A new wish, made by a request: that it does not run. `fault`: whose failure that is. */
  wantDown(down: Down, request: string | undefined, fault?: string): void {
    if (this.stopReason === undefined) this.fault = fault;
    this.#wish = { number: this.#wish.number + 1, by: down.by, request, down };
    this.pulse.fire();
  }

  /** The same wish, by fewer. */
  changeDown(down: Down): void {
    this.#wish = { ...this.#wish, down };
  }

  /**
   * A new wish, made by a request: that it runs. Failures before it count no more. `isOnlyLifted`: a stop is taken back, and
   * what it has had it need not have again.
   */
  wantUp(by: Wish['by'], request: string | undefined, isOnlyLifted = false): void {
    const number = this.#wish.number + 1;
    this.#wish = { number, by, request, down: undefined };
    this.#upBy = by;
    if (!isOnlyLifted || this.#isNewlyDown) this.#upWish = number;
    this.#isNewlyDown = false;
    if (!isOnlyLifted) {
      this.#spent = false;
      this.#wasReady = false;
    }
    if (this.isEnding) this.renewed = true;
    this.pulse.fire();
  }

  /** It has had what it was wished. */
  spend(): void {
    this.#spent = true;
  }

  noteReady(): void {
    this.#wasReady = true;
  }
}
