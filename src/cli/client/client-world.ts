/**
 * What the commands that ask a run see of the outside; made by `client.ts`, and by `main.ts` of what it has.
 */
import type { FileReader } from '../../config/read-text.ts';
import type { Answered, Question } from '../../control/client/ask.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import type { OwnProgram } from '../../process/spawn/own-program.ts';

/** What ends a command before it is through. */
export type ClientSignal = 'SIGINT' | 'SIGTERM';

/** Some lines that change in place. */
export interface WaitingArea {
  readonly show: (lines: readonly string[]) => void;
  readonly clear: () => void;
}

/** The whole terminal; as it was before when it is left. */
export interface ClientScreen {
  size(): { readonly columns: number; readonly rows: number };
  /** In place of all that was there. */
  show(lines: readonly string[]): void;
  /** Calls it when it has to be painted anew: the size is another one, say. */
  onStale(listen: () => void): void;
  /** Harmless when repeated. */
  leave(): void;
}

export interface ClientWorld {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: FileReader;
  /** Without links; throws like `fs.realpathSync`. */
  readonly realPath: (path: string) => string;
  /** Throws the system's error, EEXIST if it is there: nothing is ever written over. */
  readonly createFile: (path: string, text: string) => void;
  /** Adds to the end of a file, or makes it. Throws the system's error. */
  readonly appendToFile: (path: string, text: string) => void;
  /** Writes a text that a command is asked for. Why that can't be done, which was said; never throws. */
  readonly print: (text: string) => string | undefined;
  /** Where what is waited for is told, on stderr. */
  readonly openWaitingArea: () => Promise<WaitingArea>;
  /** Undefined: stdout is no terminal that has one. */
  readonly openScreen: () => Promise<ClientScreen | undefined>;
  /** Writes a sentence about what went wrong. Never throws. */
  readonly complain: (text: string) => void;
  /** The run of that project; undefined: it doesn't run. Throws the system's error if that can't be told. */
  readonly findRun: (project: string) => FoundRun | undefined;
  /** All of this user, the oldest first. */
  readonly findRuns: () => readonly FoundRun[];
  /** It is that very run, and has not ended. */
  readonly isAlive: (run: FoundRun) => boolean;
  /** Rejects with a `NoAnswerError`. */
  readonly ask: (run: FoundRun, question: Question) => Promise<Answered>;
  /** Throws a `NoAnswerError`. */
  readonly follow: (run: FoundRun, question: Question) => AsyncGenerator<string>;
  /** Starts this program anew with these words, in the folder of this one; `onOutput` must not keep the chunk. */
  readonly startOwnProgram: (
    args: readonly string[],
    onOutput: (chunk: Buffer) => void,
  ) => Promise<OwnProgram>;
  /** The bytes of stdin as they come, to its end. Throws the system's error. */
  readonly input: () => AsyncIterable<Uint8Array>;
  /** Resolves after so many milliseconds; keeps nothing alive. */
  readonly after: (ms: number) => Promise<void>;
  /** The same, and the program goes on until then. */
  readonly pause: (ms: number) => Promise<void>;
  /** Resolves with the signal when somebody wants this command to end. */
  readonly interrupted: () => Promise<ClientSignal>;
}

/** Of a command that was ended by that signal. */
export function statusOf(signal: ClientSignal): 130 | 143 {
  return signal === 'SIGINT' ? 130 : 143;
}
