/**
 * Starts instances as children of this process, each the leader of its own session.
 *
 * Whoever launches an instance owns it. The launcher owns only what they share: the FIFOs made ahead, the look at the
 * process table, and the turns in which it spawns.
 */
import type { Socket } from 'node:net';
import type { StreamName } from '../events/event.ts';
import { commandArgv } from './command-argv.ts';
import type { FifoPool } from './fifo-pool.ts';
import { createInstance } from './instance.ts';
import { instanceMarker } from './instance-marker.ts';
import { createNotifyOutlet } from './notify-channel.ts';
import type { PipeReader } from './pipe-reader.ts';
import type { Launcher, LaunchRequest, LaunchResult } from './ports.ts';
import { createProcessGroup } from './process-group.ts';
import { createProcessTable, type ProcessTable } from './process-table.ts';
import { createProcessTree } from './process-tree.ts';
import { CHANNEL_FD, serviceEnvironment } from './service-env.ts';
import { type Spawned, spawnChild } from './spawn-child.ts';
import { explainSpawnFailure } from './spawn-failure.ts';
import { countFifos, createStdio, type Outlet } from './stdio.ts';
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

export function createLauncher({ run, fifos }: LauncherOptions): RealLauncher {
  const table = createProcessTable(run);
  const gate = createTurnGate(SLICE_MS);
  return {
    async launch(request) {
      const output = createOutputOutlets(request.onOutput);
      const notify =
        request.channel === 'none' ? [] : [createNotifyOutlet(request.channel, request.onNotification)];
      const outlets = [...output.outlets, ...notify];
      const stdio = createStdio(outlets, await fifos.take(countFifos(outlets)));
      const program = {
        argv: commandArgv(request.command),
        cwd: request.cwd,
        env: serviceEnvironment(run, request, process.env),
      };
      const spawned = await gate.run(() => spawnChild({ ...program, stdio: stdio.stdio }));
      if (spawned.kind === 'refused') {
        stdio.abandon();
        const { reason, why } = explainSpawnFailure({ ...program, error: spawned.error });
        const message = `Cannot start ${JSON.stringify(request.service)}: ${why}`;
        return { kind: 'spawn-failed', failure: { reason, message } };
      }
      return launched(request, spawned, stdio.read(spawned.child), output.ended, table);
    },
    dispose: () => table?.dispose(),
  };
}

function launched(
  { service, attempt, channel }: LaunchRequest,
  { child, pid }: Extract<Spawned, { readonly kind: 'spawned' }>,
  readers: readonly PipeReader[],
  outputEnded: Promise<void>,
  table: ProcessTable | undefined,
): LaunchResult {
  const tree =
    table === undefined
      ? createProcessGroup(pid)
      : createProcessTree(pid, instanceMarker(service, attempt), table);
  const nodeChannel = channel === 'node' ? (child.stdio[CHANNEL_FD] as Socket) : undefined;
  return {
    kind: 'launched',
    instance: createInstance({ service, pid, child, tree, readers, outputEnded, channel: nodeChannel }),
  };
}

/** Standard output and standard error, and a promise of the end of both. */
function createOutputOutlets(onOutput: LaunchRequest['onOutput']): {
  readonly outlets: readonly Outlet[];
  readonly ended: Promise<void>;
} {
  const ends: Promise<void>[] = [];
  const outlets = (['stdout', 'stderr'] as const).map((stream: StreamName): Outlet => {
    let end = (): void => {};
    ends.push(
      new Promise((resolve) => {
        end = resolve;
      }),
    );
    const receiver = {
      onChunk: (chunk: Buffer) => onOutput(stream, chunk),
      onEnd() {
        onOutput(stream, undefined);
        end();
      },
    };
    return { receiver };
  });
  return { outlets, ended: Promise.all(ends).then(() => {}) };
}
