/**
 * What a service finds at the port that it waits to have: told when it is seen, not only once its deadline has passed,
 * and kept for the report of its failure.
 */
import type { Instance, OwnerCheck } from '../../process/ports.ts';
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';

/** `launched` is undefined until it has been: then nothing can be its own. */
export function watchPort(run: Run, node: ServiceNode, launched: () => Instance | undefined): OwnerCheck {
  return async (connection) => {
    const owner = (await launched()?.ownerOf(connection)) ?? { kind: 'unknown' };
    const holder = owner.kind === 'not-own' ? owner.holder : undefined;
    const isNews = holder !== undefined && holder !== node.past.toldHolder;
    if (node.instance !== undefined) node.instance.portHolder = holder;
    if (owner.kind === 'not-own' && isNews) {
      node.past.toldHolder = holder;
      const what = 'path' in connection ? `socket ${connection.path}` : `port ${connection.remote.port}`;
      const text = `${what} is ${owner.detail}`;
      run.announce({ type: 'service.note', service: node.name, attempt: node.attempt, text });
    }
    return owner;
  };
}
