/**
 * Where a project keeps programs of its own, as npm finds them: `node_modules/.bin` of a folder and of those above it, the nearest
 * first (npm-run-script(1)).
 */
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { forgetOldAnswers, isThere } from './answers.ts';

/** A folder that doesn't answer has none: who starts something in it waits for that, and says so. */
const ANSWER_MS = 250;

/** Those that are there. Never rejects, and settles soon. */
export async function findProgramFolders(folder: string): Promise<readonly string[]> {
  forgetOldAnswers();
  const found: string[] = [];
  const looking = Promise.all(
    placesAbove(folder).map(async (place, at) => {
      if (await isThere(place)) found[at] = place;
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
  return placesAbove(folder).filter(
    (place) => statSync(place, { throwIfNoEntry: false })?.isDirectory() === true,
  );
}

/** The folder is absolute. */
function placesAbove(folder: string): readonly string[] {
  const places: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    places.push(join(at, 'node_modules', '.bin'));
    if (at === dirname(at)) return places;
  }
}
