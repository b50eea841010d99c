/**
 * What is asked of the machine before anything is started. Types only.
 *
 * It is part of what `main.ts` makes for the commands, and the library for its graphs. Nothing here starts anything.
 */
import type { FileIdentity } from '../process/files/identity.ts';
import type { AskedRights, ResolvedRights } from '../process/rights/asked-rights.ts';
import type { Rights } from '../process/rights-ports.ts';
import type { ProgramToStart, Trouble } from '../process/spawn/find-trouble.ts';

export interface Machine {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where programs of a project are, for a folder; nearest first. Never rejects. */
  readonly programFolders: (folder: string) => Promise<readonly string[]>;
  readonly findTrouble: (program: ProgramToStart) => readonly Trouble[];
  /** How many files orderly may have open; undefined: the system doesn't tell. */
  readonly openFilesLimit: () => number | undefined;
  /** As whom services that ask for rights will run; one answer each. */
  readonly resolveRights: (
    asked: readonly AskedRights[],
    searchPath: string | undefined,
  ) => Promise<readonly ResolvedRights[]>;
  /** Whether somebody with these rights may enter a folder. */
  readonly mayEnter: (rights: Rights, folder: string) => Promise<boolean>;
  /** Who listens there now; undefined: nobody, or it can't be known. */
  readonly findPortHolder: (host: string, port: number) => Promise<string | undefined>;
  /** Why there is no `notify: systemd` here, a clause, and what to do about it, a sentence; undefined: there is. */
  readonly whyNoSystemdNotify: () => Promise<
    { readonly reason: string; readonly remedy: string } | undefined
  >;
  /** The same of a terminal for a service. */
  readonly whyNoTerminal: () => Promise<{ readonly reason: string; readonly remedy: string } | undefined>;
  /** Settles when the file system of an absolute path has answered; it may never. Never rejects. */
  readonly untilMountAnswers: (path: string) => Promise<void>;
  /** Which file an absolute path means; undefined: none that would be written over. */
  readonly fileIdentity: (path: string) => FileIdentity | undefined;
  /** Why an absolute path can't be written to, a clause; undefined: nothing is known to stand against it. */
  readonly whyNotWritten: (path: string) => string | undefined;
  readonly descriptorIdentity: (fd: number) => FileIdentity | undefined;
}
