/**
 * What the processes of a graph need of the operating system; and its absence, for a graph that has none.
 */
import type { PreflightMachine } from '../preflight/preflight.ts';
import type { Commands, Files, Launcher, Leftovers, Network } from '../process/ports.ts';

export interface ServiceSystem {
  readonly launcher: Launcher;
  readonly leftovers: Leftovers;
  readonly commands: Commands;
  readonly network: Network;
  readonly files: Files;
  readonly preflight: PreflightMachine | undefined;
  dispose(): void;
}

const never = (): never => {
  throw new Error('a graph without processes asked for one');
};

/** Where every service is a function. */
export const noProcesses: ServiceSystem = {
  launcher: { launch: never },
  leftovers: { look: async () => [], ask: () => {}, kill: () => {}, gone: async () => {} },
  commands: { run: never },
  network: { connect: never, connectPath: never, get: never },
  files: { find: never },
  preflight: undefined,
  dispose: () => {},
};
