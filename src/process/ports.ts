/**
 * What the engine asks of the operating system. Types only.
 *
 * The real implementations are in this folder; simulations have their own. Whoever launches an instance owns it:
 * it ends with `kill` and `dispose` at the latest.
 */

import type { StreamName, Survivor } from '../events/event.ts';
import type { CallExit, ChildExit, Exit, ExitUsage, Values } from '../events/fact-shape.ts';
import type { Rights } from './rights-ports.ts';

/** What a text for the shell uses of reported values. */
export interface ShellParameters {
  /** Variables of its environment, which the text names. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The command with the values in it, for people; undefined: it is as it is. */
  readonly shown?: string;
}

/** A command ready to be executed: texts filled in. */
export type ReadyCommand =
  | ({ readonly kind: 'exec'; readonly argv: readonly string[] } & ShellParameters)
  | ({ readonly kind: 'shell'; readonly script: string } & ShellParameters)
  /** Nothing is executed: somebody else runs it. */
  | { readonly kind: 'external'; readonly shown?: undefined }
  /** A function of this program. */
  | { readonly kind: 'call'; readonly name: string };

/** What an instance says over its notify channel. `closed` comes once, after everything else. */
export type Notification =
  | { readonly kind: 'ready'; readonly values: Values }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'status'; readonly text: string }
  /** It goes down by itself. */
  | { readonly kind: 'stopping' }
  /** It needs at least that long, from now, for the start or the stop that is under way. */
  | { readonly kind: 'extend'; readonly byMs: number }
  /** How long its heartbeat may stay away from now on, whatever is configured. */
  | { readonly kind: 'watchdog'; readonly withinMs: number }
  /** By its own watch it hangs. */
  | { readonly kind: 'tripped' }
  /** Something that a person should know of it, a clause fit after its name. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'closed' };

/** A file that an instance writes its output to by itself. */
export interface DirectLog {
  /** Opens it for one more instance; the descriptor is the caller's. Rejects with a clause: why it can't be opened. */
  open(): Promise<number>;
  /** The last of what was written since then; bounded. Never rejects; on a dead file system it never settles. */
  written(): Promise<Buffer>;
}

export type TerminalSize = { readonly columns: number; readonly rows: number };

/** How large a terminal is that services have of their own. */
export interface ServiceWindow {
  /** Now. */
  size(): TerminalSize;
  /** Tells that it may be another one, until what it returns is called. */
  onResize(listen: () => void): () => void;
}

export interface LaunchRequest {
  readonly service: string;
  readonly attempt: number;
  /** Of a command that runs before the program, its number, from 1; undefined: it is the program. */
  readonly stage?: number | undefined;
  readonly command: ReadyCommand;
  /** Absolute. */
  readonly cwd: string;
  /** The whole environment; the launcher adds only the variables of the notify channel and its markers. */
  readonly env: Readonly<Record<string, string>>;
  readonly channel: 'none' | 'fd' | 'node' | 'systemd' | 'call';
  /** It is to give a sign of life over the channel at least that often, and is told so; undefined: nobody listens. */
  readonly watchdogMs?: number | undefined;
  /** Undefined: as ourselves. */
  readonly rights?: Rights | undefined;
  /** Its standard input stays open as long as it runs; undefined: it is at its end. */
  readonly stdin?: 'open' | undefined;
  /** It gets a terminal that is its own, as large as the launcher's window; undefined: none. */
  readonly ownTerminal?: boolean | undefined;
  /** It gets the terminal: our own standard streams, in place of output that is read. */
  readonly terminal: boolean;
  /** Where its output goes in place of being read. */
  readonly directLog?: DirectLog | undefined;
  /** Asked at the last moment before the spawn: false calls the launch off. */
  mayStart(): boolean;
  /**
   * Told what outside of us the launch waits for before it is spawned, a clause fit after "waited for"; undefined:
   * nothing. It may never come: who has waited enough lets `mayStart` say no, and leaves the launch alone.
   */
  onWaiting?(what: string | undefined): void;
  /** The chunk belongs to the receiver for the time of the call only; undefined: the stream has ended. */
  onOutput(stream: StreamName, chunk: Buffer | undefined): void;
  onNotification(notification: Notification): void;
}

export type SpawnFailureReason =
  | 'command-not-found'
  | 'folder-not-found'
  | 'not-executable'
  | 'too-many-files'
  | 'no-memory'
  /** No system would accept it, now or later. */
  | 'impossible'
  | 'other';

export interface SpawnFailure {
  readonly reason: SpawnFailureReason;
  /** A whole sentence: what could not be started, why, what to do. */
  readonly message: string;
}

export type LaunchResult =
  | {
      readonly kind: 'launched';
      readonly instance: Instance;
      /**
       * What gives it its rights says when it is executed, or why it can't be: then nothing of the instance is left.
       * Undefined: it is executed. Never rejects, and may never settle: that program can be stopped, or hang.
       */
      readonly executed?: Promise<SpawnFailure | undefined> | undefined;
    }
  | { readonly kind: 'called-off' }
  | { readonly kind: 'spawn-failed'; readonly failure: SpawnFailure };

/**
 * One run of a service: its main process (the one spawned, or the one it named later), and the tree that came of it.
 */
export interface Instance {
  readonly pid: number | undefined;
  /** Settles once, when the main process has ended; what it had written by then has been passed on. Never rejects. */
  readonly exited: Promise<Exit>;
  /** Settles when both output streams have ended or `dispose` was called. Never rejects. */
  readonly outputEnded: Promise<void>;
  /** Once it has ended, what it and all that it has waited for used; undefined: nobody tells. */
  usage?(): ExitUsage | undefined;
  /** Its output hasn't ended yet. */
  readonly outputOpen: boolean;
  /** How long ago its output was last held back, in ms: 0 while it is, Infinity if it never was. */
  outputHeldAgoMs(): number;
  /** Says `shutdown` over a node channel; false: it has none. Never throws. */
  sendShutdown(): boolean;
  /** Asks it to end: the stop signal to the group or the main process. Never throws. */
  ask(signal: NodeJS.Signals, target: 'group' | 'main'): void;
  /** Passes a signal on to the main process, by its number. Never throws. Undefined: it is no process. */
  pass?(signal: number): void;
  /** Sends a signal to the main process, its group or the whole tree. Never throws. Undefined: it is no process. */
  send?(signal: NodeJS.Signals, whom: 'main' | 'group' | 'tree'): void;
  /** Passes Ctrl-C on, unless the terminal gives it the same by itself. Never throws. */
  interrupt?(): void;
  /** Asks what of the tree is alive and was not asked before. Call once the main process has ended. */
  askRest(signal: NodeJS.Signals): void;
  /** SIGKILL to the whole tree: the group, and every descendant that left it. Never throws. */
  kill(): void;
  /** Whether its cgroup tells, without a look at all processes, that nothing of it is alive. Never throws. */
  isSurelyGone?(): boolean;
  /**
   * It ended by itself, having run that long: what it started in the background is of its tree from now on. Never
   * rejects.
   */
  claimStrays?(upMs: number): Promise<void>;
  /** Settles when nothing of the tree is alive any more; call it once the main process has ended. Never rejects. */
  readonly treeGone: () => Promise<void>;
  /** Its main process, if that runs and may not be signalled: `why` tells what keeps us. Undefined of functions. */
  mute?(): Survivor | undefined;
  /** What of the tree is alive now. */
  survivors(): Promise<readonly Survivor[]>;
  /** Whether it was a process of the tree that accepted a connection. */
  readonly ownerOf: OwnerCheck;
  /** Where processes of the tree listen for TCP, as far as that is seen. Never rejects. Undefined: it has none of ours. */
  listening?(): Promise<readonly Endpoint[]>;
  /** Stops reading its output and lets go of every descriptor. Harmless when repeated. */
  dispose(): void;
}

export interface Launcher {
  launch(request: LaunchRequest): Promise<LaunchResult>;
}

/** A process that is left. */
export interface LeftProcess extends Survivor {
  /** It came from no service: somebody who entered the container left it. */
  readonly isForeign?: boolean;
}

/** What of a run is alive and belongs to no instance that is: daemons nobody waits for, orphans that we adopted. */
export interface Leftovers {
  /** What is alive now. Never rejects. */
  look(): Promise<readonly LeftProcess[]>;
  /** Asks each of them once, also those that appear later. Never throws. */
  ask(signal: NodeJS.Signals): void;
  /** SIGKILL to all of them, and to those that appear later. Never throws. */
  kill(): void;
  /** Settles when a look found none. Never rejects. */
  gone(): Promise<void>;
}

export interface ShortCommand {
  readonly command: ReadyCommand;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined: as ourselves. */
  readonly rights?: Rights | undefined;
  readonly onOutput?: (stream: StreamName, chunk: Buffer) => void;
  /** Hears its pid in the turn of the spawn. */
  readonly onSpawned?: (pid: number) => void;
}

export type ShortCommandEnd =
  | ChildExit
  | CallExit
  /** It could not be run. */
  | { readonly kind: 'failed'; readonly message: string }
  /**
   * It was killed and isn't waited for any longer; `gone` settles when it has ended. Without a pid it was never
   * spawned.
   */
  | { readonly kind: 'survived'; readonly pid: number | undefined; readonly gone: Promise<void> };

/** Runs commands that end: probes, clean-ups, stop commands. */
export interface Commands {
  /**
   * Runs it in its own process group. When the signal aborts, the group is killed, and the promise settles once it
   * is dead. Never rejects.
   */
  run(command: ShortCommand, signal: AbortSignal): Promise<ShortCommandEnd>;
}

/** `isAnswered`: a server did, as it was to or not. */
export type Attempt = { readonly ok: boolean; readonly detail: string; readonly isAnswered?: boolean };

export type Endpoint = { readonly address: string; readonly port: number };

/** An open connection as our end of it sees it. */
export type Connection = { readonly local: Endpoint; readonly remote: Endpoint };

export type Ownership =
  | { readonly kind: 'own' }
  /** The system doesn't tell. */
  | { readonly kind: 'unknown' }
  /** `detail` names who it is instead, `holder` is just that name: "process 4711 (postgres)". */
  | { readonly kind: 'not-own'; readonly detail: string; readonly holder?: string };

/** A Unix socket at an absolute path. */
export type SocketPath = { readonly path: string };

/** Says who accepted a connection, which stays open meanwhile. Never rejects. */
export type OwnerCheck = (connection: Connection | SocketPath) => Promise<Ownership>;

/** `isHeld`: somebody has the socket, though this connection was not accepted. */
export type PathAttempt = Attempt & { readonly isHeld?: boolean };

/**
 * Single attempts at reaching something over the network. They never reject; an abort ends them at once. What was
 * accepted by another than `ownerOf` tells to be the owner does not hold; without it, anybody may have accepted.
 */
export interface Network {
  connect(host: string, port: number, signal: AbortSignal, ownerOf?: OwnerCheck): Promise<Attempt>;
  /** At a Unix socket. */
  connectPath(path: string, signal: AbortSignal, ownerOf?: OwnerCheck): Promise<PathAttempt>;
  /** Holds for status 200 to 399, or those wanted. `insecure`: whatever its certificate is. */
  get(
    url: string,
    headers: Readonly<Record<string, string>>,
    status: WantedStatus,
    signal: AbortSignal,
    ownerOf?: OwnerCheck,
    insecure?: boolean,
  ): Promise<Attempt>;
}

/** Undefined: 200 to 399. */
export type WantedStatus = number | readonly number[] | 'any' | undefined;

export interface Files {
  /** What is there, links followed; what may not be seen is nothing for us. Never rejects. */
  find(path: string): Promise<'nothing' | 'socket' | 'other'>;
  /** Where programs are looked for before the PATH, for a folder; a promise where that has to be looked up. Never rejects. */
  programFolders(folder: string): readonly string[] | Promise<readonly string[]>;
}
