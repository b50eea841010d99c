/**
 * The composition root of the commands that ask a run: they load nothing of what runs services.
 */
import { appendFileSync, realpathSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type ClientPrinting, type ClientWorld, runClient } from './cli/client/run-client.ts';
import { ask, follow, type Listener } from './control/client/ask.ts';
import { printableLines } from './events/printable.ts';
import { writeText } from './output/writers/write-text.ts';
import { exitNow } from './process/exit-now.ts';
import { readWholeFile } from './process/files/read-whole-file.ts';
import { type FoundRun, findRun, findRuns, isStillAlive } from './process/guard/find-run.ts';

declare const ORDERLY_VERSION: string;

const PATIENCE_MS = 60_000;

export function createClientWorld(printing: ClientPrinting): ClientWorld {
  const machine = { uid: process.getuid?.() ?? 0, tmpdir: tmpdir(), env: process.env };
  return {
    ...printing,
    cwd: process.cwd(),
    env: process.env,
    readFile: readWholeFile,
    realPath: realpathSync.native,
    createFile: (path, text) => writeFileSync(path, text, { flag: 'wx' }),
    appendToFile: (path, text) => appendFileSync(path, text),
    findRun: (project) => findRun(project, machine),
    findRuns: () => findRuns(machine),
    isAlive: ({ run }) => isStillAlive(run),
    startOwnProgram: async (args, onOutput) =>
      (await import('./process/spawn/own-program.ts')).startOwnProgram(args, onOutput),
    openWaitingArea: async () => (await import('./process/terminal/waiting-area.ts')).openWaitingArea(),
    openScreen: async () => (await import('./process/terminal/screen.ts')).openScreen(),
    ask: (run, question) => ask(listenerOf(run), question),
    follow: (run, question) => follow(listenerOf(run), question),
    input: () => process.stdin,
    pause: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
    after: (ms) => new Promise((resolve) => void setTimeout(resolve, ms).unref()),
    interrupted: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
      }),
  };
}

const LISTENS_WITHIN_MS = 2_000;
const TRY_EVERY_MS = 10;

function listenerOf({ socket, since }: FoundRun): Listener {
  return {
    socket,
    client: `orderly (pid ${process.pid}, uid ${process.getuid?.() ?? 0})`,
    async mayListenBy() {
      const ageMs = Date.now() - Date.parse(since);
      if (!(ageMs >= 0 && ageMs < LISTENS_WITHIN_MS)) return false;
      await new Promise((resolve) => void setTimeout(resolve, TRY_EVERY_MS));
      return true;
    },
  };
}

/** Runs the command that the command line names, and ends the program. */
export async function runAsClient(): Promise<never> {
  const world = createClientWorld({ print, complain });
  const { status } = await runClient(world, process.argv.slice(2), ORDERLY_VERSION).catch(
    (error: unknown) => {
      complain(`orderly: this is a bug: ${error instanceof Error ? error.stack : String(error)}`);
      return { status: 70 };
    },
  );
  // Only an agent reads by way of the thread pool; for the others it would be looked at in vain, which takes most of a millisecond.
  return process.argv[2] === 'agent' ? exitNow(status) : process.exit(status);
}

/** Where nobody reads any more there is nothing more to do. */
function print(text: string): string | undefined {
  const write = (fd: number, bytes: Uint8Array, from: number): number => {
    try {
      return writeSync(fd, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(0);
      throw error;
    }
  };
  const why = writeText(1, text, { patienceMs: PATIENCE_MS, writeSync: write });
  if (why !== undefined) complain(`orderly: Cannot write to stdout: ${why}`);
  return why;
}

function complain(text: string): void {
  writeText(2, `${printableLines(text)}\n`, { patienceMs: 1_000 });
}
