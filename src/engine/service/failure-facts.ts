/**
 * What is known of a failure when it is decided on, as data. Pure.
 */
import { exitFact } from '../../events/exit-fact.ts';
import type { FailureFacts, FailureKind } from '../../events/failure.ts';
import { judgeEnding, shellFoundNothing, type UnaskedEnding } from './ending.ts';
import type { ServiceNode } from './node.ts';
import { historyAt, type RestartHistory, restartsOf } from './restart.ts';

/** `history` is that before this end. */
export function failureFacts(
  node: ServiceNode,
  ending: UnaskedEnding,
  history: RestartHistory,
  nowMs: number,
): FailureFacts {
  const { restart } = node.spec;
  const upMs = ending.kind === 'exited' ? ending.upMs : nowMs - node.spawnedAtMs;
  const { readyMs } = judgeEnding(node.spec, ending);
  const { used, areInRow } = restartsOf(historyAt(restart, history, readyMs, nowMs));
  return {
    kind: kindOf(node, ending),
    ...(ending.kind === 'exited' && { exit: exitFact(ending.exit) }),
    ...(ending.kind !== 'not-spawned' && { uptime_ms: Math.round(upMs) }),
    ...(used > 0 && { restarts: { used, ...(!areInRow && { within_ms: restart.windowMs }) } }),
    ...(node.portHolder !== undefined && { held_by: node.portHolder }),
  };
}

function kindOf({ spec, isTask }: ServiceNode, ending: UnaskedEnding): FailureKind {
  switch (ending.kind) {
    case 'not-spawned':
      return ending.reason in SPAWN_KINDS ? SPAWN_KINDS[ending.reason]! : 'not-started';
    case 'not-ready':
      return ending.late ? 'not-ready' : 'never-ready';
    case 'tripped':
      return 'unhealthy';
    case 'exited':
      if (shellFoundNothing(spec, ending.exit)) {
        return ending.exit.code === 127 ? 'command-not-found' : 'not-executable';
      }
      return isTask || ending.readyMs !== undefined ? 'exited' : 'exited-early';
  }
}

const SPAWN_KINDS: Readonly<Record<string, FailureKind>> = {
  'command-not-found': 'command-not-found',
  'not-executable': 'not-executable',
  'value-missing': 'value-missing',
};
