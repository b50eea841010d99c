/**
 * Why an instance is asked to end, for whoever judges a record: as data, beside the sentence for people.
 */
import type { StopCause } from '../../events/fact-shape.ts';
import type { Ending } from './ending.ts';
import type { ServiceNode } from './node.ts';

/** What is at fault comes first, then who wants it. */
export function stopCause(node: ServiceNode, ending: Ending['kind']): StopCause {
  if (ending === 'tripped') return { kind: 'trip' };
  if (ending === 'not-ready') return { kind: 'not-ready' };
  if (ending === 'lost') return { kind: 'loss', ...of(node.givesWay?.service) };
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
