/**
 * Where the command sits that `orderly run` gives its own streams: apart from us, so that what it sends to its group
 * (`kill 0`) hits nobody else, and what stops its group doesn't stop ours.
 *
 * Without a terminal it leads a session, as every service does. On one it leads a group in our session and is given the
 * terminal, which takes system calls that Node lacks; without them it shares our group, and with it what is typed.
 */
import { isatty } from 'node:tty';
import { loadNative } from '../native.ts';
import type { LaunchRequest } from '../ports.ts';
import type { SpawnedWithRights } from '../rights/spawn-wrapped.ts';
import type { Program, WrappedProgram } from '../rights/wrap-program.ts';
import { findProgram } from '../spawn/find-program.ts';
import { type NativeSpawner, nativeSpawner } from '../spawn/native-spawn.ts';
import type { SpawnRequest } from '../spawn/spawn-child.ts';
import { sendSignal } from '../tree/signals/send-signal.ts';
import {
  type ControllingTerminal,
  controllingTerminal,
  hasControllingTerminal,
} from './controlling-terminal.ts';
import { environmentWords, mayBeGarbled, readOriginals, withOriginals } from './original-bytes.ts';

/** By what it is spawned: Node, or we ourselves. */
export type Seat =
  | { readonly by: 'node'; readonly leads: 'session' | 'nothing' }
  | { readonly by: 'us'; readonly leads: 'session'; readonly spawn: NativeSpawner }
  | { readonly by: 'us'; readonly leads: 'group'; readonly spawn: NativeSpawner; readonly job: Job };

type Asking = Pick<LaunchRequest, 'terminal' | 'channel' | 'rights' | 'onNotification'>;

/** For one launch. Never rejects. */
export async function takeSeat(request: Asking, { argv, env }: Program): Promise<Seat> {
  if (!request.terminal) return { by: 'node', leads: 'session' };
  const onTerminal = hasControllingTerminal();
  const isGarbled = mayBeGarbled(argv) || mayBeGarbled(Object.values(env));
  const byNode: Seat = { by: 'node', leads: onTerminal ? 'nothing' : 'session' };
  if (!onTerminal && !isGarbled) return byNode;
  const native = await loadNative();
  const spawn = nativeSpawner(native);
  // A spawn of ours hands over three streams, and changes no user.
  if (spawn === undefined || request.channel !== 'none' || request.rights?.ids !== undefined) {
    if (isGarbled) tellGarbled(request);
    return byNode;
  }
  if (!onTerminal) return { by: 'us', leads: 'session', spawn };
  const terminal = controllingTerminal(native);
  return terminal === undefined
    ? byNode
    : { by: 'us', leads: 'group', spawn, job: createJob(terminal, isatty(0)) };
}

/** Nothing came of the launch. Harmless when repeated. */
export function leaveSeat(seat: Seat): void {
  if (seat.leads === 'group') seat.job.end();
}

function tellGarbled({ onNotification }: Asking): void {
  const text =
    'an argument or a variable is no UTF-8 text: what is none of it reaches the command as U+FFFD; the package "koffi" passes on the bytes';
  onNotification({ kind: 'note', text });
}

/** Settled in the turn of the spawn. Never rejects. */
export async function spawnAtSeat(
  seat: Extract<Seat, { readonly by: 'us' }>,
  { argv, cwd, env, error }: WrappedProgram,
  { inside, onSpawned }: Required<Pick<SpawnRequest, 'onSpawned'>> & Pick<SpawnRequest, 'inside'>,
): Promise<SpawnedWithRights> {
  const refused = (why: NodeJS.ErrnoException): SpawnedWithRights => ({
    spawned: { kind: 'refused', error: why },
    report: undefined,
  });
  const path = pathOf(argv[0] ?? '', cwd, env.PATH);
  const words = [...argv, ...Object.entries(env).flat()];
  if (error !== undefined || path === undefined || words.some((word) => word.includes('\0')))
    return refused(error ?? Object.assign(new Error('not there'), { code: 'ENOENT' }));
  const request = {
    path,
    argv: mayBeGarbled(argv) ? withOriginals(argv, readOriginals('cmdline')) : argv,
    env: environmentWords(env, mayBeGarbled(Object.values(env)) ? readOriginals('environ') : []),
    cwd,
    leads: seat.leads,
    ...(seat.leads === 'group' ? { onStopped: seat.job.stopped, terminal: seat.job.foreground() } : {}),
  };
  const spawn = (): ReturnType<NativeSpawner> => {
    const spawned = seat.spawn(request);
    if (spawned.kind === 'spawned' || spawned.error.code !== 'ENOEXEC') return spawned;
    // A script that doesn't say by what: execvp(3) takes the shell.
    return seat.spawn({ ...request, path: '/bin/sh', argv: ['sh', path, ...request.argv.slice(1)] });
  };
  const spawned = inside === undefined ? spawn() : inside.step(spawn);
  if (spawned.kind === 'refused') return refused(spawned.error);
  const { pid, exit, hasTerminal } = spawned;
  onSpawned(pid, false);
  if (seat.leads === 'group') {
    seat.job.begin(pid, hasTerminal);
    void exit.then(seat.job.end);
  }
  return { spawned: { kind: 'spawned', ends: [], pid, exit }, report: undefined };
}

/** The file, whether or not it can be executed: the spawn says so. */
function pathOf(name: string, cwd: string, searchPath: string | undefined): string | undefined {
  const lookup = findProgram(name, cwd, searchPath);
  return lookup.kind === 'missing' ? undefined : lookup.path;
}

// A command that has the terminal, as the job of a shell has it: given to it when it starts, taken back when it ends or
// is stopped (Ctrl-Z), given again when the shell above continues us (`fg`).
//
// Stopped, it would wait for ever if we ran on: nobody but us knows of it. So we stop ourselves then, with our whole
// group, as the key would have done. Where no shell is above, that is without effect, and the command goes on at once.

export interface Job {
  /** The terminal that is to be its own before it is executed; undefined: it runs in the background. */
  foreground(): number | undefined;
  /** Call it in the turn of the spawn, with the group, and whether it had the terminal before it was executed. */
  begin(group: number, hasTerminal: boolean): void;
  /** It was stopped. */
  stopped(): void;
  /** It has ended, or nothing came of it. */
  end(): void;
}

/** How long we run on at most after having been told to stop. */
const STOPPING_MS = 100;
const OUR_GROUP = 0;

/**
 * Without a terminal for its stdin it is given that only when it asks for it: a script may have put us into the background
 * in its own group, and needs the terminal itself. `stopOurselves` is another one in tests.
 */
export function createJob(
  terminal: ControllingTerminal,
  stdinIsTerminal: boolean,
  stopOurselves: () => void = () => void sendSignal(OUR_GROUP, 'SIGTSTP'),
): Job {
  let group: number | undefined;
  let given = false;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;

  const giveIt = (): void => {
    if (group === undefined || given || !terminal.isOurs()) return;
    terminal.give(group);
    given = true;
  };

  /** It runs, and has the terminal if we are in the foreground. */
  const goOn = (): void => {
    if (group === undefined) return;
    clearTimeout(timer);
    giveIt();
    sendSignal(-group, 'SIGCONT');
  };

  return {
    foreground() {
      given = stdinIsTerminal && terminal.isOurs();
      return given ? terminal.fd : undefined;
    },
    begin(its, hasTerminal) {
      group = its;
      process.on('SIGCONT', goOn);
      if (!given || hasTerminal) return;
      terminal.give(group);
      // It may have been stopped for having read before that.
      sendSignal(-group, 'SIGCONT');
    },
    stopped() {
      if (group === undefined) return;
      // It ran in the background until now, and we are in the foreground again.
      if (!given && terminal.isOurs()) return goOn();
      if (given) terminal.take();
      given = false;
      // It fires after the stop, or because there was none. In the background only the shell can say that it may go on.
      clearTimeout(timer);
      timer = setTimeout(() => terminal.isOurs() && goOn(), STOPPING_MS);
      stopOurselves();
    },
    end() {
      if (isOver) return;
      isOver = true;
      process.removeListener('SIGCONT', goOn);
      clearTimeout(timer);
      if (given) terminal.take();
      given = false;
      group = undefined;
      terminal.close();
    },
  };
}
