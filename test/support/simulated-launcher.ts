/**
 * Processes that exist only on a clock: scripted per service and attempt, with a log of what was done to them.
 *
 * The log is the simulation's own knowledge, so that laws can be held against facts and not against what the engine
 * announces.
 */
import type { Clock } from '../../src/concurrency/index.ts';
import type { Survivor } from '../../src/events/event.ts';
import type { Exit, Values } from '../../src/events/fact-shape.ts';
import type {
  Endpoint,
  Instance,
  Launcher,
  LaunchRequest,
  LaunchResult,
  Leftovers,
  Notification,
  SpawnFailure,
} from '../../src/process/ports.ts';
import { createSimulatedLeftovers } from './simulated-leftovers.ts';
import { toMicrosecond } from './to-microsecond.ts';

/** `never`: it does not happen by itself. */
export type When = number | 'never';

/** A command that runs before the instance. */
export type Ahead = Pick<
  Behaviour,
  'endsAfterMs' | 'exit' | 'obeysAfterMs' | 'leavesBehind' | 'spawnFailure' | 'immortal' | 'writes'
>;

export interface Behaviour {
  /** In their order; those that aren't named end at once, with 0. */
  readonly ahead?: readonly Ahead[];
  /** How long the launch waits for its turn. */
  readonly queuedMs?: number;
  /** What outside of us the launch waits for before it is spawned, and how long. */
  readonly waitsFor?: { readonly what: string; readonly ms: When };
  /** How long after the spawn the launcher knows that it was executed. */
  readonly executedAfterMs?: When;
  readonly spawnFailure?: SpawnFailure;
  /** After the spawn it says ready on its notify channel. */
  readonly readyAfterMs?: When;
  readonly values?: Values;
  /** What else it says on its notify channel, and how long after the spawn. */
  readonly says?: readonly Said[];
  /** Where it listens, and how long after the spawn; missing: that can't be told. */
  readonly listens?: readonly { readonly afterMs: number; readonly address: string; readonly port: number }[];
  /** How long a look at that takes; by default no time. */
  readonly looksMs?: When;
  /** When its output is held back, counted from the spawn. */
  readonly held?: { readonly fromMs: number; readonly toMs: number };
  /** What it says that long after it was asked to end. */
  readonly saysWhenAsked?: readonly Said[];
  /** What it writes to stdout, and how long after the spawn. */
  readonly writes?: readonly { readonly afterMs: number; readonly text: string }[];
  /** Its main process ends by itself. */
  readonly endsAfterMs?: When;
  readonly exit?: Exit;
  /** How long its main process takes to obey; its exit then is code 0. */
  readonly obeysAfterMs?: When;
  /** What it leaves behind when the main process has ended: how long that takes to obey. */
  readonly leavesBehind?: When;
  /** A daemon that its tree doesn't know of, left behind when the main process ends: how long it takes to obey. */
  readonly loses?: When;
  /** Somebody who entered the container has left a process by then; likewise. */
  readonly findsForeign?: When;
  /** Signals that end it, if somebody sends them; SIGKILL does in any case. */
  readonly diesOf?: readonly string[];
  /** A process that survives even SIGKILL. */
  readonly immortal?: boolean;
  /** How long its main process takes to die of SIGKILL: 1 ms by default. */
  readonly deathMs?: number;
  /** How long the supervisor can't run just before the signal that asks it goes out. */
  readonly stallsAsking?: number;
}

export interface Said {
  readonly afterMs: number;
  readonly notification: Notification;
}

/** `ahead…`: of what runs before an instance. */
export type Happening =
  | 'ahead'
  | 'ahead-exit'
  | 'ahead-gone'
  | 'spawn'
  | 'ready'
  | 'ask'
  | 'exit'
  | 'ask-rest'
  | 'kill'
  | 'gone'
  | 'signal';

export interface LogEntry {
  readonly ms: number;
  /** How many events had been told. */
  readonly seq: number;
  readonly what: Happening;
  readonly service: string;
  readonly attempt: number;
  readonly exit?: Exit;
  /** Which, and to whom. */
  readonly signal?: string;
  /** What was spawned. */
  readonly program?: string;
}

export interface SimulatedLauncher extends Launcher {
  readonly log: readonly LogEntry[];
  /** What instances leave behind that is of no tree. */
  readonly leftovers: Leftovers;
  /** How many instances, and processes left behind, are alive. */
  readonly alive: number;
}

const AHEAD: Readonly<Partial<Record<Happening, Happening>>> = {
  spawn: 'ahead',
  exit: 'ahead-exit',
  gone: 'ahead-gone',
};

export function createSimulatedLauncher(
  clock: Clock,
  behave: (service: string, attempt: number, atMs: number) => Behaviour,
  stall: (forMs: number) => void,
  seq: () => number,
): SimulatedLauncher {
  const log: LogEntry[] = [];
  const living = new Set<Instance>();
  const momentMs = (): number => toMicrosecond(clock.now());
  const leftovers = createSimulatedLeftovers(clock, (what) =>
    log.push({ ms: momentMs(), seq: seq(), what, service: '', attempt: 0 }),
  );
  let nextPid = 1000;

  function launchNow(request: LaunchRequest): LaunchResult {
    const all = behave(request.service, request.attempt, clock.now());
    const behaviour: Behaviour =
      request.stage === undefined ? all : (all.ahead?.[request.stage - 1] ?? { endsAfterMs: 0 });
    if (behaviour.spawnFailure !== undefined)
      return { kind: 'spawn-failed', failure: behaviour.spawnFailure };
    const program = request.command.kind === 'exec' ? request.command.argv.join(' ') : '';
    const note = (what: Happening, exit?: Exit, signal?: string) =>
      log.push({
        ms: momentMs(),
        seq: seq(),
        what: request.stage === undefined ? what : (AHEAD[what] ?? what),
        service: request.service,
        attempt: request.attempt,
        ...(exit && { exit }),
        ...(signal !== undefined && { signal }),
        ...(what === 'spawn' && { program }),
      });
    const later = (when: When | undefined, fn: () => void) => {
      if (when !== undefined && when !== 'never') clock.at(clock.now() + when, fn);
    };
    const say = (all: readonly Said[] = []) => {
      for (const { afterMs, notification } of all)
        later(afterMs, () => !ended && request.onNotification(notification));
    };
    const exited = deferred<Exit>();
    const output = deferred<void>();
    const tree = deferred<void>();
    const pid = nextPid++;
    const spawnedMs = clock.now();
    let ended = false;
    let gone = false;
    let asked = false;

    const allGone = () => {
      if (gone) return;
      gone = true;
      note('gone');
      living.delete(instance);
      output.resolve();
      tree.resolve();
    };
    const end = (exit: Exit) => {
      if (ended) return;
      ended = true;
      note('exit', exit);
      request.onNotification({ kind: 'closed' });
      exited.resolve(exit);
      if (behaviour.loses !== undefined) leftovers.leave(behaviour.loses);
      if (behaviour.findsForeign !== undefined) leftovers.leave(behaviour.findsForeign, true);
      if (behaviour.leavesBehind === undefined && !behaviour.immortal) allGone();
    };
    const look = async (all: NonNullable<Behaviour['listens']>): Promise<readonly Endpoint[]> => {
      if (behaviour.looksMs !== undefined)
        await new Promise<void>((seen) => later(behaviour.looksMs, () => seen()));
      const upMs = clock.now() - spawnedMs;
      return all.filter(({ afterMs }) => afterMs <= upMs).map(({ address, port }) => ({ address, port }));
    };
    const instance: Instance = {
      pid,
      exited: exited.promise,
      outputEnded: output.promise,
      get outputOpen() {
        return !gone;
      },
      outputHeldAgoMs() {
        const upMs = clock.now() - spawnedMs;
        const { fromMs, toMs } = behaviour.held ?? { fromMs: Number.POSITIVE_INFINITY, toMs: 0 };
        return upMs < fromMs ? Number.POSITIVE_INFINITY : Math.max(0, upMs - toMs);
      },
      sendShutdown: () => false,
      send(signal, whom) {
        note('signal', undefined, `${signal} ${whom}`);
        if (signal !== 'SIGKILL' && behaviour.diesOf?.includes(signal) !== true) return;
        clock.at(clock.now() + (behaviour.deathMs ?? 1), () => {
          if (!behaviour.immortal) end({ kind: 'signal', signal });
        });
      },
      ask() {
        if (asked || ended) return;
        asked = true;
        if (behaviour.stallsAsking !== undefined) stall(behaviour.stallsAsking);
        note('ask');
        say(behaviour.saysWhenAsked);
        later(behaviour.obeysAfterMs ?? 1, () => end({ kind: 'code', code: 0 }));
      },
      askRest() {
        if (gone) return;
        note('ask-rest');
        if (!behaviour.immortal) later(behaviour.leavesBehind, allGone);
      },
      kill() {
        if (gone) return;
        note('kill');
        clock.at(clock.now() + (behaviour.deathMs ?? 1), () => {
          end({ kind: 'signal', signal: 'SIGKILL' });
          if (!behaviour.immortal) allGone();
        });
      },
      treeGone: () => tree.promise,
      survivors: async (): Promise<readonly Survivor[]> =>
        gone ? [] : [{ service: request.service, pid, command: 'immortal' }],
      ownerOf: async () => ({ kind: 'own' }),
      ...(behaviour.listens && { listening: () => look(behaviour.listens!) }),
      dispose: () => output.resolve(),
    };
    living.add(instance);
    note('spawn');
    say(behaviour.says);
    for (const { afterMs, text } of behaviour.writes ?? [])
      later(afterMs, () => !ended && request.onOutput('stdout', Buffer.from(text)));
    later(behaviour.readyAfterMs, () => {
      if (ended) return;
      note('ready');
      request.onNotification({ kind: 'ready', values: behaviour.values ?? {} });
    });
    later(behaviour.endsAfterMs, () => end(behaviour.exit ?? { kind: 'code', code: 0 }));
    return { kind: 'launched', instance };
  }

  return {
    async launch(request) {
      const { queuedMs, executedAfterMs, waitsFor } = behave(request.service, request.attempt, clock.now());
      const pass = (when: When) =>
        new Promise<void>((go) => when !== 'never' && clock.at(clock.now() + when, go));
      if (queuedMs !== undefined) await pass(queuedMs);
      if (waitsFor !== undefined) {
        request.onWaiting?.(waitsFor.what);
        await pass(waitsFor.ms);
        request.onWaiting?.(undefined);
      }
      if (!request.mayStart()) return { kind: 'called-off' };
      const result = launchNow(request);
      if (executedAfterMs === undefined || result.kind !== 'launched') return result;
      return { ...result, executed: pass(executedAfterMs).then(() => undefined) };
    },
    log,
    leftovers,
    get alive() {
      return living.size + leftovers.alive;
    },
  };
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
