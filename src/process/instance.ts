/**
 * One run of a service on the real system: puts the child, its streams and its tree together.
 *
 * It owns them all; nothing in it decides when to ask or to kill.
 */
import type { Socket } from 'node:net';
import type { Exit } from '../events/event.ts';
import { readCommandLine } from './command-line.ts';
import { SHUTDOWN_MESSAGE } from './notify-node.ts';
import type { OutputOutlets } from './output-outlets.ts';
import type { PipeReader } from './pipe-reader.ts';
import { createPortOwner } from './port-owner.ts';
import type { Instance } from './ports.ts';
import type { ProcessTree } from './process-tree.ts';

export interface InstanceParts {
  readonly service: string;
  readonly pid: number;
  readonly exit: Promise<Exit>;
  readonly tree: ProcessTree;
  readonly readers: readonly PipeReader[];
  readonly output: Pick<OutputOutlets, 'ended' | 'isOpen'>;
  /** Where a Node program hears that it should end. */
  readonly channel: Socket | undefined;
}

export function createInstance(parts: InstanceParts): Instance {
  const { service, pid, tree, readers, channel } = parts;
  const exited = parts.exit.then((exit) => {
    tree.leaderEnded();
    // What it wrote is in the pipes by now; who else holds their other ends is not waited for.
    for (const reader of readers) reader.drain();
    return exit;
  });
  return {
    pid,
    exited,
    outputEnded: parts.output.ended,
    get outputOpen() {
      return parts.output.isOpen();
    },
    sendShutdown() {
      if (channel?.writable !== true) return false;
      channel.write(SHUTDOWN_MESSAGE);
      return true;
    },
    ask: (signal, target) => tree.ask(signal, target),
    askRest: (signal) => tree.askRest(signal),
    kill: () => tree.kill(),
    treeGone: () => tree.gone(),
    async survivors() {
      const pids = await tree.alive();
      return pids.map((each) => ({ service, pid: each, command: readCommandLine(each) }));
    },
    ownerOf: createPortOwner({ pid, alive: () => tree.alive() }),
    dispose() {
      for (const reader of readers) reader.close();
    },
  };
}
