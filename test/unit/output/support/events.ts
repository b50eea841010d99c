/** Events for tests: facts with numbers and times, and the status they lead to. */
import type { Fact, OrderlyEvent } from '../../../../src/events/event.ts';
import type { FailureReport } from '../../../../src/events/failure.ts';
import { EMPTY_STATUS, foldStatus, type RunStatus } from '../../../../src/events/status.ts';

export type Timed = readonly [ms: number, fact: Fact];

export function eventAt(ms: number, fact: Fact, seq = 1): OrderlyEvent {
  return { seq, time: new Date(ms).toISOString(), ms, ...fact };
}

export function eventsOf(facts: readonly Timed[]): OrderlyEvent[] {
  return facts.map(([ms, fact], index) => eventAt(ms, fact, index + 1));
}

export function statusOf(facts: readonly Timed[]): RunStatus {
  return eventsOf(facts).reduce(foldStatus, EMPTY_STATUS);
}

export function runStarted(...services: string[]): Fact {
  return { type: 'run.started', name: 'shop', services, dependencies: {}, pid: 1 };
}

export function starting(service: string, attempt = 1): Fact {
  return { type: 'service.starting', service, attempt, pid: 100 };
}

export function ready(service: string, after_ms: number, evidence = 'spawned'): Fact {
  return { type: 'service.ready', service, attempt: 1, after_ms, evidence, values: {} };
}

export function stopping(service: string, deadline_ms: number, reason = 'SIGINT'): Fact {
  return { type: 'service.stopping', service, attempt: 1, reason, deadline_ms };
}

export function cleaning(service: string): Fact {
  return { type: 'service.cleaning', service, attempt: 1, count: 1 };
}

export function stopped(service: string): Fact {
  return { type: 'service.stopped', service, attempt: 1 };
}

export function failed(service: string, cause: string, output: readonly string[] = []): Fact {
  const facts = { kind: 'exited', advice: 'see why' } as const;
  return { type: 'service.failed', service, attempt: 1, cause, ...facts, output };
}

export function interrupted(budget_ms: number | undefined = 2000): Fact {
  return { type: 'shutdown.requested', cause: { kind: 'signal', signal: 'SIGINT' }, budget_ms };
}

export function finished(status: number, cause: string, failure?: FailureReport): Fact {
  return { type: 'run.finished', status, cause, survivors: [], ...(failure && { failure }) };
}

export function failureOf(service: string, cause: string, more: Partial<FailureReport> = {}): FailureReport {
  const facts = { kind: 'exited', uptime_ms: 400, attempts: 1, advice: 'see why' } as const;
  return { service, cause, ...facts, output: [], earlier: [], fell: [], ...more };
}
