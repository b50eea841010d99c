/**
 * Starts instances as children of this process, each the leader of its own session.
 *
 * Whoever launches an instance owns it. The launcher owns only what they share: the FIFOs made ahead, the look at the
 * process table, and the turns in which it spawns.
 */
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { commandArgv } from './command-argv.ts';
import type { Fifo } from './fifo.ts';
import type { FifoPool } from './fifo-pool.ts';
import { createInstance } from './instance.ts';
import { instanceMarker } from './instance-marker.ts';
import { createNotifyOutlet } from './notify-channel.ts';
import { createOutputHold } from './output-hold.ts';
import { createOutputOutlets, type OutputOutlets } from './output-outlets.ts';
import type { PipeReader } from './pipe-reader.ts';
import type { Launcher, LaunchRequest, LaunchResult } from './ports.ts';
import { createProcessGroup } from './process-group.ts';
import { createProcessTable, type ProcessTable } from './process-table.ts';
import { createProcessTree, type ProcessTree } from './process-tree.ts';
import { CHANNEL_FD, serviceEnvironment } from './service-env.ts';
import { type Spawned, spawnChild } from './spawn-child.ts';
import { explainSpawnFailure, type FailedSpawn } from './spawn-failure.ts';
import { countFifos, createStdio, type StandardEnds } from './stdio.ts';
import { createTurnGate } from './turn-gate.ts';

export interface LauncherOptions {
  /** A text that no other run has: by it the processes of this run are recognised. */
  readonly run: string;
  /** Stays the caller's. */
  readonly fifos: FifoPool;
}

export interface RealLauncher extends Launcher {
  /** Stops reading what services write, one or all, until told to go on. */
  holdOutput(held: boolean, service?: string): void;
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
  const hold = createOutputHold();
  return {
    async launch(request) {
      const log = await openLog(request);
      if (typeof log === 'object') return log;
      const isRead = !request.terminal && log === undefined;
      const output = isRead ? createOutputOutlets(request.onOutput) : noOutput;
      const notify =
        request.channel === 'none' ? [] : [createNotifyOutlet(request.channel, request.onNotification)];
      const outlets = [...output.outlets, ...notify];
      const fifos = await takeFifos(pool, countFifos(outlets));
      const stdio = createStdio(outlets, fifos, standardEnds(request, log));
      const program = {
        argv: commandArgv(request.command),
        cwd: request.cwd,
        env: serviceEnvironment(run, request, process.env),
      };
      const started = await gate.run(async () => {
        if (!request.mayStart()) return undefined;
        const spawned = await spawnChild({ ...program, stdio: stdio.stdio, ownSession: !request.terminal });
        // Node drops what it read from a socket that nobody listens to; a FIFO keeps it.
        const readers =
          spawned.kind === 'spawned' && stdio.hasSockets ? stdio.read(spawned.child) : undefined;
        return { spawned, readers };
      });
      if (log !== undefined) closeSync(log);
      if (started?.spawned.kind === 'spawned') {
        const { spawned, readers = stdio.read(spawned.child) } = started;
        if (isRead) hold.add(request.service, readers.slice(0, output.outlets.length), output.ended);
        return launched(request, spawned, readers, output, createTree(request, spawned.pid, table));
      }
      stdio.abandon();
      return started === undefined
        ? { kind: 'called-off' }
        : spawnFailed(request.service, { ...program, error: started.spawned.error });
    },
    holdOutput: hold.set,
    dispose: () => table?.dispose(),
  };
}

const noOutput: OutputOutlets = { outlets: [], ended: Promise.resolve(), isOpen: () => false };

/** A descriptor of the file that it writes to by itself, or the failure to open it; undefined: its output is read. */
async function openLog({
  service,
  terminal,
  directLog,
}: LaunchRequest): Promise<number | LaunchResult | undefined> {
  if (terminal || directLog === undefined) return undefined;
  try {
    return await directLog.open();
  } catch (error) {
    const message = `Cannot start ${JSON.stringify(service)}: its log file cannot be opened: ${(error as Error).message}`;
    return { kind: 'spawn-failed', failure: { reason: 'other', message } };
  }
}

function standardEnds({ terminal }: LaunchRequest, log: number | undefined): StandardEnds {
  if (terminal) return ['inherit', 'inherit', 'inherit'];
  return log === undefined ? ['ignore', 'ignore', 'ignore'] : ['ignore', log, log];
}

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
  readers: readonly PipeReader[],
  output: OutputOutlets,
  tree: ProcessTree,
): LaunchResult {
  const nodeChannel = channel === 'node' ? (child.stdio[CHANNEL_FD] as Socket) : undefined;
  return {
    kind: 'launched',
    instance: createInstance({ service, pid, exit, tree, readers, output, channel: nodeChannel }),
  };
}

function spawnFailed(service: string, failed: FailedSpawn): LaunchResult {
  const { reason, why } = explainSpawnFailure(failed);
  return {
    kind: 'spawn-failed',
    failure: { reason, message: `Cannot start ${JSON.stringify(service)}: ${why}` },
  };
}
