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
import { controllingTerminal, hasControllingTerminal } from './controlling-terminal.ts';
import { createJob, type Job } from './job.ts';
import { environmentWords, mayBeGarbled, readOriginals, withOriginals } from './original-bytes.ts';

/** By what it is spawned: Node, or we ourselves. */
export type Seat =
  | { readonly by: 'node'; readonly leads: 'session' | 'nothing' }
  | { readonly by: 'us'; readonly leads: 'session'; readonly spawn: NativeSpawner }
  | { readonly by: 'us'; readonly leads: 'group'; readonly spawn: NativeSpawner; readonly job: Job };

/** For one launch. Never rejects. */
export async function takeSeat(request: LaunchRequest, { argv, env }: Program): Promise<Seat> {
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

function tellGarbled({ onNotification }: LaunchRequest): void {
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
  const spawned = inside === undefined ? spawn() : inside(spawn);
  if (spawned.kind === 'refused') return refused(spawned.error);
  const { pid, exit, hasTerminal } = spawned;
  onSpawned(pid);
  if (seat.leads === 'group') {
    seat.job.begin(pid, hasTerminal);
    void exit.then(seat.job.end);
  }
  return { spawned: { kind: 'spawned', child: { stdio: NO_STREAMS }, pid, exit }, report: undefined };
}

const NO_STREAMS: [null, null, null, null, null] = [null, null, null, null, null];

/** The file, whether or not it can be executed: the spawn says so. */
function pathOf(name: string, cwd: string, searchPath: string | undefined): string | undefined {
  const lookup = findProgram(name, cwd, searchPath);
  return lookup.kind === 'missing' ? undefined : lookup.path;
}
