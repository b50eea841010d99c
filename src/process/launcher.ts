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
import { createInstance } from './instance.ts';
import { instanceMarker } from './instance-marker.ts';
import { createLeftovers } from './leftovers.ts';
import { createNotifyOutlet } from './notify-channel.ts';
import { createOutputOutlets, type OutputOutlets } from './output-outlets.ts';
import type { PipeReader } from './pipe-reader.ts';
import type { Launcher, LaunchRequest, LaunchResult, Leftovers } from './ports.ts';
import { createProcessGroup } from './process-group.ts';
import { createProcessTable, type ProcessTable } from './process-table.ts';
import { createProcessTree, type ProcessTree } from './process-tree.ts';
import { spawnWrapped, whyNotExecuted } from './rights/spawn-wrapped.ts';
import { wrapProgram } from './rights/wrap-program.ts';
import type { RunCgroup } from './run-cgroup.ts';
import { CHANNEL_FD, serviceEnvironment } from './service-env.ts';
import type { Spawned } from './spawn-child.ts';
import { explainSpawnFailure, type SpawnExplanation } from './spawn-failure.ts';
import { noRegister, type SpawnRegister } from './spawn-register.ts';
import { countFifos, createStdio } from './stdio.ts';
import { treeInCgroup } from './tree-in-cgroup.ts';
import { createTurnGate } from './turn-gate.ts';

export interface LauncherOptions {
  /** A text that no other run has: by it the processes of this run are recognised. */
  readonly run: string;
  /** Stays the caller's. */
  readonly fifos: FifoPool;
  /** Where instances are put; stays the caller's. */
  readonly cgroup?: RunCgroup | undefined;
  /** The process that adopts orphans: by default we, if anybody. */
  readonly adopter?: number;
  /** Settled before the first spawn: what must be so by then. Never rejects. */
  readonly prepared?: Promise<void> | undefined;
  /** Hears of every instance. */
  readonly register?: SpawnRegister;
}

export interface RealLauncher extends Launcher {
  /** Of the same run, seen with the same looks. */
  readonly leftovers: Leftovers;
  /** Lets go of what instances share. Call it when none is left. */
  dispose(): void;
}

/** Longer than a spawn, and short enough for signals to be answered at once. */
const SLICE_MS = 8;
/** How long what follows a spawn may wait for the spawns behind it. */
const HOLD_MS = 200;

export function createLauncher(options: LauncherOptions): RealLauncher {
  const { run, fifos: pool, cgroup, prepared, adopter = process.pid, register = noRegister } = options;
  const table = createProcessTable(run, cgroup?.markerOf);
  const gate = createTurnGate(SLICE_MS, HOLD_MS);
  return {
    leftovers: createLeftovers({ table, adopter, killCgroup: cgroup?.kill }),
    async launch(request) {
      if (prepared !== undefined) await prepared;
      const output = request.terminal ? noOutput : createOutputOutlets(request.onOutput);
      const notify =
        request.channel === 'none' ? [] : [createNotifyOutlet(request.channel, request.onNotification)];
      const outlets = [...output.outlets, ...notify];
      const fifos = await takeFifos(pool, countFifos(outlets));
      const stdio = createStdio(outlets, fifos, request.terminal ? 'inherit' : 'ignore');
      const program = {
        argv: commandArgv(request.command),
        cwd: request.cwd,
        env: serviceEnvironment(run, request, process.env),
      };
      const wrapped = wrapProgram(program, request.rights, true);
      let onGone = (): void => {};
      const onSpawned = (pid: number): void => {
        const { service, attempt, terminal } = request;
        onGone = register.spawned({ pid, leadsGroup: !terminal, service, attempt });
      };
      const started = await gate.run(async () => {
        if (!request.mayStart()) return undefined;
        const cell = cgroup?.cell(request.service, request.attempt);
        const attempt = await spawnWrapped(wrapped, {
          stdio: stdio.stdio,
          ownSession: !request.terminal,
          inside: cell?.inside,
          onSpawned,
        });
        // Node drops what it read from a socket that nobody listens to; a FIFO keeps it.
        const readers =
          attempt.spawned.kind === 'spawned' && stdio.hasSockets
            ? stdio.read(attempt.spawned.child)
            : undefined;
        return { ...attempt, readers, cell };
      });
      const failure = started && (await whyNotExecuted(started, program, request.rights));
      if (started?.spawned.kind === 'spawned') {
        const { spawned, readers = stdio.read(spawned.child), cell } = started;
        if (failure !== undefined) {
          onGone();
          cell?.remove();
          return neverExecuted(request.service, failure, readers);
        }
        const tree = treeInCgroup(createTree(request, spawned.pid, table, onGone), cell);
        return launched(request, spawned, readers, output, tree);
      }
      started?.cell?.remove();
      stdio.abandon();
      return started === undefined
        ? { kind: 'called-off' }
        : spawnFailed(request.service, explainSpawnFailure({ ...program, error: started.spawned.error }));
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
  onGone: () => void,
): ProcessTree {
  const leadsGroup = !terminal;
  const marker = instanceMarker(service, attempt);
  const tree =
    table === undefined
      ? createProcessGroup(pid, leadsGroup)
      : createProcessTree({ pid, leadsGroup, marker }, table);
  return { ...tree, gone: () => tree.gone().then(onGone) };
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

/** What stood before it may have said why. */
function neverExecuted(service: string, why: SpawnExplanation, readers: readonly PipeReader[]): LaunchResult {
  for (const reader of readers) {
    reader.drain();
    reader.close();
  }
  return spawnFailed(service, why);
}

function spawnFailed(service: string, { reason, why }: SpawnExplanation): LaunchResult {
  return {
    kind: 'spawn-failed',
    failure: { reason, message: `Cannot start ${JSON.stringify(service)}: ${why}` },
  };
}
