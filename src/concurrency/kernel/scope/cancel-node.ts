/**
 * One place in the tree of scopes: whether it was cancelled, by what, until when it may run, and
 * what is inside it. The tree is the only truth: a wait looks upwards to see whether it is
 * cancelled, a cancellation walks downwards to wake what waits. Entering, leaving and absorbing
 * are done by `runInside`, tasks and groups; user code sees a node as a `CancelScope`.
 */
import type { Clock } from '../clock/clock.ts';
import { CancelledError, type CancelSource, ScopeEndedError } from '../errors/own-errors.ts';
import { Deadline } from './deadline.ts';
import { addRoot, MemberList, type ReachEffects, reachAll, removeRoot, ScopeMember } from './member.ts';

const none: readonly ScopeMember[] = [];
let cancellations = 0;

/** A scope as the kernel sees it. */
export class CancelNode extends ScopeMember {
  readonly label: string;
  readonly #forgivesStalls: boolean;
  /** The outermost scope of a child of a group. */
  readonly isTask: boolean;
  /** Set when a cancellation was absorbed on leaving. */
  caught = false;
  /** A second scope whose cancellation counts here: the one around a pending `start`. */
  also: CancelNode | undefined;
  #state: 'new' | 'open' | 'left' = 'new';
  #parent: CancelNode | undefined;
  /** The task that it was entered in; known still to code that outlives the node. */
  #task: CancelNode | undefined;
  #isRoot = false;
  #clock: Clock | undefined;
  #members: MemberList | undefined;
  #cancelled: CancelledError | undefined;
  /** Which cancellation of the whole program this was. */
  #order = 0;
  #shield: boolean;
  /** Made when there is one; most nodes have none. */
  #deadline: Deadline | undefined;
  #abort: AbortController | undefined;

  constructor(label: string, { shield = false, forgivesStalls = false, isTask = false } = {}) {
    super();
    this.label = label;
    this.isTask = isTask;
    this.#shield = shield;
    this.#forgivesStalls = forgivesStalls;
  }

  get inner(): Iterable<ScopeMember> {
    return this.#members ?? none;
  }

  get isNew(): boolean {
    return this.#state === 'new';
  }

  override get isShielded(): boolean {
    return this.#shield;
  }

  /** Turning a shield off in a cancelled surrounding ends pending waits at once. */
  override set isShielded(shield: boolean) {
    this.#shield = shield;
    if (!shield && this.#state === 'open' && this.effective() !== undefined) this.#spread();
  }

  /** Its own cancellation, whoever asked for it; a passed deadline counts while it is open. */
  get cancelled(): CancelledError | undefined {
    if (this.#deadline?.hasPassed === true) this.cancel('deadline', undefined);
    return this.#cancelled;
  }

  get deadline(): number {
    return this.#deadline?.timeMs ?? Number.POSITIVE_INFINITY;
  }

  set deadline(timeMs: number) {
    if (this.#deadline === undefined) {
      if (timeMs === Number.POSITIVE_INFINITY) return;
      this.#deadline = new Deadline(() => this.cancel('deadline', undefined), this.#forgivesStalls);
      if (this.#state === 'open' && this.#cancelled === undefined) this.#deadline.start(this.#clock!);
    }
    this.#deadline.timeMs = timeMs;
  }

  /** Aborts when `effective` becomes a cancellation, with it as the reason; made when first asked for. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      const error = this.#state === 'left' ? this.#cancelled : this.effective();
      if (error !== undefined) this.#abort.abort(error);
    }
    return this.#abort.signal;
  }

  /** Puts the node inside `parent`, its deadline on `clock`. A node is entered once. */
  enter(parent: CancelNode | undefined, clock: Clock): void {
    if (this.#state !== 'new')
      throw new Error(`Cannot enter the scope "${this.label}" again: make a new one`);
    this.#state = 'open';
    this.#clock = clock;
    this.#parent = parent;
    this.#task = this.isTask ? this : parent?.task;
    this.#isRoot = parent === undefined;
    if (parent === undefined) addRoot(this);
    else parent.add(this);
    if (this.#cancelled === undefined) this.#deadline?.start(clock);
    if (this.#abort !== undefined && this.effective() !== undefined) this.#spread();
  }

  /** Closes the node. Waits that nobody awaited end here. Returns whether cancellations stop here. */
  leave(): boolean {
    const outside = this.visibleParent?.seen() ?? this.visibleCaller?.seen();
    const absorbs = this.#cancelled !== undefined && outside === undefined;
    this.#state = 'left';
    this.#deadline?.stop();
    if (this.#isRoot) removeRoot(this);
    this.#parent = undefined;
    this.unlink();
    if (this.#members !== undefined && !this.#members.isEmpty) this.#spread();
    return absorbs;
  }

  add(member: ScopeMember): void {
    this.#members ??= new MemberList();
    this.#members.add(member);
  }

  /** The first cancellation asked for wins; later ones change nothing. */
  cancel(source: CancelSource, reason: unknown): void {
    if (this.#cancelled !== undefined) return;
    this.#cancelled = new CancelledError(source, reason, this.label);
    this.#order = ++cancellations;
    this.#deadline?.stop();
    if (this.#state === 'open') this.#spread();
  }

  /**
   * Why a wait that begins here throws: the earliest cancellation of the scopes around it up to the
   * nearest shield, or the end of one of them; undefined when it does not. Deadlines that have
   * passed unnoticed count.
   */
  effective(): Error | undefined {
    // Nearly every wait finds nothing: who has looked at all of them need not look again.
    let isClear = true;
    for (let node: CancelNode | undefined = this; node !== undefined; node = node.visibleParent) {
      if (node.#deadline?.hasPassed === true) node.cancel('deadline', undefined);
      const caller = node.visibleCaller;
      caller?.effective();
      if (node.#cancelled !== undefined || node.#state === 'left' || caller !== undefined) isClear = false;
    }
    return isClear ? undefined : this.seen();
  }

  /** The same without looking at the time: what the code inside can have seen until now. */
  seen(): Error | undefined {
    return this.#earliest()?.reason;
  }

  /** The task that this scope is in, shields or not; undefined: it is in none. */
  get task(): CancelNode | undefined {
    return this.#task;
  }

  /** Its name, after those of the scopes around it while it is open: `group > worker`. */
  get trail(): string {
    return this.#parent === undefined ? this.label : `${this.#parent.trail} > ${this.label}`;
  }

  /** Whether `other` is around this scope, shields or not. */
  isInside(other: CancelNode): boolean {
    let node = this.#parent;
    while (node !== undefined && node !== other) node = node.#parent;
    return node !== undefined;
  }

  /** The scope around this one while it is open, in sight or not. */
  get parent(): CancelNode | undefined {
    return this.#parent;
  }

  /** The scope around this one, unless it is out of sight behind a shield. */
  get visibleParent(): CancelNode | undefined {
    return this.#shield ? undefined : this.#parent;
  }

  /** The scope around the pending `start` of this task, unless it is out of sight. */
  get visibleCaller(): CancelNode | undefined {
    return this.#shield ? undefined : this.also;
  }

  reach(effects: ReachEffects): void {
    const abort = this.#abort;
    if (abort === undefined) return;
    const error = this.seen();
    effects.aborts.push(() => abort.abort(error));
  }

  #earliest(): Visible | undefined {
    let first: Visible | undefined;
    for (let node: CancelNode | undefined = this; node !== undefined; node = node.visibleParent) {
      if (node.#state === 'left') return { reason: new ScopeEndedError(node.label), order: 0 };
      if (node.#cancelled !== undefined)
        first = earlier(first, { reason: node.#cancelled, order: node.#order });
      const caller = node.visibleCaller;
      if (caller !== undefined) first = earlier(first, caller.#earliest());
    }
    return first;
  }

  #spread(): void {
    const effects: ReachEffects = { waits: [], aborts: [] };
    if (this.#state === 'open') this.reach(effects);
    reachAll(this.inner, effects);
    for (const wait of effects.waits) wait.interrupt();
    for (const abort of effects.aborts) abort();
  }
}

interface Visible {
  readonly reason: Error;
  readonly order: number;
}

function earlier(a: Visible | undefined, b: Visible | undefined): Visible | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.order < a.order ? b : a;
}
