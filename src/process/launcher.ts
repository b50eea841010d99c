/**
 * Starts instances as children of this process, each the leader of its own session.
 *
 * Whoever launches an instance owns it. The launcher owns only what they share: the look at the process table, the
 * sockets that are spoken to as to systemd, and the turns in which it spawns.
 */
import type { Socket } from 'node:net';
import type { RunCgroup } from './cgroup/run-cgroup.ts';
import { noRegister, type SpawnRegister } from './guard/spawn-register.ts';
import { createInstance, type InstanceParts } from './instance.ts';
import { openChannels } from './instance-channels.ts';
import { createPlace } from './instance-place.ts';
import { createNotifySockets } from './notify/notify-sockets.ts';
import { openSystemdChannel } from './notify/systemd-channel.ts';
import type { FifoPool } from './pipes/fifo-pool.ts';
import { createOutputHold } from './pipes/output-hold.ts';
import type { PipeReader } from './pipes/pipe-reader.ts';
import type { Launcher, LaunchRequest, LaunchResult, Leftovers } from './ports.ts';
import { spawnWrapped, whyNotExecuted } from './rights/spawn-wrapped.ts';
import { wrapProgram } from './rights/wrap-program.ts';
import { commandArgv } from './spawn/command-argv.ts';
import { CHANNEL_FD, serviceEnvironment } from './spawn/service-env.ts';
import type { Spawned } from './spawn/spawn-child.ts';
import { explainSpawnFailure, type SpawnExplanation } from './spawn/spawn-failure.ts';
import { createTurnGate } from './spawn/turn-gate.ts';
import { leaveSeat, spawnAtSeat, takeSeat } from './terminal/seat.ts';
import { claimStrays } from './tree/claim-strays.ts';
import { instanceMarker } from './tree/instance-marker.ts';
import { createLeftovers } from './tree/leftovers.ts';
import { createProcessGroup } from './tree/process-group.ts';
import { createProcessTable, type ProcessTable } from './tree/process-table.ts';
import { createProcessTree, type ProcessTree } from './tree/process-tree.ts';

export interface LauncherOptions {
  /** A text that no other run has: by it the processes of this run are recognised. */
  readonly run: string;
  /** Stays the caller's. */
  readonly fifos: FifoPool;
  /** Where instances are put; stays the caller's. */
  readonly cgroup?: RunCgroup | undefined;
  /**
   * The process that adopts orphans: by default we, if anybody. `nobody`: our children that we didn't start here are of
   * somebody else.
   */
  readonly adopter?: number | 'nobody';
  /** Settled before the first spawn: what must be so by then. Never rejects. */
  readonly prepared?: Promise<void> | undefined;
  /** Hears of every instance. */
  readonly register?: SpawnRegister;
}

export interface RealLauncher extends Launcher {
  /** Of the same run, seen with the same looks. */
  readonly leftovers: Leftovers;
  /** Stops reading what services write, one or all, until told to go on. */
  holdOutput(held: boolean, service?: string): void;
  /** Lets go of what instances share. Call it when none is left. */
  dispose(): void;
}

/** Longer than a spawn, and short enough for signals to be answered at once. */
const SLICE_MS = 8;
/** How long what follows a spawn may wait for the spawns behind it. */
const HOLD_MS = 200;

export function createLauncher(options: LauncherOptions): RealLauncher {
  const { run, fifos, cgroup, prepared, adopter = process.pid, register = noRegister } = options;
  const table = createProcessTable(run, cgroup?.markerOf);
  const gate = createTurnGate(SLICE_MS, HOLD_MS);
  const hold = createOutputHold();
  const sources = { fifos, hold, sockets: createNotifySockets() };
  return {
    leftovers: createLeftovers({ table, adopter, cgroup }),
    async launch(request) {
      if (prepared !== undefined) await prepared;
      const channels = await openChannels(request, sources);
      if ('why' in channels) return spawnFailed(request.service, { reason: 'other', why: channels.why });
      const { socket, output } = channels;
      const program = {
        argv: commandArgv(request.command),
        cwd: request.cwd,
        env: serviceEnvironment(run, request, process.env, socket?.path),
      };
      const seat = await takeSeat(request, program);
      const leadsGroup = seat.leads !== 'nothing';
      const wrapped = wrapProgram(program, request.rights, seat.by === 'node');
      const started = await gate.run(async () => {
        if (!request.mayStart()) return undefined;
        const place = createPlace({ ...request, leadsGroup }, cgroup, register);
        const { inside, onSpawned } = place;
        const attempt = await (seat.by === 'us'
          ? spawnAtSeat(seat, wrapped, { inside, onSpawned })
          : spawnWrapped(wrapped, { stdio: channels.stdio, ownSession: leadsGroup, inside, onSpawned }));
        // Node drops what it read from a socket that nobody listens to; a FIFO keeps it.
        const mustRead = attempt.spawned.kind === 'spawned' && channels.hasSockets;
        return { ...attempt, place, readers: mustRead ? channels.read(attempt.spawned.child) : undefined };
      });
      if (started?.spawned.kind !== 'spawned') {
        channels.abandon();
        leaveSeat(seat);
        started?.place.leave();
        return started === undefined
          ? { kind: 'called-off' }
          : spawnFailed(request.service, explainSpawnFailure({ ...program, error: started.spawned.error }));
      }
      const { spawned, place, readers = channels.read(spawned.child) } = started;
      const failure = await whyNotExecuted(started, program, request.rights);
      if (failure !== undefined) {
        readTheRest(readers);
        socket?.close();
        place.leave();
        return spawnFailed(request.service, failure);
      }
      const tree = place.hold(createTree({ ...request, leadsGroup }, spawned.pid, place.isEmpty, table));
      const systemd = socket && openSystemdChannel({ ...request, run, socket, pid: spawned.pid, tree });
      const { outputHeldAgoMs } = channels;
      return launched({ ...request, leadsGroup }, spawned, {
        readers,
        output,
        outputHeldAgoMs,
        tree,
        systemd,
        isEmpty: place.isEmpty,
        claimStrays: (upMs) => claimStrays(tree, { table, adopter }, upMs),
      });
    },
    holdOutput: hold.set,
    dispose: () => table?.dispose(),
  };
}

function createTree(
  { service, attempt, leadsGroup }: LaunchRequest & { readonly leadsGroup: boolean },
  pid: number,
  isEmpty: (() => boolean) | undefined,
  table: ProcessTable | undefined,
): ProcessTree {
  if (table === undefined) return createProcessGroup(pid, leadsGroup);
  const marker = instanceMarker(service, attempt);
  return createProcessTree({ pid, leadsGroup, marker, isEmpty }, table);
}

function launched(
  { service, channel, leadsGroup }: LaunchRequest & { readonly leadsGroup: boolean },
  { child, pid, exit }: Extract<Spawned, { readonly kind: 'spawned' }>,
  parts: Pick<
    InstanceParts,
    'readers' | 'output' | 'outputHeldAgoMs' | 'tree' | 'systemd' | 'isEmpty' | 'claimStrays'
  >,
): LaunchResult {
  const nodeChannel = channel === 'node' ? (child.stdio[CHANNEL_FD] as Socket) : undefined;
  return {
    kind: 'launched',
    instance: createInstance({ ...parts, service, pid, leadsGroup, exit, channel: nodeChannel }),
  };
}

/** What stood before a program that was never executed may have said why. */
function readTheRest(readers: readonly PipeReader[]): void {
  for (const reader of readers) {
    reader.drain();
    reader.close();
  }
}

function spawnFailed(service: string, { reason, why }: SpawnExplanation): LaunchResult {
  return {
    kind: 'spawn-failed',
    failure: { reason, message: `Cannot start ${JSON.stringify(service)}: ${why}` },
  };
}
