/**
 * The composition root: the real world, handed to the command that the command line names.
 */
import './process/orphans/init-shim.ts';
import './process/surroundings/signals.ts';
import './process/pipes/early-fifos.ts';
import './process/cgroup/early-cgroup.ts';
import { createReadStream, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { isatty } from 'node:tty';
import { runProgram } from './cli/program.ts';
import type { Ending, System, SystemOptions, World } from './cli/world.ts';
import { systemClock } from './concurrency/index.ts';
import { openStandardWriters } from './output/open-writer.ts';
import { writeText } from './output/write-text.ts';
import { removeCgroup } from './process/cgroup/remove-cgroup.ts';
import { createRunCgroup } from './process/cgroup/run-cgroup.ts';
import { createCommands } from './process/commands.ts';
import { createFiles } from './process/files.ts';
import { createRunGuard, type RunGuard } from './process/guard/run-guard.ts';
import { createRunIdentity } from './process/guard/run-id.ts';
import { createLauncher } from './process/launcher.ts';
import { loadNative } from './process/native.ts';
import { createNetwork } from './process/network.ts';
import { datagramTrouble } from './process/notify/notify-datagrams.ts';
import { adoptOrphans } from './process/orphans/adopt-orphans.ts';
import { adopter, isInit } from './process/orphans/init-shim.ts';
import { fifos } from './process/pipes/early-fifos.ts';
import { giveBackOpenFiles } from './process/rights/give-back-files.ts';
import { readOwnLimits } from './process/rights/own-limits.ts';
import { findPortHolder } from './process/sockets/find-port-holder.ts';
import { findTrouble } from './process/spawn/find-trouble.ts';
import { watchParent } from './process/surroundings/parent-watch.ts';
import { listenForSignals, raiseSignal } from './process/surroundings/signals.ts';
import { keepYoungSpace } from './process/young-space.ts';

declare const ORDERLY_VERSION: string;

let servicesToCome = 0;

/** Of the one run that this process has, if it comes to that. */
let guard: RunGuard | undefined;

const world: World = {
  argv: process.argv.slice(2),
  cwd: workingFolder(),
  // A copy: each look into the real one is a call into the system.
  env: { ...process.env },
  pid: process.pid,
  isInit,
  version: ORDERLY_VERSION,
  readFile: (path) => readFileSync(path, 'utf8'),
  readBytes: (path) => (path === '-' ? process.stdin : createReadStream(path)),
  writeFile: (path, text) => writeFileSync(path, text),
  print,
  complain,
  clock: systemClock,
  random: Math.random,
  wallTime: createWallTime(),
  stdinIsTerminal: isatty(0),
  // Some terminals say that they are 0 by 0.
  terminalSize: () => ({ columns: process.stderr.columns || 80, rows: process.stderr.rows || 24 }),
  stdoutColumns: () => (isatty(1) ? process.stdout.columns || 80 : undefined),
  // One each for stdout and stderr.
  prepare(services) {
    servicesToCome = services;
    fifos.warm(2 * services);
  },
  enterProject: (project) => guardOfRun().enter(project),
  realPath: realpathSync.native,
  openSystem,
  findTrouble,
  findPortHolder,
  examineMachine: async () =>
    (await import('./process/machine/examine-machine.ts')).examineMachine(process.env),
  openFilesLimit: () => readOwnLimits().nofile?.soft,
  resolveRights: async (asked, searchPath) =>
    (await import('./process/rights/resolve-rights.ts')).resolveRights(asked, searchPath),
  whyNoSystemdNotify: async () => datagramTrouble(await loadNative()),
  mayEnter: async (rights, folder) =>
    (await import('./process/rights/may-enter.ts')).mayEnter(rights, folder),
  openWriters: openStandardWriters,
  onSignal: listenForSignals,
  onParentGone: watchParent,
};

/** Without one nothing could be found that is relative to it: a sentence, and the end. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'it was removed' : String(code);
    complain(`orderly: Cannot tell the working directory: ${why}; change to one that exists`);
    process.exit(2);
  }
}

/** Many events share a millisecond, and writing a date is dear. */
function createWallTime(): () => string {
  let atMs = 0;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== atMs) text = new Date(nowMs).toISOString();
    atMs = nowMs;
    return text;
  };
}

function guardOfRun(): RunGuard {
  guard ??= createRunGuard({
    identity: createRunIdentity(),
    world: { uid: process.getuid?.() ?? 0, tmpdir: tmpdir(), env: process.env },
    isInit,
    removeCgroup,
  });
  return guard;
}

async function openSystem(options: SystemOptions): Promise<System> {
  const register = guardOfRun();
  const { run } = register;
  const limited = giveBackOpenFiles(servicesToCome);
  const made =
    options.cgroup === 'off'
      ? ({ kind: 'none', why: 'process.cgroup is off' } as const)
      : await createRunCgroup(run, register.cgroup);
  const cgroup = made.kind === 'made' ? made.cgroup : undefined;
  keepYoungSpace();
  const orphans = adoptOrphans({ hasCgroup: cgroup !== undefined, note: options.note });
  const prepared = Promise.all([orphans.prepared, limited]).then(() => {});
  const launcher = createLauncher({ run, fifos, cgroup, adopter, register, prepared });
  return {
    cgroup: made.kind === 'made' ? { kind: 'made', folder: made.cgroup.folder } : made,
    launcher,
    leftovers: launcher.leftovers,
    holdOutput: launcher.holdOutput,
    commands: createCommands(fifos, { run, cgroup, register }),
    network: createNetwork(),
    files: createFiles(),
    async dispose() {
      orphans.stop();
      launcher.dispose();
      await cgroup?.dispose();
      fifos.dispose();
    },
  };
}

/** What a command is asked for; that it can't be had is said where it can be. */
function print(text: string): string | undefined {
  const why = writeText(1, text, { patienceMs: 10_000 });
  if (why !== undefined) complain(`orderly: Cannot write to stdout: ${why}`);
  return why;
}

function complain(text: string): void {
  writeText(2, `${text}\n`, { patienceMs: 1_000 });
}

function end({ status, raise }: Ending): void {
  fifos.dispose();
  guard?.leave();
  if (raise !== undefined && process.pid !== 1) raiseSignal(raise);
  process.exit(status);
}

// Until a run takes them, signals end the program at once: nothing is started yet.
listenForSignals((signal) => end({ status: 128 + constants.signals[signal], raise: signal }));
runProgram(world).then(end, (error: unknown) => {
  complain(`orderly: a bug of orderly itself: ${error instanceof Error ? error.stack : String(error)}`);
  process.exit(70);
});
