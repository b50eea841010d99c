/**
 * Starts instances as children of this process, each the leader of its own session.
 *
 * Whoever launches an instance owns it. The launcher owns only what they share: the look at the process table, the
 * sockets that are spoken to as to systemd, and the turns in which it spawns.
 */
import { existsSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Cell, RunCgroup } from '../cgroup/run-cgroup.ts';
import { noRegister, type SpawnRegister } from '../guard/spawn-register.ts';
import type { Helper } from '../helper/helper.ts';
import type { AskByHelper } from '../helper/helper-child.ts';
import { createNotifySockets } from '../notify/notify-sockets.ts';
import { openSystemdChannel } from '../notify/systemd-channel.ts';
import type { OurEnds } from '../pipes/child-stream.ts';
import type { FifoPool } from '../pipes/fifo-pool.ts';
import { createOutputHold } from '../pipes/output-hold.ts';
import type {
  Instance,
  Launcher,
  LaunchRequest,
  LaunchResult,
  Leftovers,
  ServiceWindow,
  SpawnFailure,
} from '../ports.ts';
import { withTerminal } from '../pty/own-terminal.ts';
import { spawnWrapped, whyNotExecuted } from '../rights/spawn-wrapped.ts';
import { usersOf } from '../rights/users-of.ts';
import { wrapProgram } from '../rights/wrap-program.ts';
import { createOwnListening } from '../sockets/own-listening.ts';
import { commandArgv, commandEnv } from '../spawn/command-argv.ts';
import { CHANNEL_FD, serviceEnvironment } from '../spawn/service-env.ts';
import type { OnSpawned, Spawned } from '../spawn/spawn-child.ts';
import { explainSpawnFailure, type SpawnExplanation } from '../spawn/spawn-failure.ts';
import { createTurnGate } from '../spawn/turn-gate.ts';
import { untilAnswering } from '../spawn/until-answering.ts';
import { watchdogPrelude, withWatchdogPid } from '../spawn/watchdog-pid.ts';
import { leaveSeat, spawnAtSeat, takeSeat } from '../terminal/seat.ts';
import { type AskAlone, createCellTree } from '../tree/cell-tree.ts';
import { claimStrays } from '../tree/claim-strays.ts';
import { endHooks } from '../tree/end-hooks.ts';
import { createLeftovers } from '../tree/leftovers.ts';
import type { Adopter } from '../tree/members/membership.ts';
import { instanceMarker, type RunMarks } from '../tree/members/run-marks.ts';
import { createProcessGroup } from '../tree/process-group.ts';
import { createProcessTree, type ProcessTree } from '../tree/process-tree.ts';
import { ownSignalRights } from '../tree/signals/own-rights.ts';
import { signalNumber, stopSignals } from '../tree/signals/send-signal.ts';
import { createAttribution } from '../tree/table/attribution.ts';
import { createProcessTable, type ProcessTable } from '../tree/table/table.ts';
import { createTreeUsages, type TreeUsages } from '../usage/tree-usage.ts';
import { openChannels } from './channels.ts';
import { createExternal } from './external.ts';
import { createInstance, type InstanceParts } from './instance.ts';
import { createPlace, type InstancePlace } from './place.ts';

export interface LauncherOptions {
  /** By them the processes of this run are recognised. */
  readonly marks: RunMarks;
  /** Stays the caller's. */
  readonly fifos: FifoPool;
  /** Forks in our place; stays the caller's. */
  readonly helper?: Helper | undefined;
  /** Where instances are put; stays the caller's. */
  readonly cgroup?: RunCgroup | undefined;
  /**
   * The process that adopts orphans: by default we, if anybody. `nobody`: our children that we didn't start here are of
   * somebody else.
   */
  readonly adopter?: () => Adopter;
  /**
   * Whether it has adopted all orphans since before the first spawn; asked from then on. By default it hasn't. `byNode`: some are
   * spawned by Node, whose orphans don't come to the helper.
   */
  readonly adoptsAll?: (byNode: boolean) => boolean;
  /** Settled before the first spawn: what must be so by then. Never rejects. */
  readonly prepared?: Promise<void> | undefined;
  /** Hears of every instance. */
  readonly register?: SpawnRegister;
  /** Asked for each terminal that is a service's own; by default they are of the usual size. */
  readonly window?: (() => ServiceWindow | undefined) | undefined;
}

export interface RealLauncher extends Launcher {
  /** Of the same run, seen with the same looks. */
  readonly leftovers: Leftovers;
  /** Ends what hooks have started. Never rejects. */
  endHooks(withinMs: number): Promise<void>;
  /** Stops reading what services write, one or all, until told to go on. */
  holdOutput(held: boolean, service?: string): void;
  /** What living instances use, by service. Never rejects. */
  readonly treeUsage: TreeUsages['read'];
  /** Lets go of what instances share. Call it when none is left. */
  dispose(): void;
}

/** Longer than a spawn, and short enough for signals to be answered at once. */
const SLICE_MS = 8;
/** How long what follows a spawn may wait for the spawns behind it. */
const HOLD_MS = 200;

export function createLauncher(options: LauncherOptions): RealLauncher {
  const { marks, fifos, helper, cgroup, prepared, register = noRegister } = options;
  const { adopter = () => process.pid, window = () => undefined } = options;
  let byNode = false;
  const adoptsAll = (): boolean => options.adoptsAll?.(byNode) ?? false;
  const attribution = createAttribution({ marks, adopter, cellOf: cgroup?.markerOf });
  const table = createProcessTable(attribution);
  const gate = createTurnGate(SLICE_MS, HOLD_MS);
  const hold = createOutputHold();
  const usages = createTreeUsages();
  const listening = createOwnListening();
  const sources = { helper, fifos, hold, window, sockets: createNotifySockets() };
  return {
    leftovers: createLeftovers({ table, adopter, adoptsAll, cgroup }),
    endHooks: (withinMs) =>
      endHooks(
        table,
        () => ({ adopter: adopter(), hasCells: cgroup?.holdsAll() === true, adoptsAll: adoptsAll() }),
        withinMs,
      ),
    async launch(request) {
      if (prepared !== undefined) await prepared;
      if (request.command.kind === 'external')
        return request.mayStart() ? { kind: 'launched', instance: createExternal() } : { kind: 'called-off' };
      const waitsFor = (what: string | undefined): void => request.onWaiting?.(what);
      await untilAnswering({ ...request, argv: commandArgv(request.command) }, waitsFor);
      if (request.directLog !== undefined) waitsFor('its log file to be opened');
      const channels = await openChannels(request, sources);
      waitsFor(undefined);
      if ('why' in channels) return spawnFailed(request.service, { reason: 'other', why: channels.why });
      const { socket, output } = channels;
      const users = usersOf(request.rights);
      const mark = marks.ofInstance(request.service, request.attempt, users);
      const program = {
        argv: commandArgv(request.command, watchdogPrelude(request)),
        cwd: request.cwd,
        env: serviceEnvironment(
          mark,
          { ...request, env: commandEnv(request.command, request.env) },
          process.env,
          socket?.path,
        ),
      };
      const seat = await takeSeat(request, program);
      const leadsGroup = seat.leads !== 'nothing';
      const rights = withTerminal(withWatchdogPid(request, hasShell), channels.terminal);
      const wrapped = wrapProgram(program, rights, seat.by === 'node');
      const started = await gate.run(async () => {
        if (!request.mayStart()) return undefined;
        const place = createPlace({ ...request, leadsGroup }, cgroup, register);
        const { inside } = place;
        const onSpawned: OnSpawned = (pid, byHelper, startTicks) => {
          byNode ||= !byHelper;
          place.onSpawned(pid, byHelper, startTicks);
        };
        const attempt = await (seat.by === 'us'
          ? spawnAtSeat(seat, wrapped, { inside, onSpawned })
          : spawnWrapped(wrapped, {
              helper,
              stdio: channels.stdio,
              file: channels.file,
              ownSession: leadsGroup,
              inside,
              onSpawned,
            }));
        const { spawned } = attempt;
        const mustRead = spawned.kind === 'spawned' && hasSockets(spawned.ends);
        return { ...attempt, place, readers: mustRead ? channels.read(spawned.ends) : undefined };
      });
      if (started?.spawned.kind !== 'spawned') {
        channels.abandon();
        leaveSeat(seat);
        started?.place.leave();
        return started === undefined
          ? { kind: 'called-off' }
          : spawnFailed(
              request.service,
              explainSpawnFailure({ ...program, error: started.spawned.error, who: rights?.who }),
            );
      }
      const { spawned, place, readers = channels.read(spawned.ends) } = started;
      const { pid } = spawned;
      const held = place.hold(
        createTree({ ...request, leadsGroup }, spawned, { place, adoptsAll: adoptsAll(), table }),
      );
      const tree = usages.hold(request.service, held, () => place.cell?.cpuSeconds());
      const systemd = socket && openSystemdChannel({ ...request, attribution, socket, pid, tree });
      const { outputHeldAgoMs } = channels;
      const parts = {
        ...{ readers, output, outputHeldAgoMs, tree, systemd, users, listening },
        isCellEmpty: () => place.cell?.population() === 'none',
        claimStrays: (upMs: number) => claimStrays(tree, { table, adopter: adopter() }, upMs),
      };
      const instance = instanceOf({ ...request, leadsGroup }, spawned, parts);
      const executed = whyNotExecuted(started, program, rights)?.then((failure) => {
        if (failure === undefined) return undefined;
        // What stood before a program that was never executed may have said why.
        for (const reader of readers) reader.drain();
        instance.dispose();
        place.leave();
        return failureOf(request.service, failure);
      });
      return { kind: 'launched', instance, executed };
    },
    holdOutput: hold.set,
    treeUsage: usages.read,
    dispose: () => table?.dispose(),
  };
}

/** Node drops what it read from a socket that nobody listens to; a pipe keeps it. */
function hasSockets([, ...ends]: OurEnds): boolean {
  return ends.some((end) => end instanceof Socket);
}

const hasShell = (): boolean => existsSync('/bin/sh');

interface TreeParts {
  readonly place: InstancePlace;
  readonly adoptsAll: boolean;
  readonly table: ProcessTable | undefined;
}

function createTree(
  { service, attempt, leadsGroup }: LaunchRequest & { readonly leadsGroup: boolean },
  { pid, signal }: Extract<Spawned, { readonly kind: 'spawned' }>,
  { place, adoptsAll, table }: TreeParts,
): ProcessTree {
  if (table === undefined) return createProcessGroup(pid, leadsGroup);
  const marker = instanceMarker(service, attempt);
  const tree = { pid, startTicks: place.startTicks(), leadsGroup, marker, adoptsAll };
  const { cell } = place;
  if (cell?.holds) return createCellTree({ ...tree, cell, table, askAlone: askerOf(cell, signal) });
  return createProcessTree(tree, table);
}

/** Undefined: it can't be asked without a look at it. */
function askerOf(cell: Cell, signal: ((ask: AskByHelper) => boolean) | undefined): AskAlone | undefined {
  const cgroup = cell.inside.folder();
  if (signal === undefined || cgroup === undefined || !ownSignalRights().maySignalAll) return undefined;
  return (name, toGroup, notAlone) =>
    signal({
      signal: signalNumber(name),
      ...{ toGroup, thenContinue: stopSignals(name).length > 1, cgroup, notAlone },
    });
}

function instanceOf(
  { service, channel, leadsGroup }: LaunchRequest & { readonly leadsGroup: boolean },
  { ends, pid, exit, usage }: Extract<Spawned, { readonly kind: 'spawned' }>,
  parts: Omit<InstanceParts, 'service' | 'pid' | 'leadsGroup' | 'exit' | 'usage' | 'channel'>,
): Instance {
  const nodeChannel = channel === 'node' ? (ends[CHANNEL_FD] as Socket) : undefined;
  return createInstance({ ...parts, service, pid, leadsGroup, exit, usage, channel: nodeChannel });
}

function spawnFailed(service: string, explanation: SpawnExplanation): LaunchResult {
  return { kind: 'spawn-failed', failure: failureOf(service, explanation) };
}

function failureOf(service: string, { reason, why }: SpawnExplanation): SpawnFailure {
  return { reason, message: `Cannot start ${JSON.stringify(service)}: ${why}` };
}
