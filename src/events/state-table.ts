/**
 * The one table of the states of a service and of the moves between them.
 *
 * What announces a service's state checks it here; the diagram in the manual is made from it. It says what may
 * follow what, not when: that is the engine's affair.
 */
import type { Fact } from './event.ts';

export type ServiceState =
  | 'pending'
  | 'starting'
  | 'ready'
  | 'stopping'
  | 'cleaning'
  | 'backoff'
  | 'stopped'
  | 'completed'
  | 'failed'
  | 'skipped';

/** To which states each state may move. */
export const ALLOWED_MOVES: Readonly<Record<ServiceState, readonly ServiceState[]>> = {
  pending: ['starting', 'skipped', 'stopped', 'failed'],
  starting: ['ready', 'stopping', 'cleaning', 'backoff', 'pending', 'stopped', 'completed', 'failed'],
  ready: ['stopping', 'cleaning', 'backoff', 'pending', 'stopped', 'completed', 'failed'],
  stopping: ['cleaning', 'backoff', 'pending', 'stopped', 'completed', 'failed'],
  cleaning: ['backoff', 'pending', 'stopped', 'completed', 'failed', 'skipped'],
  backoff: ['starting', 'pending', 'stopped', 'failed', 'skipped'],
  stopped: ['pending'],
  completed: ['pending'],
  failed: ['pending'],
  skipped: ['pending'],
};

export function isAllowedMove(from: ServiceState, to: ServiceState): boolean {
  return ALLOWED_MOVES[from].includes(to);
}

const STATE_OF: Readonly<Partial<Record<Fact['type'], ServiceState>>> = {
  'service.pending': 'pending',
  'service.before': 'starting',
  'service.starting': 'starting',
  'service.ready': 'ready',
  'service.stopping': 'stopping',
  'service.cleaning': 'cleaning',
  'service.backoff': 'backoff',
  'service.stopped': 'stopped',
  'service.completed': 'completed',
  'service.failed': 'failed',
  'service.skipped': 'skipped',
};

/** The state that this fact puts its service into; undefined if it moves none. */
export function stateAfter(fact: Fact): ServiceState | undefined {
  return STATE_OF[fact.type];
}

const RESTS: ReadonlySet<ServiceState> = new Set(['stopped', 'completed', 'failed', 'skipped']);

/** Nothing of it runs or is due, and nothing of itself brings it back. */
export function isRest(state: ServiceState): boolean {
  return RESTS.has(state);
}

const WITHOUT_INSTANCE: ReadonlySet<ServiceState> = new Set([...RESTS, 'pending', 'backoff']);

/** As far as has been told, it has an instance, or clean-ups of one. */
export function hasInstance(state: ServiceState): boolean {
  return !WITHOUT_INSTANCE.has(state);
}

/** The table as a Mermaid state diagram, for the manual. Ends without a line end. */
export function renderStateDiagram(): string {
  const lines = ['stateDiagram-v2', '  [*] --> pending'];
  for (const [from, targets] of Object.entries(ALLOWED_MOVES)) {
    for (const to of targets) lines.push(`  ${from} --> ${to}`);
    if (isRest(from as ServiceState)) lines.push(`  ${from} --> [*]`);
  }
  return lines.join('\n');
}
