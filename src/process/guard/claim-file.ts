/**
 * The claim of this run: a file that grows with what the run spawns, written at once, before anything else happens.
 *
 * Whoever made it removes it. A line that can't be written (a full disk) is left out: what was spawned is found by its
 * marker too.
 */
import { closeSync, mkdirSync, openSync, renameSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  acceptedLine,
  type ClaimedRequest,
  type ClaimHeader,
  cgroupLine,
  goneLine,
  headerLine,
  type Lease,
  RUNNING_LINE,
  secretLine,
  settledLine,
  spawnedLine,
} from './claim.ts';

export interface ClaimFile {
  readonly path: string;
  run(): void;
  spawned(lease: Lease): void;
  gone(leases: readonly Lease[]): void;
  cgroup(folder: string): void;
  secret(secret: string): void;
  accepted(request: ClaimedRequest): void;
  settled(request: string): void;
  /** Removes it, and the folder of the project if nobody else is in it. */
  remove(): void;
}

/** Many short-lived processes would let it grow for ever: then what still counts is written anew. */
const COMPACT_AT_BYTES = 256 * 1024;

const FOLDER_ATTEMPTS = 100;

/**
 * Makes the claim in `folder`, which is made too; its parent must exist. Throws if it can't be made. There is no file
 * of that name yet: its name is that of the run.
 */
export function createClaimFile(folder: string, name: string, header: ClaimHeader): ClaimFile {
  const path = join(folder, name);
  const living = new Set<Lease>();
  const open = new Map<string, ClaimedRequest>();
  const told: string[] = [headerLine(header)];
  let descriptor: number | undefined = openInFolder(path);
  let bytes = 0;
  /** The disk had room for a part of a line. */
  let torn = false;

  const append = (text: string): void => {
    if (descriptor === undefined) return;
    const whole = torn ? `\n${text}` : text;
    try {
      const written = writeSync(descriptor, whole);
      bytes += written;
      torn = written < Buffer.byteLength(whole);
    } catch {
      // As the header says.
    }
    if (bytes > COMPACT_AT_BYTES) compact();
  };

  /** The old file counts until the new one, whole, takes its place. */
  const compact = (): void => {
    const fresh = `${path}.new`;
    try {
      const next = openSync(fresh, 'w', 0o600);
      bytes = writeSync(
        next,
        [...told, ...[...living].map(spawnedLine), ...[...open.values()].map(acceptedLine)].join(''),
      );
      renameSync(fresh, path);
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = next;
      torn = false;
    } catch {
      // A full disk: the old one goes on, and the next attempt comes after as much again.
      bytes = 0;
    }
  };

  const tell = (line: string): void => {
    told.push(line);
    append(line);
  };

  append(told.join(''));
  return {
    path,
    run: () => tell(RUNNING_LINE),
    cgroup: (cgroup) => tell(cgroupLine(cgroup)),
    secret: (secret) => tell(secretLine(secret)),
    accepted(request) {
      open.set(request.request, request);
      append(acceptedLine(request));
    },
    settled(request) {
      if (open.delete(request)) append(settledLine(request));
    },
    spawned(lease) {
      living.add(lease);
      append(spawnedLine(lease));
    },
    gone(leases) {
      for (const lease of leases) living.delete(lease);
      append(leases.map(goneLine).join(''));
    },
    remove() {
      if (descriptor === undefined) return;
      try {
        closeSync(descriptor);
      } catch {
        // Some file systems tell only now that they were full.
      }
      descriptor = undefined;
      removeClaim(path);
    },
  };
}

/** Where the run of a claim listens for clients. */
export function socketOf(claim: string): string {
  return `${claim}.sock`;
}

/** Where it keeps what its clients over TCP must know, if it has made that itself. */
export function tokenOf(claim: string): string {
  return `${claim}.token`;
}

/** Removes a claim that nobody needs any more, with what belongs to it. Harmless when repeated. */
export function removeClaim(path: string): void {
  for (const file of [`${path}.new`, socketOf(path), tokenOf(path), path]) {
    try {
      unlinkSync(file);
    } catch {
      // Somebody else did, or nobody can.
    }
  }
  removeIfEmpty(dirname(path));
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Others are in it.
  }
}

/** Who ends may remove the folder between our making it and our being in it. */
function openInFolder(path: string): number {
  for (let attempt = 1; ; attempt++) {
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      return openSync(path, 'ax', 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt >= FOLDER_ATTEMPTS) throw error;
    }
  }
}
