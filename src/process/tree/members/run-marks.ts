/**
 * The mark of a run: the variables by which a process of an instance is recognised when it left everything else.
 *
 * A daemon that called setsid and was adopted by another process keeps its environment: `/proc/<pid>/environ` shows
 * what it was executed with, to root and its own user alone. The mark is two secrets: that of the run, and that of the
 * service, so that no service can pass for another. They stand in the environment of what the run starts and nowhere
 * that others can read; that of the run also in its claim, and at the guardian.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { canHave, type PossibleUsers } from './possible-users.ts';

const RUN = 'ORDERLY_RUN';
const SERVICE = 'ORDERLY_SERVICE';
const ATTEMPT = 'ORDERLY_ATTEMPT';
/** The secret. */
export const MARK = 'ORDERLY_MARK';

const SECRET_BYTES = 16;

export interface RunMarks {
  /** The secret of the run. */
  readonly secret: string;
  /** What the environment of an instance gets; `users`: whose its processes can be. */
  ofInstance(service: string, attempt: number, users: PossibleUsers): Record<string, string>;
  /** What the environment of a command gets: not an instance's, since no tree is to wait for it. */
  ofCommand(users: PossibleUsers): Record<string, string>;
  /** The same for a hook: what it leaves is nobody's, and is not waited for. */
  ofHook(users: PossibleUsers): Record<string, string>;
  /**
   * Of whom a process is by its environment, as `/proc/<pid>/environ` shows it; undefined: it has no mark of this run,
   * or none that its user can have. `readUid` tells its real user; it is asked only about who has a mark.
   */
  find(environ: string, readUid: () => number | undefined): Marked | undefined;
}

/** What the mark of a process tells. */
export interface Marked {
  readonly mark: string;
  readonly uid: number | undefined;
}

interface Bearer {
  /** Undefined: commands. */
  readonly service: string | undefined;
  readonly users: PossibleUsers;
  readonly isHook?: true;
}

/** `run`: its name, which is no secret. */
export function createRunMarks(run: string): RunMarks {
  const secret = randomText(SECRET_BYTES);
  const tags = new Map<string, string>();
  const bearers = new Map<string, Bearer>();

  /** The same for all that are called so. */
  const markOf = (name: string, bearer: Bearer): string => {
    const tag = tags.get(name) ?? randomText(SECRET_BYTES);
    tags.set(name, tag);
    bearers.set(tag, bearer);
    return `${secret}.${tag}`;
  };

  return {
    secret,
    ofInstance: (service, attempt, users) => ({
      [RUN]: run,
      [SERVICE]: service,
      [ATTEMPT]: String(attempt),
      [MARK]: markOf(`of ${service}`, { service, users }),
    }),
    // Those of one user don't know the mark of another's.
    ofCommand: (users) => ({ [RUN]: run, [MARK]: markOf(`as ${users}`, { service: undefined, users }) }),
    ofHook: (users) => ({
      [RUN]: run,
      [MARK]: markOf(`hook as ${users}`, { service: undefined, users, isHook: true }),
    }),
    find(environ, readUid) {
      const tag = tagIn(environ, secret);
      const bearer = tag === undefined ? undefined : bearers.get(tag);
      if (bearer === undefined) return undefined;
      const uid = readUid();
      if (!canHave(bearer.users, uid)) return undefined;
      if (bearer.service === undefined) return { mark: bearer.isHook ? OF_A_HOOK : OF_A_COMMAND, uid };
      const attempt = variableOf(environ, ATTEMPT) ?? '';
      return /^\d+$/.test(attempt) ? { mark: instanceMarker(bearer.service, attempt), uid } : undefined;
    },
  };
}

/**
 * Of which service of a run with that secret it is, as its environment says; empty: of none. Undefined: it is not of
 * that run.
 */
export function findRunService(environ: string, secret: string): string | undefined {
  if (secret === '' || tagIn(environ, secret) === undefined) return undefined;
  return variableOf(environ, ATTEMPT) === undefined ? '' : (variableOf(environ, SERVICE) ?? '');
}

function tagIn(environ: string, secret: string): string | undefined {
  const mark = environ.includes(secret) ? variableOf(environ, MARK) : undefined;
  return mark?.startsWith(`${secret}.`) ? mark.slice(secret.length + 1) : undefined;
}

/**
 * A text that nobody can guess: so many bytes of the kernel's chance, in hexadecimal. Read as a file: to load the
 * cryptography of Node for it takes longer than to make ready for a run.
 */
function randomText(bytes: number): string {
  const buffer = Buffer.alloc(bytes);
  if (!fillFromKernel(buffer)) globalThis.crypto.getRandomValues(buffer);
  return buffer.toString('hex');
}

function fillFromKernel(buffer: Buffer): boolean {
  try {
    const fd = openSync('/dev/urandom', 'r');
    try {
      return readSync(fd, buffer) === buffer.length;
    } finally {
      closeSync(fd);
    }
  } catch {
    // A root folder without devices.
    return false;
  }
}

// The name of an instance within its run, as marks and cgroups tell it. Pure.

/** One text for an instance of a run. */
export function instanceMarker(service: string, attempt: number | string): string {
  return `${attempt}/${service}`;
}

/** In the place of an instance's marker: a probe or a clean-up of the run, and what came of it. */
export const OF_A_COMMAND = 'command';

/** The same for a hook. */
export const OF_A_HOOK = 'hook';

/** The service in a marker; empty: it is of none. */
export function serviceOfMarker(marker: string): string {
  return marker === OF_A_COMMAND || marker === OF_A_HOOK ? '' : marker.slice(marker.indexOf('/') + 1);
}

/** A variable in an environment as `/proc/<pid>/environ` shows it. */
export function variableOf(environ: string, name: string): string | undefined {
  const entries = `\0${environ}`;
  const start = entries.indexOf(`\0${name}=`);
  if (start === -1) return undefined;
  const from = start + name.length + 2;
  const to = entries.indexOf('\0', from);
  return entries.slice(from, to === -1 ? undefined : to);
}
