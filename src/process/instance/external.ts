/**
 * What stands for the instance of a service that somebody else runs: nothing of ours. It is there until it is asked to end.
 */
import type { Exit } from '../../events/fact-shape.ts';
import type { Instance } from '../ports.ts';

const settled = Promise.resolve();

export function createExternal(): Instance {
  let end = (): void => {};
  const exited = new Promise<Exit>((resolve) => {
    end = () => resolve({ kind: 'code', code: 0 });
  });
  return {
    pid: undefined,
    exited,
    outputEnded: settled,
    outputOpen: false,
    outputHeldAgoMs: () => Number.POSITIVE_INFINITY,
    sendShutdown: () => false,
    ask: end,
    askRest() {},
    kill: end,
    isSurelyGone: () => true,
    treeGone: () => settled,
    survivors: async () => [],
    ownerOf: async () => ({ kind: 'unknown' }),
    dispose() {},
  };
}
