/**
 * Why an instance is asked to end, for whoever judges a record: as data, beside the sentence for people.
 */
import type { StopCause } from '../../events/fact-shape.ts';
import type { Ending } from './ending.ts';
import type { ServiceNode } from './node.ts';

export function stopCause(node: ServiceNode, ending: Ending): StopCause {
  switch (ending.kind) {
    case 'asked':
      return ending.cause;
    case 'tripped':
      return { kind: 'trip' };
    case 'not-ready':
      return { kind: 'not-ready' };
    case 'lost':
      return { kind: 'loss', ...of(node.givesWay?.service) };
    default:
      return wishedCause(node);
  }
}

/** Its turn to stop has come. Why, is taken down in that moment: a way back may forget it in the next one. */
export function askedToStop(node: ServiceNode): Ending & { readonly kind: 'asked' } {
  return { kind: 'asked', reason: node.leaving ?? '', cause: wishedCause(node) };
}

/** What is at fault comes first, then who wants it. */
function wishedCause(node: ServiceNode): StopCause {
  const { down, by, request } = node.wish;
  if (by === 'shutdown') return { kind: 'shutdown' };
  if (down === undefined && node.stopReason !== undefined) return { kind: 'isolate', ...of(node.fault) };
  const asked = request === undefined ? {} : { request };
  if (by === 'lease' || by === 'reload' || by === 'rollback' || by === 'scale') return { kind: by, ...asked };
  return { kind: down === undefined ? 'restart' : 'request', ...asked };
}

function of(service: string | undefined): { readonly service?: string } {
  return service === undefined ? {} : { service };
}
