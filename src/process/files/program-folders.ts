/**
 * Where a project keeps programs of its own, as npm finds them: `node_modules/.bin` of a folder and of those above it, the nearest
 * first (npm-run-script(1)).
 *
 * Above it others may write, as in `/tmp`: such a place counts only if it, `node_modules` and the folder that has that belong to us, to
 * root or to whom the folder belongs, and nobody else may put anything into one of them. Else a link could be another one later.
 */
import { type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { forgetOldAnswers, lookAt } from './answers.ts';

/** A folder that doesn't answer has none: who starts something in it waits for that, and says so. */
const ANSWER_MS = 250;

/** Hundreds are started at the same place in a moment; what was installed since is to be found. */
const MOMENT_MS = 100;
const asked = new Map<string, { readonly places: Promise<readonly string[]>; readonly atMs: number }>();

/** Those that are there, or were a moment ago: many are started at the same place. Never rejects, and settles soon. */
export function findProgramFolders(folder: string): Promise<readonly string[]> {
  const nowMs = performance.now();
  for (const [one, { atMs }] of asked) if (nowMs - atMs > MOMENT_MS) asked.delete(one);
  const places = asked.get(folder)?.places ?? lookForPlaces(folder);
  if (!asked.has(folder)) asked.set(folder, { places, atMs: nowMs });
  return places;
}

async function lookForPlaces(folder: string): Promise<readonly string[]> {
  forgetOldAnswers();
  const found: string[] = [];
  const looking = Promise.all(
    placesAbove(folder).map(async (place, at) => {
      const [there, here] = await Promise.all([lookAt(place), lookAt(folder)]);
      if (!isTrusted(there, here)) return;
      const above = await Promise.all(holdersOf(place).map(lookAt));
      if (above.every((holder) => isTrusted(holder, here))) found[at] = place;
    }),
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ANSWER_MS);
  });
  await Promise.race([looking, late]);
  clearTimeout(timer);
  return found.filter((place) => place !== undefined);
}

/** The same for who may wait for a file system. */
export function programFoldersNow(folder: string): readonly string[] {
  const here = lookNow(folder);
  return placesAbove(folder).filter((place) =>
    [place, ...holdersOf(place)].every((path) => isTrusted(lookNow(path), here)),
  );
}

function lookNow(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    // Not there, or below what is no folder, or may not be seen.
    return undefined;
  }
}

const OTHERS_WRITE = 0o002;

/** `here`: of the folder that it is for. */
function isTrusted(there: Stats | undefined, here: Stats | undefined): boolean {
  if (there?.isDirectory() !== true || (there.mode & OTHERS_WRITE) !== 0) return false;
  return [0, process.geteuid?.(), here?.uid].includes(there.uid);
}

/** Whoever may write to one of them decides what the place is. */
function holdersOf(place: string): readonly string[] {
  const modules = dirname(place);
  return [modules, dirname(modules)];
}

/** The folder is absolute. */
function placesAbove(folder: string): readonly string[] {
  const places: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    places.push(join(at, 'node_modules', '.bin'));
    if (at === dirname(at)) return places;
  }
}
