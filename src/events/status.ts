/**
 * The status of a run as a fold of its events, so that status and log can't disagree.
 *
 * Pure. Each state carries just the data that is valid in it. Moves are not checked here (`state-table.ts` is for
 * those that announce): a fold believes its events.
 */
import type { OrderlyEvent, ShutdownCause, Survivor, WaitingFor } from './event.ts';
import type { Values } from './fact-shape.ts';
import type { FailureReport } from './failure.ts';

/** What every state has. */
interface In<State extends string> {
  readonly state: State;
  /** The number of the instance, 0 before the first. */
  readonly attempt: number;
  /** When this state began, on the scale of `ms`. */
  readonly sinceMs: number;
}
/** What the states of an instance have that may be alive. */
interface Running<State extends string> extends In<State> {
  /** Of its main process; undefined: it could not be spawned, or has ended. */
  readonly pid: number | undefined;
  /** When this instance was started, on the scale of `ms`. */
  readonly startedMs: number;
}

/**
 * Where a service is in its life. Times are in milliseconds on the scale of every event's `ms`: since the start of the
 * run, but `afterMs`, which is how long it took to become ready.
 */
export type ServiceStatus =
  | (In<'pending'> & { readonly waitingFor: readonly WaitingFor[] })
  | (Running<'starting'> & {
      /** Why it isn't ready yet, a clause; missing: that has not been told. */
      readonly detail?: string;
    })
  | (Running<'ready'> & {
      readonly afterMs: number;
      /** By what it is known to be ready, a clause. */
      readonly evidence: string;
      readonly values: Values;
      /** Why it isn't healthy, and since when on the scale of `ms`; missing: nothing speaks against it. */
      readonly unhealthy?: { readonly sinceMs: number; readonly detail: string };
    })
  | (Running<'stopping'> & { readonly reason: string; readonly deadlineMs: number })
  | (In<'cleaning'> & { readonly count: number })
  | (In<'backoff'> & { readonly untilMs: number; readonly failures: number; readonly cause: string })
  | In<'stopped'>
  | In<'completed'>
  | (In<'failed'> & { readonly cause: string; readonly output: readonly string[] })
  | (In<'skipped'> & { readonly because: string });

/** Where a whole run is. */
export interface RunStatus {
  /** Of the project; empty before the first event. */
  readonly name: string;
  readonly services: ReadonlyMap<string, ServiceStatus>;
  /** Undefined: it isn't going down. */
  readonly shutdown: ShutdownStatus | undefined;
  /** Undefined: it isn't over. */
  readonly finished:
    | {
        readonly status: number;
        readonly cause: string;
        readonly survivors: readonly Survivor[];
        readonly failure?: FailureReport;
      }
    | undefined;
}

/** A shutdown that is under way: since when, and how long it may take, in milliseconds. */
export interface ShutdownStatus {
  readonly cause: ShutdownCause;
  readonly sinceMs: number;
  readonly budgetMs: number | undefined;
  /** How many times a stop was insisted on: 1, 2 or 3. */
  readonly level: 1 | 2 | 3;
}

/** The status before the first event: where a fold begins. */
export const EMPTY_STATUS: RunStatus = {
  name: '',
  services: new Map(),
  shutdown: undefined,
  finished: undefined,
};

/** The status after the event; the same object if the event doesn't change it. Events count in the order of their `seq`. */
export function foldStatus(status: RunStatus, event: OrderlyEvent): RunStatus {
  switch (event.type) {
    case 'run.started': {
      const { services: all, selection = all, ms } = event;
      const services = all.map(
        (service) => [service, selection.includes(service) ? waiting(ms) : unselected(ms)] as const,
      );
      return { ...EMPTY_STATUS, name: event.name, services: new Map(services) };
    }
    case 'run.finished': {
      const { cause, survivors, failure } = event;
      const finished = { status: event.status, cause, survivors, ...(failure && { failure }) };
      return { ...status, finished };
    }
    case 'shutdown.requested':
      return {
        ...status,
        shutdown: { cause: event.cause, sinceMs: event.ms, budgetMs: event.budget_ms, level: 1 },
      };
    case 'shutdown.escalated':
      return status.shutdown === undefined
        ? status
        : { ...status, shutdown: { ...status.shutdown, level: event.level } };
    case 'graph.changed': {
      const services = new Map(status.services);
      for (const service of event.added) services.set(service, waiting(event.ms));
      return { ...status, services };
    }
    case 'service.removed': {
      const services = new Map(status.services);
      services.delete(event.service);
      return { ...status, services };
    }
    case 'output.dropped':
    case 'run.note':
    case 'request.accepted':
    case 'request.settled':
    case 'request.refused':
      return status;
    default: {
      const before = status.services.get(event.service);
      const after = foldService(before, event);
      if (after === undefined || after === before) return status;
      return { ...status, services: new Map(status.services).set(event.service, after) };
    }
  }
}

/** The status of the one service that the event is about; `before` itself if the event doesn't move it. */
export function foldService(
  before: ServiceStatus | undefined,
  event: OrderlyEvent,
): ServiceStatus | undefined {
  if (!('service' in event) || event.type === 'output.dropped') return before;
  const base = { attempt: event.attempt, sinceMs: event.ms };
  switch (event.type) {
    case 'service.pending':
      return { ...base, state: 'pending', waitingFor: event.waiting_for };
    case 'service.before':
      return { ...starting(before, event), detail: `runs "${event.run}" before it` };
    case 'service.starting':
      return starting(before, event);
    case 'service.ready': {
      const { after_ms: afterMs, evidence, values } = event;
      return { ...base, state: 'ready', ...processOf(before, event.ms), afterMs, evidence, values };
    }
    case 'service.stopping': {
      const { reason, deadline_ms: deadlineMs } = event;
      return { ...base, state: 'stopping', ...processOf(before, event.ms), reason, deadlineMs };
    }
    case 'service.cleaning':
      return { ...base, state: 'cleaning', count: event.count };
    case 'service.backoff': {
      const { failures, cause } = event;
      return { ...base, state: 'backoff', untilMs: event.ms + event.delay_ms, failures, cause };
    }
    case 'service.stopped':
      return { ...base, state: 'stopped' };
    case 'service.completed':
      return { ...base, state: 'completed' };
    case 'service.failed':
      return { ...base, state: 'failed', cause: event.cause, output: event.output };
    case 'service.skipped':
      return { ...base, state: 'skipped', because: event.because };
    case 'service.unready':
      return before?.state === 'starting' ? { ...before, detail: event.detail } : before;
    case 'service.unhealthy':
      return before?.state === 'ready'
        ? { ...before, unhealthy: { sinceMs: event.ms, detail: event.detail } }
        : before;
    case 'service.healthy': {
      if (before?.state !== 'ready') return before;
      const { unhealthy: _, ...healthy } = before;
      return healthy;
    }
    case 'service.exited':
      return before !== undefined && 'pid' in before ? { ...before, pid: undefined } : before;
    case 'service.wanted':
    case 'service.removed':
    case 'service.killed':
    case 'service.cleanup':
    case 'service.note':
    case 'service.background':
    case 'log':
      return before;
  }
}

/** An instance of it is alive or being cleaned up after, as far as the events tell. */
export function isActive(status: ServiceStatus): boolean {
  const { state } = status;
  return state === 'starting' || state === 'ready' || state === 'stopping' || state === 'cleaning';
}

/** A process of it runs, as far as the events tell: its main one, or a clean-up. */
export function hasProcess(status: ServiceStatus): boolean {
  return status.state === 'cleaning' || ('pid' in status && status.pid !== undefined);
}

/** It has been since the first of what runs before it. */
function starting(
  before: ServiceStatus | undefined,
  { attempt, pid, ms }: OrderlyEvent & { readonly type: 'service.before' | 'service.starting' },
): ServiceStatus & { readonly state: 'starting' } {
  const isSame = before?.state === 'starting' && before.attempt === attempt;
  return { state: 'starting', attempt, sinceMs: isSame ? before.sinceMs : ms, pid, startedMs: ms };
}

function waiting(sinceMs: number): ServiceStatus {
  return { state: 'pending', attempt: 0, sinceMs, waitingFor: [] };
}

function unselected(sinceMs: number): ServiceStatus {
  return { state: 'stopped', attempt: 0, sinceMs };
}

function processOf(
  before: ServiceStatus | undefined,
  ms: number,
): { pid: number | undefined; startedMs: number } {
  if (before !== undefined && 'startedMs' in before) return { pid: before.pid, startedMs: before.startedMs };
  return { pid: undefined, startedMs: ms };
}
