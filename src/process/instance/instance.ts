/**
 * One run of a service on the real system: puts the child, its streams and its tree together.
 *
 * It owns them all; nothing in it decides when to ask or to kill.
 */
import type { Socket } from 'node:net';
import type { Exit, ExitUsage } from '../../events/fact-shape.ts';
import { SHUTDOWN_MESSAGE } from '../notify/notify-channel.ts';
import type { Successor } from '../notify/notify-handover.ts';
import type { SystemdChannel } from '../notify/systemd-channel.ts';
import type { OutputEnd } from '../pipes/output-outlets.ts';
import type { PipeReader } from '../pipes/pipe-reader.ts';
import type { Instance } from '../ports.ts';
import type { OwnListening } from '../sockets/own-listening.ts';
import { createPortOwner } from '../sockets/port-owner.ts';
import { describeSurvivor } from '../tree/describe-survivor.ts';
import type { PossibleUsers } from '../tree/members/possible-users.ts';
import type { ProcessTree } from '../tree/process-tree.ts';
import { sendSignal, sendStop } from '../tree/signals/send-signal.ts';

export interface InstanceParts {
  readonly service: string;
  readonly pid: number;
  /** A group of its own: what a terminal sends to ours doesn't reach it. */
  readonly leadsGroup: boolean;
  readonly exit: Promise<Exit>;
  readonly usage: (() => ExitUsage | undefined) | undefined;
  readonly tree: ProcessTree;
  /** Whose its processes can be. */
  readonly users: PossibleUsers;
  /** Nothing in its cgroup is alive; false where it has none. */
  readonly isCellEmpty: () => boolean;
  /** See `Instance.claimStrays`. */
  readonly claimStrays: (upMs: number) => Promise<void>;
  readonly readers: readonly PipeReader[];
  readonly output: OutputEnd;
  readonly outputHeldAgoMs: () => number;
  readonly listening: OwnListening;
  /** Where a Node program hears that it should end. */
  readonly channel: Socket | undefined;
  /** Where it speaks as to systemd. */
  readonly systemd: SystemdChannel | undefined;
}

export function createInstance(parts: InstanceParts): Instance {
  const { service, pid, tree, readers, channel, systemd } = parts;
  let isLeaderRunning = true;
  // What it wrote is in the pipes by then; who else holds their other ends is not waited for.
  const drain = (): void => {
    for (const reader of readers) reader.drain();
  };
  const exited = parts.exit.then((exit) => {
    isLeaderRunning = false;
    tree.leaderEnded();
    drain();
    return systemd === undefined ? exit : systemd.untilMainEnds(exit).finally(drain);
  });
  /** As if it had been spawned in place of the other, which is among the rest then. */
  const askSuccessor = (successor: Successor, signal: NodeJS.Signals, target: 'group' | 'main'): void => {
    if (target === 'main') {
      sendStop(successor.pid, signal);
      void systemd?.successorEnded().then(() => tree.ask(signal, target));
    } else if (isLeaderRunning) {
      tree.ask(signal, target);
      if (successor.group !== pid) sendStop(successor.pid, signal);
    } else tree.askRest(signal);
  };
  return {
    pid,
    exited,
    outputEnded: parts.output.ended,
    // Its main process may have become another one, of which nobody tells.
    usage: () => (systemd === undefined ? parts.usage?.() : undefined),
    get outputOpen() {
      return parts.output.isOpen();
    },
    outputHeldAgoMs: parts.outputHeldAgoMs,
    sendShutdown() {
      if (channel?.writable !== true) return false;
      channel.write(SHUTDOWN_MESSAGE);
      return true;
    },
    ask(signal, target) {
      const successor = systemd?.successor();
      if (successor === undefined) tree.ask(signal, target);
      else askSuccessor(successor, signal, target);
      systemd?.hurry();
    },
    pass(signal) {
      if (isLeaderRunning) sendSignal(systemd?.successor()?.pid ?? pid, signal);
    },
    send(signal, whom) {
      if (whom === 'main') {
        if (isLeaderRunning) sendSignal(systemd?.successor()?.pid ?? pid, signal);
      } else if (whom === 'group' && parts.leadsGroup) sendSignal(-pid, signal);
      else void tree.alive().then((pids) => pids.forEach((each) => void sendSignal(each, signal)));
    },
    interrupt() {
      if (isLeaderRunning && parts.leadsGroup) sendSignal(-pid, 'SIGINT');
    },
    askRest: (signal) => tree.askRest(signal),
    kill() {
      tree.kill();
      systemd?.hurry();
    },
    isSurelyGone: () => !isLeaderRunning && parts.isCellEmpty(),
    claimStrays: parts.claimStrays,
    treeGone: () => tree.gone(),
    mute() {
      const main = isLeaderRunning ? describeSurvivor(pid, service) : undefined;
      return main?.why === undefined ? undefined : main;
    },
    async survivors() {
      const pids = await tree.alive();
      return pids.map((each) => describeSurvivor(each, service));
    },
    ownerOf: createPortOwner({ pid, users: parts.users, alive: () => tree.alive() }),
    listening: () => parts.listening(() => tree.alive()),
    dispose() {
      for (const reader of readers) reader.close();
      systemd?.close();
    },
  };
}
