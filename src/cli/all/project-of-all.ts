/**
 * What a run of `orderly all` is known by: it has no file, so it is one of those of its folder, by its number. Pure.
 *
 * Any number may run at once. The next one takes the first number that is free, and removes what a dead run of that number left.
 */
const ALL = 'all:';

/** `folder` is real; `nth` counts from 1. */
export function projectOfAll(folder: string, nth: number): string {
  return `${ALL}${folder}${nth === 1 ? '' : `#${nth}`}`;
}

export function isProjectOfAll(project: string, folder: string): boolean {
  const start = projectOfAll(folder, 1);
  return project.startsWith(start) && /^(?:#\d+)?$/.test(project.slice(start.length));
}

/** Its folder's name, and its number from the second on; undefined: it is none of these. */
export function nameOfAll(project: string): string | undefined {
  return project.startsWith(ALL) ? project.split('/').at(-1) : undefined;
}
