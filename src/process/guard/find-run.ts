/**
 * The runs of this user that are alive, as their claims tell: for clients that look for one to ask.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { socketOf } from './claim-file.ts';
import { projectKey } from './project-key.ts';
import { type FoundClaim, readClaims } from './read-claims.ts';
import { createRunIdentity, isRunAlive, parseRunIdentity, pidNamespace } from './run-id.ts';
import { isPrivateFolder, type RuntimeWorld, runtimeFolders } from './runtime-folder.ts';

export interface FoundRun {
  readonly run: string;
  readonly pid: number;
  /** What must not run twice: `file:` and a real path, or `name:` and a name. */
  readonly project: string;
  /** Its first configuration file. */
  readonly file: string;
  /** ISO 8601. */
  readonly since: string;
  readonly socket: string;
}

/** The one that runs that project; undefined: it doesn't run. Throws the system's error if that can't be told. */
export function findRun(project: string, world: RuntimeWorld): FoundRun | undefined {
  const key = projectKey(project, pidNamespace());
  const folders = privateFolders(world).map((folder) => join(folder, key));
  const [found] = runsIn(folders, project);
  if (found === undefined) for (const folder of folders) requireReadable(folder);
  return found;
}

/** What isn't there is read: nobody is in it. */
function requireReadable(folder: string): void {
  try {
    readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** All of them, the oldest first. */
export function findRuns(world: RuntimeWorld): readonly FoundRun[] {
  const projects = privateFolders(world).flatMap((folder) =>
    namesIn(folder).map((name) => join(folder, name)),
  );
  return runsIn(projects, undefined).toSorted((a, b) => (a.since < b.since ? -1 : 1));
}

/** `run`: its name. */
export function isStillAlive(run: string): boolean {
  const identity = parseRunIdentity(run);
  return identity !== undefined && isRunAlive(identity, createRunIdentity());
}

function privateFolders(world: RuntimeWorld): readonly string[] {
  return runtimeFolders(world).filter((folder) => isPrivateFolder(folder, world.uid));
}

function runsIn(folders: readonly string[], project: string | undefined): readonly FoundRun[] {
  return readClaims(folders, project, createRunIdentity())
    .filter(({ alive, running, header }) => alive && running && header !== undefined)
    .map((claim) => runOf(claim as WholeClaim));
}

type WholeClaim = FoundClaim & Required<Pick<FoundClaim, 'header'>>;

/** Of a run that has said what it is of. */
export function runOf({ identity: { run, pid }, header, path }: WholeClaim): FoundRun {
  return { run, pid, ...header!, socket: socketOf(path) };
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there any more.
    return [];
  }
}
