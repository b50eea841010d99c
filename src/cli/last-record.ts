/**
 * Which record "orderly timeline" alone draws: that of the last run of the project that is named, or of the nearest one.
 */
import { dirname, join } from 'node:path';
import { findFiles } from '../config/find-files.ts';
import { LAST_RECORD } from '../output/json/kept-file.ts';
import { projectOfAll } from './all/project-of-all.ts';
import { type EnterOptions, projectNamed } from './enter-project.ts';
import { statePlace } from './state-folder.ts';
import type { World } from './world.ts';

export interface LastRecords {
  /** What it is of, as a person calls it. */
  readonly of: string;
  /** Where it may be, the best first. */
  readonly paths: readonly string[];
}

/** Or why none can be looked for, a clause. */
export function lastRecords(
  world: World,
  { file = [], project }: EnterOptions & { readonly file?: readonly string[] },
): LastRecords | { readonly why: string } {
  const found = project === undefined ? findFiles(file, world.cwd, world.readFile) : undefined;
  if (found?.ok === false && file.length > 0) return { why: found.diagnostics[0]!.message };
  const first = found?.ok === true ? found.sources[0].file : undefined;
  const projects =
    project !== undefined || first !== undefined ? [projectNamed(world, first ?? '', { project })] : [];
  // What ran without a file is of its folder.
  if (file.length === 0 && project === undefined)
    for (const folder of foldersUpTo(world.cwd, first && dirname(first)))
      projects.push(projectOfAll(folder, 1));
  const places = projects.map((one) => statePlace(world, one));
  if (places.includes(undefined))
    return { why: 'nobody says where it is kept; set XDG_STATE_HOME or HOME to an absolute path' };
  return {
    of: JSON.stringify(project ?? first ?? world.cwd),
    paths: places.flatMap((place) => (place === undefined ? [] : join(place.folder, LAST_RECORD))),
  };
}

/** From there upwards; undefined: up to the root. */
function foldersUpTo(from: string, to: string | undefined): readonly string[] {
  const folders = [from];
  for (let above = from; above !== to && above !== dirname(above); ) {
    above = dirname(above);
    folders.push(above);
  }
  return folders;
}
