/**
 * Starts instances as children of this process, each the leader of its own session.
 *
 * Whoever launches an instance owns it. The launcher owns only what they share: the FIFOs made ahead, the look at the
 * process table, and the turns in which it spawns.
 */
import type { Socket } from 'node:net';
import { commandArgv } from './command-argv.ts';
import type { Fifo } from './fifo.ts';
import type { FifoPool } from './fifo-pool.ts';
import { createInstance, type InstanceParts } from './instance.ts';
import { instanceMarker } from './instance-marker.ts';
import { createNotifyOutlet } from './notify-channel.ts';
import { createNotifySockets } from './notify-sockets.ts';
import { createOutputOutlets, type OutputOutlets } from './output-outlets.ts';
import type { Launcher, LaunchRequest, LaunchResult } from './ports.ts';
import { createProcessGroup } from './process-group.ts';
import { createProcessTable, type ProcessTable } from './process-table.ts';
import { createProcessTree, type ProcessTree } from './process-tree.ts';
import { CHANNEL_FD, serviceEnvironment } from './service-env.ts';
import { type Spawned, spawnChild } from './spawn-child.ts';
import { explainSpawnFailure, type FailedSpawn } from './spawn-failure.ts';
import { countFifos, createStdio } from './stdio.ts';
import { openSystemdChannel } from './systemd-channel.ts';
import { createTurnGate } from './turn-gate.ts';

export interface LauncherOptions {
  /** A text that no other run has: by it the processes of this run are recognised. */
  readonly run: string;
  /** Stays the caller's. */
  readonly fifos: FifoPool;
}

export interface RealLauncher extends Launcher {
  /** Lets go of what instances share. Call it when none is left. */
  dispose(): void;
}

/** Longer than a spawn, and short enough for signals to be answered at once. */
const SLICE_MS = 8;
/** How long what follows a spawn may wait for the spawns behind it. */
const HOLD_MS = 200;

export function createLauncher({ run, fifos: pool }: LauncherOptions): RealLauncher {
  const table = createProcessTable(run);
  const gate = createTurnGate(SLICE_MS, HOLD_MS);
  const sockets = createNotifySockets();
  return {
    async launch(request) {
      const { channel } = request;
      const socket = channel === 'systemd' ? await sockets.open() : undefined;
      if (socket !== undefined && 'why' in socket) return noSocket(request.service, socket.why);
      const output = request.terminal ? noOutput : createOutputOutlets(request.onOutput);
      const notify =
        channel === 'fd' || channel === 'node' ? [createNotifyOutlet(channel, request.onNotification)] : [];
      const outlets = [...output.outlets, ...notify];
      const fifos = await takeFifos(pool, countFifos(outlets));
      const stdio = createStdio(outlets, fifos, request.terminal ? 'inherit' : 'ignore');
      const program = {
        argv: commandArgv(request.command),
        cwd: request.cwd,
        env: serviceEnvironment(run, request, process.env, socket?.path),
      };
      const started = await gate.run(async () => {
        if (!request.mayStart()) return undefined;
        const spawned = await spawnChild({ ...program, stdio: stdio.stdio, ownSession: !request.terminal });
        // Node drops what it read from a socket that nobody listens to; a FIFO keeps it.
        const readers =
          spawned.kind === 'spawned' && stdio.hasSockets ? stdio.read(spawned.child) : undefined;
        return { spawned, readers };
      });
      if (started?.spawned.kind === 'spawned') {
        const { spawned, readers = stdio.read(spawned.child) } = started;
        const tree = createTree(request, spawned.pid, table);
        const systemd = socket && openSystemdChannel({ ...request, run, socket, pid: spawned.pid, tree });
        return launched(request, spawned, { readers, output, tree, systemd });
      }
      stdio.abandon();
      socket?.close();
      return started === undefined
        ? { kind: 'called-off' }
        : spawnFailed(request.service, { ...program, error: started.spawned.error });
    },
    dispose: () => table?.dispose(),
  };
}

const noOutput: OutputOutlets = { outlets: [], ended: Promise.resolve(), isOpen: () => false };

async function takeFifos(pool: FifoPool, count: number): Promise<readonly Fifo[] | undefined> {
  return count === 0 ? undefined : pool.take(count);
}

/** Who has the terminal stays in our process group, and leads none. */
function createTree(
  { service, attempt, terminal }: LaunchRequest,
  pid: number,
  table: ProcessTable | undefined,
): ProcessTree {
  const leadsGroup = !terminal;
  if (table === undefined) return createProcessGroup(pid, leadsGroup);
  return createProcessTree({ pid, leadsGroup, marker: instanceMarker(service, attempt) }, table);
}

function launched(
  { service, channel }: LaunchRequest,
  { child, pid, exit }: Extract<Spawned, { readonly kind: 'spawned' }>,
  parts: Pick<InstanceParts, 'readers' | 'output' | 'tree' | 'systemd'>,
): LaunchResult {
  const nodeChannel = channel === 'node' ? (child.stdio[CHANNEL_FD] as Socket) : undefined;
  return {
    kind: 'launched',
    instance: createInstance({ ...parts, service, pid, exit, channel: nodeChannel }),
  };
}

function noSocket(service: string, why: string): LaunchResult {
  const message = `Cannot start ${JSON.stringify(service)}: there is no "notify: systemd" for it: ${why}`;
  return { kind: 'spawn-failed', failure: { reason: 'other', message } };
}

function spawnFailed(service: string, failed: FailedSpawn): LaunchResult {
  const { reason, why } = explainSpawnFailure(failed);
  return {
    kind: 'spawn-failed',
    failure: { reason, message: `Cannot start ${JSON.stringify(service)}: ${why}` },
  };
}
