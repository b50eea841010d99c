/**
 * The composition root: the real world, handed to the command that the command line names.
 */
import './process/helper/init-shim.ts';
import { isInit } from './process/helper/init-shim.ts';
import './process/surroundings/signals.ts';
import { createReadStream, existsSync, promises, realpathSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { isatty } from 'node:tty';
import { bugReport } from './cli/bug-report.ts';
import { runProgram } from './cli/program.ts';
import type { Ending, World } from './cli/world.ts';
import { systemClock } from './concurrency/index.ts';
import { printableLines } from './events/printable.ts';
import { closeSystem, guardOfRun, openSystem, prepareSystem } from './open-system.ts';
import { whyNotWritten } from './output/log-files/writable.ts';
import { openStandardWriters } from './output/writers/open.ts';
import { writeText } from './output/writers/write-text.ts';
import { exitNow } from './process/exit-now.ts';
import { createFiles } from './process/files/files.ts';
import { descriptorIdentity, fileIdentity } from './process/files/identity.ts';
import { untilMountAnswers } from './process/files/mounts.ts';
import { readWholeFile } from './process/files/read-whole-file.ts';
import { loadNative } from './process/native.ts';
import { datagramTrouble } from './process/notify/notify-datagrams.ts';
import { createUpward } from './process/notify/upward.ts';
import { untilChildrenEnd } from './process/own-children.ts';
import { readOwnLimits } from './process/rights/own-limits.ts';
import { startInBackground } from './process/spawn/background.ts';
import { findTrouble } from './process/spawn/find-trouble.ts';
import { belongsToTerminal, hasTerminal } from './process/surroundings/has-terminal.ts';
import { watchParent } from './process/surroundings/parent-watch.ts';
import { meaningOf, type SignalMeaning } from './process/surroundings/signal-meaning.ts';
import {
  letSignalsEnd,
  listenForAllSignals,
  listenForSignals,
  raiseSignal,
} from './process/surroundings/signals.ts';
import { tellSurroundings } from './process/surroundings/tell-surroundings.ts';
import { isUnderNohup } from './process/surroundings/under-nohup.ts';
import { surroundingsOf } from './process/terminal/instance-surroundings.ts';
import { garbledVariables, readOriginals } from './process/terminal/original-bytes.ts';
import { runCommand } from './process/terminal/run-command.ts';
import { onTerminalResize, terminalSize } from './process/terminal/shown-size.ts';
import type { OwnUsage } from './process/usage-ports.ts';
import { createWallTime } from './process/wall-time.ts';
import './process/cgroup/find-cgroup.ts';
import { findPortHolder } from './process/sockets/find-port-holder.ts';
import './process/pipes/fifo-pool.ts';
import { fifos } from './process/pipes/early-fifos.ts';
import { readSlices } from './process/pipes/read-slices.ts';
import { ptyTrouble } from './process/pty/pty.ts';

declare const ORDERLY_VERSION: string;
/** Of the bundle. */
declare const __filename: string | undefined;

const surroundings = tellSurroundings({ isInit, env: process.env, exists: existsSync });

const world: World = {
  argv: process.argv.slice(2),
  cwd: workingFolder(),
  // A copy: each look into the real one is a call into the system.
  env: { ...process.env },
  pid: process.pid,
  isInit,
  surroundings,
  version: ORDERLY_VERSION,
  readFile: readWholeFile,
  readBytes: (path) => (path === '-' ? process.stdin : createReadStream(path)),
  writeFile: (path, text) => writeFileSync(path, text),
  print,
  complain,
  clock: systemClock,
  random: Math.random,
  wallTime: createWallTime(),
  stdinIsTerminal: isatty(0),
  garbledVariables: () => garbledVariables(process.env, () => readOriginals('environ')),
  terminalSize,
  onTerminalResize,
  stdoutColumns: () => (isatty(1) ? process.stdout.columns || 80 : undefined),
  // One each for stdout and stderr.
  prepare: prepareSystem,
  enterProject: (project) => guardOfRun().enter(project),
  requestRegister: guardOfRun,
  asClient: async () => (await import('./client.ts')).createClientWorld({ print, complain }),
  serveControl: async (socket, run) =>
    (await import('./control/server/serve.ts')).serve(socket, run, { onClient: readSlices.giveWay }),
  serveTcp: async (address, run, token) =>
    (await import('./control/server/tcp/serve-tcp.ts')).serveTcp(address, run, token, {
      onClient: readSlices.giveWay,
    }),
  upward: (readyFd, complain) => createUpward({ readyFd, env: process.env, complain }),
  uid: process.getuid?.(),
  surroundingsOf,
  stay() {
    const timer = setInterval(() => undefined, 2 ** 30);
    return () => clearInterval(timer);
  },
  obeyLifeline: async (fd) => (await import('./process/surroundings/lifeline.ts')).obeyLifeline(fd),
  runCommand,
  startInBackground,
  apiDocument: async () =>
    (await promises.readFile(`${dirname(bundleFile() ?? '')}/openapi.json`)).toString(),
  manual: async () => (await import('./process/files/read-chapters.ts')).readChapters(bundleFile()),
  ownUsage: createOwnUsage(),
  untilMountAnswers,
  ...{ fileIdentity, descriptorIdentity, whyNotWritten },
  realPath: realpathSync.native,
  openSystem,
  ...{ findTrouble, programFolders: async (folder) => createFiles().programFolders(folder) },
  findPortHolder,
  examineMachine: async () =>
    (await import('./process/machine/examine-machine.ts')).examineMachine(process.env, surroundings),
  openFilesLimit: () => readOwnLimits().nofile?.soft,
  resolveRights: async (asked, searchPath) =>
    (await import('./process/rights/resolve-rights.ts')).resolveRights(asked, searchPath),
  whyNoSystemdNotify: async () => datagramTrouble(await loadNative()),
  whyNoTerminal: async () => ptyTrouble(await loadNative()),
  mayEnter: async (rights, folder) =>
    (await import('./process/rights/ask-program.ts')).mayEnter(rights, folder),
  openWriters: openStandardWriters,
  letSignalsEnd,
  onSignal: ({ hasCommand, hangupReloads }, listen) =>
    listenForAllSignals((signal) => {
      const hand = (): void => listen(signal, meaningHere(signal.name, hasCommand, hangupReloads()));
      // Whose shell was killed hears it a moment before the kernel takes the terminal away.
      if (signal.name === 'SIGHUP' && hangupReloads()) setTimeout(hand, HANGUP_MS);
      else hand();
    }),
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

const startedOnTerminal = hasTerminal();
const hadTerminal = belongsToTerminal();
const HANGUP_MS = 50;

function meaningHere(name: string, hasCommand: boolean, hangupReloads: boolean): SignalMeaning {
  const inContainer = surroundings.kind !== 'machine';
  return meaningOf(name, {
    isFirst: isInit || (inContainer && process.ppid === 1),
    // One that has hung up is none any more, and that is what SIGHUP tells.
    hasTerminal: hasTerminal() || (name === 'SIGHUP' && startedOnTerminal),
    ignoresHangup: isUnderNohup(),
    lostTerminal: hadTerminal && !belongsToTerminal(),
    hangupReloads,
    hasCommand,
  });
}

/** Undefined: it runs from the files that the compiler wrote. */
function bundleFile(): string | undefined {
  return typeof __filename === 'string' && __filename.endsWith('.cjs') ? __filename : undefined;
}

/** Nothing is loaded, and nothing watched, until somebody asks. */
function createOwnUsage(): World['ownUsage'] {
  let loaded: Promise<() => OwnUsage> | undefined;
  return async () => {
    loaded ??= import('./process/usage/own-usage.ts').then((usage) => usage.createOwnUsage());
    return (await loaded)();
  };
}

/** What a command is asked for; that it can't be had is said where it can be. */
function print(text: string): string | undefined {
  const why = writeText(1, text, { patienceMs: 10_000 });
  if (why !== undefined) complain(`orderly: Cannot write to stdout: ${why}`);
  return why;
}

function complain(text: string): void {
  writeText(2, `${printableLines(text)}\n`, { patienceMs: 1_000 });
}

/** Helpers that have nothing more to do than to end. */
const CHILDREN_MS = 250;

async function end({ status, raise }: Ending): Promise<void> {
  await closeSystem();
  await untilChildrenEnd(CHILDREN_MS);
  if (raise !== undefined && process.pid !== 1) raiseSignal(raise);
  await exitNow(status);
}

// Until a run takes them, signals end the program at once: nothing is started yet.
listenForSignals(({ name }) => {
  const meaning = meaningHere(name, false, false);
  if (meaning.kind !== 'stop') return;
  fifos.dispose();
  if (process.pid !== 1) raiseSignal(meaning.signal);
  process.exit(128 + constants.signals[meaning.signal]);
});
process.on('uncaughtException', bug);
runProgram(world).then(end, bug);

function bug(error: unknown): Promise<never> {
  const file = bundleFile();
  const { version: node, platform, arch } = process;
  const report = bugReport(error, { version: world.version, file, node, platform: `${platform} ${arch}` });
  writeText(2, report, { patienceMs: 1_000 });
  return exitNow(70);
}
