/**
 * The composition root: the real world, handed to the command that the command line names.
 */
import './process/orphans/init-shim.ts';
import './process/surroundings/signals.ts';
import './process/pipes/early-fifos.ts';
import './process/cgroup/early-cgroup.ts';
import { createReadStream, realpathSync, writeFileSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { isatty } from 'node:tty';
import { bugReport } from './cli/bug-report.ts';
import { runProgram } from './cli/program.ts';
import type { Ending, System, SystemOptions, World } from './cli/world.ts';
import { systemClock } from './concurrency/index.ts';
import { printableLines } from './events/printable.ts';
import { openStandardWriters } from './output/open-writer.ts';
import { removeCgroup } from './process/cgroup/remove-cgroup.ts';
import { createRunCgroup } from './process/cgroup/run-cgroup.ts';
import { createCommands } from './process/commands.ts';
import { descriptorIdentity, fileIdentity } from './process/file-identity.ts';
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
import { readWholeFile } from './process/read-file.ts';
import { readOwnLimits } from './process/rights/own-limits.ts';
import { findPortHolder } from './process/sockets/find-port-holder.ts';
import { findTrouble } from './process/spawn/find-trouble.ts';
import { watchParent } from './process/surroundings/parent-watch.ts';
import { letSignalsEnd, listenForSignals, raiseSignal } from './process/surroundings/signals.ts';
import { keepYoungSpace } from './process/young-space.ts';

declare const ORDERLY_VERSION: string;
/** Of the bundle. */
declare const __filename: string | undefined;

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
  readFile: readWholeFile,
  readBytes: (path) => (path === '-' ? process.stdin : createReadStream(path)),
  writeFile: (path, text) => writeFileSync(path, text),
  print: (text) => writeAll(1, text),
  complain: (text) => writeAll(2, `${printableLines(text)}\n`),
  clock: systemClock,
  random: Math.random,
  wallTime: createWallTime(),
  stdinIsTerminal: isatty(0),
  // Some terminals say that they are 0 by 0.
  terminalSize: () => ({ columns: process.stderr.columns || 80, rows: process.stderr.rows || 24 }),
  stdoutColumns: () => (isatty(1) ? process.stdout.columns || 80 : undefined),
  // One each for stdout and stderr.
  prepare: (services) => fifos.warm(2 * services),
  enterProject: (project) => guardOfRun().enter(project),
  fileIdentity,
  descriptorIdentity,
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
  letSignalsEnd,
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
    writeAll(2, `orderly: Cannot tell the working directory: ${why}; change to one that exists\n`);
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
  const made =
    options.cgroup === 'off'
      ? ({ kind: 'none', why: 'process.cgroup is off' } as const)
      : await createRunCgroup(run, register.cgroup);
  const cgroup = made.kind === 'made' ? made.cgroup : undefined;
  keepYoungSpace();
  const orphans = adoptOrphans({ hasCgroup: cgroup !== undefined, note: options.note });
  const launcher = createLauncher({ run, fifos, cgroup, adopter, register, prepared: orphans.prepared });
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

/** For texts that a command is asked for: whole, and in order. A reader that is gone ends it without a word. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE' || code === 'EIO') return;
      if (code !== 'EAGAIN') throw error;
    }
  }
}

function end({ status, raise }: Ending): void {
  fifos.dispose();
  guard?.leave();
  if (raise !== undefined && process.pid !== 1) raiseSignal(raise);
  process.exit(status);
}

// Until a run takes them, signals end the program at once: nothing is started yet.
listenForSignals((signal) => end({ status: 128 + constants.signals[signal], raise: signal }));
process.on('uncaughtException', bug);
runProgram(world).then(end, bug);

function bug(error: unknown): never {
  const file = typeof __filename === 'string' && __filename.endsWith('.cjs') ? __filename : undefined;
  const { version: node, platform, arch } = process;
  writeAll(2, bugReport(error, { version: world.version, file, node, platform: `${platform} ${arch}` }));
  process.exit(70);
}
