/**
 * Which file a name means: two names of one file have a key in common, be they links, other paths, or descriptors.
 *
 * A file is known by device and inode, and each place in a folder that leads to it by those of the folder, and its
 * name: so files that don't exist yet are told apart too. Devices and pipes are shared by nature and have no identity.
 */
import { fstatSync, lstatSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

export interface FileIdentity {
  /** The place that the name itself says: what is renamed with it. */
  readonly place: string;
  /** All by which it can be known, `place` included. */
  readonly keys: readonly string[];
  /** More than one: it has other names. 0: it isn't there. */
  readonly links: number;
}

/** More are a circle. */
const MOST_LINKS = 40;

/** `path` is absolute. Undefined: no file that would be written over. Never throws. */
export function fileIdentity(path: string): FileIdentity | undefined {
  const stats = ignoring(() => statSync(path, { bigint: true }));
  if (stats !== undefined && !stats.isFile()) return undefined;
  const places = placesOf(path);
  const keys = stats === undefined ? places : [...places, `${stats.dev}:${stats.ino}`];
  return { place: places[0]!, keys, links: Number(stats?.nlink ?? 0) };
}

/** The same of an open descriptor. */
export function descriptorIdentity(fd: number): FileIdentity | undefined {
  const stats = ignoring(() => fstatSync(fd, { bigint: true }));
  if (!stats?.isFile()) return undefined;
  const key = `${stats.dev}:${stats.ino}`;
  return { place: key, keys: [key], links: Number(stats.nlink) };
}

function placesOf(path: string): readonly string[] {
  const places: string[] = [];
  let name = path;
  for (let step = 0; step < MOST_LINKS; step++) {
    places.push(placeOf(name));
    const from = name;
    const target = ignoring(() => (lstatSync(from).isSymbolicLink() ? readlinkSync(from) : undefined));
    if (target === undefined) break;
    name = resolve(dirname(from), target);
  }
  return places;
}

/** By the folder that is there, and what is missing below it. */
function placeOf(path: string): string {
  let rest = basename(path);
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const at = folder;
    const stats = ignoring(() => statSync(at, { bigint: true }));
    if (stats !== undefined) return `${stats.dev}:${stats.ino}/${rest}`;
    if (dirname(folder) === folder) return path;
    rest = join(basename(folder), rest);
  }
}

/** What can't be looked at will be told when it is opened. */
function ignoring<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
