/**
 * Takes what is asked of a graph that runs: plans it, does it, and tells when it has come to its end.
 *
 * A request is planned and applied in one turn, in the order of arrival; what follows is done by the services' own lives.
 * Nothing here waits.
 */
import { describeCause } from '../../events/describe.ts';
import type { Plan } from '../../graph/plan-run.ts';
import type { Announce } from '../service/announce.ts';
import type { ServiceNode } from '../service/node.ts';
import { applyChange, applyToGraph, wakeConcerned } from './apply-change.ts';
import {
  type Answer,
  type Change,
  type Command,
  describeOptions,
  type GraphCommand,
  isGraphCommand,
  type RequestOptions,
  type Settlement,
  type Ticket,
} from './command.ts';
import { beforeNew, othersOf } from './expected.ts';
import type { GraphChange } from './graph-changes.ts';
import { judgeRequest, type Open } from './judge.ts';
import { type Plannable, type PlannedRequest, planRequest, type Refusal, worstMs } from './plan-request.ts';

export interface Commanded extends Plannable {
  readonly announce: Announce;
  /** Begins to do what has been accepted. */
  readonly changeGraph: (change: GraphChange) => void;
  /** The same of replicas that are replaced one after the other. */
  readonly roll: (roll: Roll) => void;
  /** Number of the last event. */
  readonly seq: () => number;
}

/** Replicas that are replaced one after the other. */
export interface Roll {
  readonly request: string;
  readonly members: readonly ServiceNode[];
  readonly parallel: number;
  readonly settleMs: number;
  /** Asks one to go, and to come again. */
  readonly replace: (node: ServiceNode) => void;
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
    const graceMs = command.kind === 'stop' ? command.graceMs : undefined;
    const { plan } = this.#graph.graphs.inForce;
    const answer: Answer = {
      kind: 'accepted',
      seq: this.#graph.seq(),
      plan: planned.changes,
      worstMs: worstMs(planned.changes, this.#graph.order(), plan, graceMs),
      replaces: this.#replacedBy(command, planned.changes),
    };
    if (dryRun) return { id, answer, settled: Promise.resolve(UNCHANGED) };
    this.#count += 1;
    return this.#accept(id, command, planned, answer, options.client);
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

  #plan(command: Command, { expect, failIfBusy }: RequestOptions): PlannedRequest | Refusal {
    if (expect !== undefined && expect !== this.#graph.seq())
      return { code: 'changed', why: `something has changed since event ${expect}` };
    const planned = planRequest(command, this.#graph);
    if ('code' in planned || failIfBusy !== true) return planned;
    const [id] = this.#replacedBy(command, planned.changes);
    return id === undefined ? planned : { code: 'busy', why: `it would replace ${id}, which is not settled` };
  }

  #nodes(): ReadonlyMap<string, ServiceNode> {
    return new Map(this.#graph.order().map((node) => [node.name, node]));
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
    { named, changes, target, rolled = new Set() }: PlannedRequest,
    answer: Answer & { readonly kind: 'accepted' },
    client: string | undefined,
  ): Ticket {
    const nodes = this.#nodes();
    const others = othersOf(command, changes, nodes).filter((node) => !named.includes(node));
    const after = new Map([...named, ...others].map((node) => [node, beforeNew(command, node, changes)]));
    const ends = new Map([...named, ...others].map((node) => [node, node.past.ends]));
    const asked = describeOptions(command);
    this.#graph.announce({
      type: 'request.accepted',
      request: id,
      kind: command.kind,
      names: [...command.names],
      ...('labels' in command && command.labels !== undefined && { labels: [...command.labels] }),
      ...(Object.keys(asked).length > 0 && { options: asked }),
      ...(client !== undefined && { client }),
      plan: changes,
      ...(answer.worstMs > 0 && { worst_ms: answer.worstMs }),
      replaces: answer.replaces,
    });
    const { graphs } = this.#graph;
    const isSame = target !== undefined && graphs.isSame(target, changes);
    if (target !== undefined && !isSame) this.#beginGraph(id, command as GraphCommand, target, changes);
    const isLater = ({ service }: Change): boolean => rolled.has(nodes.get(service)!);
    for (const change of target === undefined ? changes : []) {
      const { service, change: what } = change;
      if (what === 'stop' || what === 'restart') graphs.leave(service);
      if (!isLater(change)) this.#apply(id, command, change, nodes.get(service)!);
    }
    this.#graph.leases.note(command, named);
    this.wake(changes.filter((change) => !isLater(change)));
    let settle: (settlement: Settlement) => void = () => {};
    const settled = new Promise<Settlement>((resolve) => {
      settle = resolve;
    });
    const ticket = { id, answer, settled };
    const open = { id, command, named, others, after, ends, settle };
    this.#open.set(id, open);
    this.#remember(ticket);
    if (command.kind === 'restart' && rolled.size > 0) this.#roll(id, command, changes, [...rolled]);
    const already = changes.length === 0 ? judgeRequest(open, undefined) : undefined;
    if (isSame) this.#end(open, UNCHANGED);
    else if (already?.outcome === 'reached' && command.kind !== 'wait')
      this.#end(open, { ...already, outcome: 'unchanged', status: 0 });
    this.settle();
    return ticket;
  }

  #apply(id: string, command: Command, change: Change, node: ServiceNode): void {
    applyChange(this.#graph.announce, id, command, change, node, this.#graph.leases);
  }

  #roll(
    request: string,
    command: Command & { readonly kind: 'restart' },
    changes: readonly Change[],
    members: readonly ServiceNode[],
  ): void {
    const { parallel = 1, settleMs = 0 } = command;
    const replace = (node: ServiceNode): void => {
      const change = changes.find(({ service }) => service === node.name)!;
      this.#apply(request, command, change, node);
      this.wake([change]);
    };
    this.#graph.roll({ request, members, parallel, settleMs, replace });
  }

  /** What has been planned of the graph begins, in the place of what was under way. */
  #beginGraph(id: string, command: GraphCommand, target: Plan, changes: readonly Change[]): void {
    const { graphs } = this.#graph;
    const older = graphs.current;
    const change = graphs.begin(id, command, target, changes);
    this.applyToGraph(change);
    const replaced = older === undefined ? undefined : this.#open.get(older.request);
    if (replaced !== undefined) this.#end(replaced, { outcome: 'replaced', services: [], by: id, status: 1 });
    this.#graph.changeGraph(change);
  }

  /** Does what a change of the graph plans, in this moment; the rest comes with the switch. */
  applyToGraph(change: GraphChange): void {
    const { request, by, changes } = change;
    for (const node of this.#graph.order()) node.heldBy = undefined;
    const nodes = this.#nodes();
    for (const one of changes) {
      const node = nodes.get(one.service);
      if (node !== undefined) applyToGraph(this.#graph.announce, request, by, one, node);
    }
    this.wake(changes);
  }

  /** Everybody concerned looks again. */
  wake(changes: readonly Change[]): void {
    this.#isAnyDown = this.#graph.order().some((node) => node.isDownByRequest);
    if (changes.length > 0) wakeConcerned(changes, this.#graph.order());
  }

  /** A change of the graph has come to its end. */
  settleGraph({ request }: GraphChange, settlement: Settlement): void {
    const open = this.#open.get(request);
    if (open !== undefined) this.#end(open, settlement);
  }

  /** The requests whose work it undoes; of two changes of the graph the newer one counts. */
  #replacedBy(asked: Command, changes: readonly Change[]): readonly string[] {
    const of = (kinds: ReadonlySet<Change['change']>) =>
      new Set(changes.filter(({ change }) => kinds.has(change)).map(({ service }) => service));
    const stopped = of(STOPS);
    const up = of(STARTS);
    const undone = [...this.#open.values()].filter(({ command, named }) => {
      if (isGraphCommand(command)) return isGraphCommand(asked);
      if (command.kind === 'stop') return named.some(({ name }) => up.has(name));
      if (command.kind === 'wait' || command.kind === 'signal') return false;
      return named.some(({ name }) => stopped.has(name));
    });
    return undone.map(({ id }) => id);
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

const STOPS: ReadonlySet<Change['change']> = new Set(['stop', 'remove', 'retire']);
const STARTS: ReadonlySet<Change['change']> = new Set(['start', 'lift', 'restart']);

/** Whoever asks with the same name again does so soon. */
const MOST_KNOWN = 1000;

const UNCHANGED: Settlement = { outcome: 'unchanged', services: [], status: 0 };
