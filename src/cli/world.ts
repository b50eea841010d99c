/**
 * What the commands see of the outside, made by `main.ts`.
 */
import type { Clock } from '../concurrency/index.ts';
import type { FileReader } from '../config/read-text.ts';
import type { ProcessConfig } from '../config/types.ts';
import type { Controlled } from '../control/server/controlled.ts';
import type { ControlServer } from '../control/server/serve.ts';
import type { LoopbackAddress } from '../control/server/tcp/address.ts';
import type { TcpServer } from '../control/server/tcp/serve-tcp.ts';
import { printable } from '../events/printable.ts';
import type { WriterHooks } from '../output/writers/bounded-writer.ts';
import type { StandardWriters } from '../output/writers/open.ts';
import type { Machine } from '../preflight/machine.ts';
import type { Entry, ProjectToEnter, RequestRegister } from '../process/guard/run-guard.ts';
import type { Finding } from '../process/machine/finding.ts';
import type {
  Attempt,
  Commands,
  Files,
  Launcher,
  Leftovers,
  Network,
  ServiceWindow,
} from '../process/ports.ts';
import type { BackgroundProcess } from '../process/spawn/background.ts';
import type { CaughtSignal, SignalMeaning } from '../process/surroundings/signal-meaning.ts';
import type { Surroundings } from '../process/surroundings/tell-surroundings.ts';
import type { CommandProcess, CommandSurroundings } from '../process/terminal/run-command.ts';
import type { OwnUsage, TreeUsage, UsageWanted } from '../process/usage-ports.ts';
import type { Upward } from './beside/tell-upward.ts';
import type { ClientWorld } from './client/client-world.ts';

export interface World extends Machine {
  readonly argv: readonly string[];
  readonly pid: number;
  /** We are the program that a container runs, whether or not there is an init in front of us. */
  readonly isInit: boolean;
  /** Who runs us, and when that one kills. */
  readonly surroundings: Surroundings;
  readonly version: string;
  readonly readFile: FileReader;
  /** The bytes of a file as they come, of stdin for `-`. Throws the system's error while it is read. */
  readonly readBytes: (path: string) => AsyncIterable<Uint8Array>;
  /** Throws the system's error. */
  readonly writeFile: (path: string, text: string) => void;
  /** Writes a text that a command is asked for. Why that can't be done, which was said; never throws. */
  readonly print: (text: string) => string | undefined;
  /** Writes a sentence about what went wrong; what can't be said is left out. Never throws. */
  readonly complain: (text: string) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly wallTime: () => string;
  readonly stdinIsTerminal: boolean;
  /** Variables of ours that are no UTF-8 text, by their names. */
  readonly garbledVariables: () => readonly string[];
  /** Of the one that stderr is, else stdout; of no terminal a usual one. */
  readonly terminalSize: () => { readonly columns: number; readonly rows: number };
  /** Tells each time that it may be of another size. */
  readonly onTerminalResize: (listen: () => void) => void;
  /** Undefined: stdout is no terminal. */
  readonly stdoutColumns: () => number | undefined;
  /** Makes ready what so many services need. */
  readonly prepare: (services: number) => void;
  /** Never rejects. */
  readonly openSystem: (options: SystemOptions) => Promise<System>;
  /** Makes sure that the project runs only here, and that nothing of an earlier run of it is left. */
  readonly enterProject: (project: ProjectToEnter) => Promise<Entry>;
  /** For the next run of the project, should this one be killed. */
  readonly requestRegister: () => RequestRegister;
  /** The same for commands that ask a run; loaded when one is used. */
  readonly asClient: () => Promise<ClientWorld>;
  /** Lets clients ask things of a run at a socket of that path. Rejects with the system's error. */
  readonly serveControl: (socket: string, run: Controlled) => Promise<ControlServer>;
  /** The same to whoever knows the token, at a port. */
  readonly serveTcp: (address: LoopbackAddress, run: Controlled, token: string) => Promise<TcpServer>;
  /** How to tell whoever started us; takes a sentence about what stands against it. */
  readonly upward: (readyFd: number | undefined, complain: (text: string) => void) => Upward;
  /** Our own user, by its number. */
  readonly uid: number | undefined;
  /** What a process was started with; undefined: it has ended, or may not be looked at. */
  readonly surroundingsOf: (pid: number) => Required<CommandSurroundings> | undefined;
  /** Keeps the program alive until what it returns is called. */
  readonly stay: () => () => void;
  /** The end of that descriptor is a SIGTERM to this program. Rejects with the system's error if it is not open. */
  readonly obeyLifeline: (fd: number) => Promise<void>;
  /** Starts a command that has this program's terminal. */
  readonly runCommand: (argv: readonly string[], surroundings?: CommandSurroundings) => CommandProcess;
  /** Starts this program anew in the background; throws the system's error if the file for its output can't be written. */
  readonly startInBackground: (args: readonly string[], file: string) => BackgroundProcess;
  /** The description of what they may ask, as text. Rejects if it isn't there. */
  readonly apiDocument: () => Promise<string>;
  /** The chapters of the manual by their names, and `README`, which has their order. Rejects if they aren't there. */
  readonly manual: () => Promise<ReadonlyMap<string, string>>;
  /** What this program uses; loaded when somebody asks. */
  readonly ownUsage: () => Promise<OwnUsage>;
  /** Without links; throws like `fs.realpathSync`. */
  readonly realPath: (path: string) => string;
  readonly openWriters: (hooks: { stdout: WriterHooks; stderr: WriterHooks }) => StandardWriters;
  /** What this machine can do. */
  readonly examineMachine: () => Promise<readonly Finding[]>;
  /** It supervises nothing: signals end it like any program. */
  readonly letSignalsEnd: () => void;
  /** Tells of every signal, and what it means. */
  readonly onSignal: (
    about: SignalsAbout,
    listen: (signal: CaughtSignal, meaning: SignalMeaning) => void,
  ) => void;
  readonly onParentGone: (listen: () => void) => void;
}

export interface SignalsAbout {
  /** There is a command that an init would pass them on to. */
  readonly hasCommand: boolean;
  /** By the configuration in force SIGHUP asks for a reload. */
  readonly hangupReloads: () => boolean;
}

export interface SystemOptions {
  /** Whether services are put into cgroups. */
  readonly cgroup: ProcessConfig['cgroup'];
  /** Takes a sentence that concerns the run as a whole. */
  readonly note: (text: string) => void;
  /** How large terminals of services are; undefined: as usual. */
  readonly window: () => ServiceWindow | undefined;
}

/** The operating system as the engine uses it. */
export interface System {
  /** The folder of the run's cgroup; or why it has none, a clause. */
  readonly cgroup:
    | { readonly kind: 'made'; readonly folder: string }
    | { readonly kind: 'none'; readonly why: string };
  readonly launcher: Launcher;
  readonly leftovers: Leftovers;
  /** Stops reading what services write, one or all, until told to go on. */
  readonly holdOutput: (held: boolean, service?: string) => void;
  /** What living instances use, by service. Never rejects. */
  readonly treeUsage: (wanted?: UsageWanted) => Promise<ReadonlyMap<string, TreeUsage>>;
  readonly commands: Commands;
  /** Runs hooks. */
  readonly hookCommands: Commands;
  /** Ends all that hooks have started and that is still alive; never takes much longer. Never rejects. */
  readonly endHooks: (withinMs: number) => Promise<void>;
  /** Sends a text of JSON; loaded when one is sent. Never rejects. */
  readonly post: (url: string, body: string, signal: AbortSignal) => Promise<Attempt>;
  readonly network: Network;
  readonly files: Files;
  /** What is left of it goes with the program. */
  readonly dispose: () => void;
}

/** How the program ends. */
export interface Ending {
  readonly status: number;
  readonly raise?: NodeJS.Signals | undefined;
}

// The command line can't be obeyed: sentences for the user; the program ends with status 2 and starts nothing.

export class UsageError extends Error {
  override readonly name = 'UsageError';

  /** Each is a line of its message, whatever is quoted in it. */
  constructor(...sentences: readonly string[]) {
    super(sentences.map(printable).join('\n'));
  }
}
