/**
 * What the processes of a graph need of the operating system; opened when the first of them is seen, since a graph of functions
 * alone needs none of it.
 */
import type { ServiceConfig } from '../config/types.ts';
import type { PreflightMachine } from '../preflight/preflight.ts';
import type { Commands, Files, Launcher, Leftovers, Network } from '../process/ports.ts';

export interface ServiceSystem {
  readonly launcher: Launcher;
  readonly leftovers: Leftovers;
  readonly commands: Commands;
  readonly network: Network;
  readonly files: Files;
  readonly preflight: PreflightMachine | undefined;
  /** Why no instance of it can be started now, a sentence; undefined: nothing is known to stand against it. */
  foresee(spec: ServiceConfig): string | undefined;
  dispose(): void;
}

const never = (): never => {
  throw new Error('a graph without processes asked for one');
};

/** Where every service is a function. */
const noProcesses: ServiceSystem = {
  launcher: { launch: never },
  leftovers: { look: async () => [], ask: () => {}, kill: () => {}, gone: async () => {} },
  commands: { run: never },
  network: { connect: never, connectPath: never, get: never },
  files: { find: never, programFolders: () => [] },
  preflight: undefined,
  foresee: () => undefined,
  dispose: () => {},
};

export interface LazySystem extends Omit<ServiceSystem, 'preflight'> {
  /** Opens it, unless it is open. */
  open(): Promise<ServiceSystem>;
}

/** A system that is none until it is opened. */
export function lazySystem(openSystem: () => Promise<ServiceSystem>): LazySystem {
  let opening: Promise<ServiceSystem> | undefined;
  let system = noProcesses;
  return {
    async open() {
      opening ??= openSystem();
      system = await opening;
      return system;
    },
    launcher: { launch: (request) => system.launcher.launch(request) },
    leftovers: {
      look: () => system.leftovers.look(),
      ask: (signal) => system.leftovers.ask(signal),
      kill: () => system.leftovers.kill(),
      gone: () => system.leftovers.gone(),
    },
    commands: { run: (command, signal) => system.commands.run(command, signal) },
    network: {
      connect: (...args) => system.network.connect(...args),
      connectPath: (...args) => system.network.connectPath(...args),
      get: (...args) => system.network.get(...args),
    },
    files: {
      find: (path) => system.files.find(path),
      programFolders: (folder) => system.files.programFolders(folder),
    },
    foresee: (spec) => system.foresee(spec),
    dispose: () => system.dispose(),
  };
}
