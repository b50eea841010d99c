/**
 * Runs commands that end (probes, clean-ups, stop commands), each the leader of its own session.
 *
 * A command ends when its main process does: who inherited its output is not waited for, unless it is killed.
 */
import type { StreamName } from '../events/event.ts';
import type { RunCgroup } from './cgroup/run-cgroup.ts';
import { noRegister, type SpawnRegister } from './guard/spawn-register.ts';
import type { Helper } from './helper/helper.ts';
import type { FifoPool } from './pipes/fifo-pool.ts';
import { type ChildStdio, createStdio, type Outlet } from './pipes/stdio.ts';
import type { Commands, ShortCommand, ShortCommandEnd } from './ports.ts';
import { usersOf } from './rights/users-of.ts';
import { wrapProgram } from './rights/wrap-program.ts';
import { commandArgv, commandEnv } from './spawn/command-argv.ts';
import { withoutOurChannels } from './spawn/service-env.ts';
import { spawnChild } from './spawn/spawn-child.ts';
import { explainSpawnFailure } from './spawn/spawn-failure.ts';
import { untilAnswering } from './spawn/until-answering.ts';
import type { RunMarks } from './tree/members/run-marks.ts';
import { readProcessStat } from './tree/proc/process-stat.ts';
import { type KilledGroup, killGroup } from './tree/process-group.ts';

/** Of which run the commands are, so that what they leave behind can be found. */
export interface CommandsRun {
  readonly marks: RunMarks;
  readonly cgroup?: RunCgroup | undefined;
  /** Hears of every one. */
  readonly register?: SpawnRegister;
  /** They are hooks: what they leave behind is no service's. */
  readonly areHooks?: true;
  readonly helper?: Helper | undefined;
}

/** `fifos` and the run's cgroup stay the caller's. */
export function createCommands(fifos: FifoPool, of?: CommandsRun): Commands {
  return {
    async run(asked, signal) {
      const users = usersOf(asked.rights);
      const mark = of?.areHooks ? of.marks.ofHook(users) : of?.marks.ofCommand(users);
      const env = withoutOurChannels(commandEnv(asked.command, asked.env), process.env);
      const command = { ...asked, env: { ...env, ...mark } };
      if (signal.aborted) return failed('it was given up before it began');
      if (!(await answers(command, signal))) return failed("its folder or program doesn't answer");
      const outlets = outletsOf(command);
      const takesFifos = outlets.length > 0 && of?.helper?.isThere !== true;
      const stdio = createStdio(outlets, takesFifos ? await fifos.take(outlets.length) : undefined);
      if (!signal.aborted) return runOnce(command, stdio, signal, of);
      stdio.abandon();
      return failed('it was given up before it began');
    },
  };
}

async function runOnce(
  { command, cwd, env, rights, onSpawned }: ShortCommand,
  stdio: ChildStdio,
  signal: AbortSignal,
  of: CommandsRun | undefined,
): Promise<ShortCommandEnd> {
  const program = { argv: commandArgv(command), cwd, env };
  const { argv, ids, direct, error: hopeless } = wrapProgram(program, rights, false);
  const refused = (error: NodeJS.ErrnoException): ShortCommandEnd => {
    stdio.abandon();
    return failed(explainSpawnFailure({ ...program, error, who: rights?.who }).why);
  };
  if (hopeless !== undefined) return refused(hopeless);
  const { register = noRegister } = of ?? {};
  let onGone = (): void => {};
  const spawned = await spawnChild({
    ...{ argv, cwd, env, stdio: stdio.stdio, ids, ownSession: true },
    direct: direct && { ...direct, stdio: stdio.stdio, file: undefined },
    inside: of?.areHooks ? of.cgroup?.hookInside : of?.cgroup?.commandInside,
    helper: of?.helper,
    onSpawned(pid, byHelper, knownTicks) {
      onSpawned?.(pid);
      const startTicks = knownTicks || (readProcessStat(pid)?.startTicks ?? 0);
      onGone = register.spawned({ pid, startTicks, leadsGroup: true, service: '', attempt: 0, byHelper });
    },
  });
  if (spawned.kind === 'refused') return refused(spawned.error);
  const { ends, pid, exit } = spawned;
  const readers = stdio.read(ends);
  let killed: KilledGroup | undefined;
  const kill = (): void => {
    killed = killGroup(pid);
  };
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill, { once: true });
  const ended = await exit;
  signal.removeEventListener('abort', kill);
  await killed?.gone();
  // What it may have left in its group carries the marker of the run.
  onGone();
  for (const reader of readers) {
    reader.drain();
    reader.close();
  }
  return ended.kind === 'unknown' ? failed("nobody knows how it ended: orderly's helper was lost") : ended;
}

/** Whether what it needs answers before it is given up; see `until-answering.ts`. */
async function answers({ command, cwd, env }: ShortCommand, signal: AbortSignal): Promise<boolean> {
  const givenUp = new Promise<boolean>((resolve) => {
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  const answered = untilAnswering({ argv: commandArgv(command), cwd, env }).then(() => true);
  return Promise.race([answered, givenUp]);
}

/** Nobody listens: then nothing is read. */
function outletsOf({ onOutput }: ShortCommand): readonly Outlet[] {
  if (onOutput === undefined) return [];
  const outlet = (fd: 1 | 2, stream: StreamName): Outlet => ({
    fd,
    receiver: { onChunk: (chunk) => onOutput(stream, chunk), onEnd() {} },
  });
  return [outlet(1, 'stdout'), outlet(2, 'stderr')];
}

function failed(message: string): ShortCommandEnd {
  return { kind: 'failed', message };
}
