/**
 * Takes what is asked of a graph that runs: plans it, does it, and tells when it has come to its end.
 *
 * A request is planned and applied in one turn, in the order of arrival; what follows is done by the services' own lives.
 * Nothing here waits.
 */
import { describeCause } from '../../events/describe.ts';
import type { Announce } from '../service/announce.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Shutdown } from '../shutdown/shutdown.ts';
import { applyChange, wakeConcerned } from './apply-change.ts';
import type { Answer, Change, Command, RequestOptions, Settlement, Ticket } from './command.ts';
import { beforeNew, othersOf } from './expected.ts';
import { judgeRequest, type Open } from './judge.ts';
import { matchNames } from './match-names.ts';
import { type Planned, planCommand } from './plan.ts';

export interface Commanded {
  /** Dependencies before what needs them. */
  readonly order: () => readonly ServiceNode[];
  readonly shutdown: Shutdown;
  readonly announce: Announce;
  /** Number of the last event. */
  readonly seq: () => number;
  /** Why no instance of it could be started now, a sentence; undefined: nothing is known to stand against it. */
  readonly foresee: (service: string) => string | undefined;
  /** The name that is nearest to one that nobody has. */
  readonly suggest: (name: string, names: readonly string[]) => string | undefined;
}

type OpenTicket = Open & { readonly settle: (settlement: Settlement) => void };

export class Requests {
  readonly #graph: Commanded;
  readonly #tickets = new Map<string, Ticket>();
  readonly #open = new Map<string, OpenTicket>();
  #count = 0;
  #isAnyDown = false;
  #isSettling = false;

  constructor(graph: Commanded) {
    this.#graph = graph;
  }

  /** Whether any was ever taken. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** Whether one keeps a service down. */
  get isAnyDown(): boolean {
    return this.#isAnyDown;
  }

  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  submit(command: Command, options: RequestOptions = {}): Ticket {
    const { id = this.#nextId(), dryRun = false } = options;
    const known = this.#tickets.get(id);
    if (known !== undefined) return known;
    const planned = this.#plan(command, options);
    if ('code' in planned) return this.#refuse(id, command, planned, dryRun);
    const replaces = this.#replacedBy(planned.changes);
    const answer: Answer = {
      kind: 'accepted',
      seq: this.#graph.seq(),
      plan: planned.changes,
      replaces: replaces.map((open) => open.id),
    };
    if (dryRun) return { id, answer, settled: Promise.resolve(UNCHANGED) };
    this.#count += 1;
    return this.#accept(id, command, planned, answer);
  }

  /** Somebody may have chosen a name like these. */
  #nextId(): string {
    let number = this.#count + 1;
    while (this.#tickets.has(`r${number}`)) number += 1;
    return `r${number}`;
  }

  /** Of very many the oldest that are settled are known no more. */
  #remember(ticket: Ticket): void {
    this.#tickets.set(ticket.id, ticket);
    for (const id of this.#tickets.keys()) {
      if (this.#tickets.size <= MOST_KNOWN) return;
      if (!this.#open.has(id)) this.#tickets.delete(id);
    }
  }

  /** Settles what has come to its end. Call it whenever anything has changed. */
  settle(): void {
    if (this.#isSettling || this.#open.size === 0) return;
    this.#isSettling = true;
    const { cause } = this.#graph.shutdown;
    const why = cause === undefined ? undefined : describeCause(cause);
    for (const open of this.#open.values()) {
      const settlement = judgeRequest(open, why);
      if (settlement !== undefined) this.#end(open, settlement);
    }
    this.#isSettling = false;
  }

  #plan(command: Command, { expect, failIfBusy }: RequestOptions): Planned | Refusal {
    const all = this.#graph.order();
    const names = all.map(({ name }) => name);
    const { found, unknown } = matchNames(command.names, names);
    if (unknown !== undefined) {
      const near = this.#graph.suggest(unknown, names);
      const hint = near === undefined ? '' : `; did you mean "${near}"?`;
      return { code: 'unknown-service', why: `there is no service "${unknown}"${hint}` };
    }
    if (expect !== undefined && expect !== this.#graph.seq())
      return { code: 'changed', why: `something has changed since event ${expect}` };
    const isUp = command.kind === 'start' || command.kind === 'restart';
    if (isUp && this.#graph.shutdown.cause !== undefined)
      return { code: 'shutting-down', why: describeCause(this.#graph.shutdown.cause) };
    const named = all.filter(({ name }) => found.has(name));
    const still =
      command.kind === 'signal' ? named.find((node) => node.passOn === undefined || node.isCall) : undefined;
    if (still !== undefined) return { code: 'not-running', why: `"${still.name}" has no process that runs` };
    const planned = planCommand(command, named, all);
    const trouble = planned.changes
      .filter(({ change }) => change === 'restart')
      .map(({ service }) => this.#graph.foresee(service))
      .find((why) => why !== undefined);
    if (trouble !== undefined) return { code: 'cannot-start', why: trouble };
    if (failIfBusy === true) {
      const [other] = this.#replacedBy(planned.changes);
      if (other !== undefined)
        return { code: 'busy', why: `it would replace ${other.id}, which is not settled` };
    }
    return planned;
  }

  #refuse(id: string, { kind }: Command, { code, why }: Refusal, isDry: boolean): Ticket {
    const answer: Answer = { kind: 'refused', code, why };
    const settlement: Settlement = {
      outcome: 'refused',
      services: [],
      why,
      status: code === 'not-running' ? 1 : 2,
    };
    const ticket = { id, answer, settled: Promise.resolve(settlement) };
    if (isDry) return ticket;
    this.#count += 1;
    this.#remember(ticket);
    this.#graph.announce({ type: 'request.refused', request: id, kind, code, why });
    return ticket;
  }

  #accept(
    id: string,
    command: Command,
    { named, changes }: Planned,
    answer: Answer & { readonly kind: 'accepted' },
  ): Ticket {
    const nodes = new Map(this.#graph.order().map((node) => [node.name, node]));
    const others = othersOf(command, changes, nodes).filter((node) => !named.includes(node));
    const after = new Map([...named, ...others].map((node) => [node, beforeNew(command, node, changes)]));
    const ends = new Map([...named, ...others].map((node) => [node, node.ends]));
    this.#graph.announce({
      type: 'request.accepted',
      request: id,
      kind: command.kind,
      names: [...command.names],
      plan: changes,
      replaces: answer.replaces,
    });
    for (const change of changes)
      applyChange(this.#graph.announce, id, command, change, nodes.get(change.service)!);
    this.#isAnyDown = this.#graph.order().some((node) => node.isDownByRequest);
    if (changes.length > 0) wakeConcerned(changes, this.#graph.order());
    let settle: (settlement: Settlement) => void = () => {};
    const settled = new Promise<Settlement>((resolve) => {
      settle = resolve;
    });
    const ticket = { id, answer, settled };
    const open = { id, command, named, others, after, ends, settle };
    this.#open.set(id, open);
    this.#remember(ticket);
    const already = changes.length === 0 ? judgeRequest(open, undefined) : undefined;
    if (already?.outcome === 'reached' && command.kind !== 'wait')
      this.#end(open, { ...already, outcome: 'unchanged', status: 0 });
    this.settle();
    return ticket;
  }

  #replacedBy(changes: readonly Change[]): readonly OpenTicket[] {
    const stopped = new Set(changes.filter(({ change }) => change === 'stop').map(({ service }) => service));
    const up = new Set(changes.filter(({ change }) => change !== 'stop').map(({ service }) => service));
    return [...this.#open.values()].filter(({ command, named }) => {
      if (command.kind === 'stop') return named.some(({ name }) => up.has(name));
      if (command.kind === 'wait' || command.kind === 'signal') return false;
      return named.some(({ name }) => stopped.has(name));
    });
  }

  #end(open: OpenTicket, settlement: Settlement): void {
    this.#open.delete(open.id);
    const { outcome, services, why, by } = settlement;
    this.#graph.announce({
      type: 'request.settled',
      request: open.id,
      outcome: outcome as Exclude<Settlement['outcome'], 'refused'>,
      services,
      ...(why !== undefined && { why }),
      ...(by !== undefined && { by }),
    });
    open.settle(settlement);
  }
}

type Refusal = Omit<Answer & { readonly kind: 'refused' }, 'kind'>;

/** Whoever asks with the same name again does so soon. */
const MOST_KNOWN = 1000;

const UNCHANGED: Settlement = { outcome: 'unchanged', services: [], status: 0 };
