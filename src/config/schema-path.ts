/**
 * Paths of files: made absolute, relative ones from the folder of the file that they are written in.
 */
import { isAbsolute, resolve } from 'node:path';
import type { ConfigPath } from './problem.ts';
import { template, text } from './schema-text.ts';
import { pathOf, report, type Type, then } from './schema-type.ts';
import { subjectOf } from './subject.ts';
import type { Template } from './types.ts';

/** A path known at load, absolute. */
export function filePath(): Type<string> {
  return then(text('a path'), (path, at) => resolve(at.scope.folderOf(pathOf(at)), path));
}

/** A path and where it is written, for problems found later. */
export function placedPath(): Type<{ readonly file: string; readonly path: ConfigPath }> {
  return then(filePath(), (file, at) => ({ file, path: pathOf(at) }));
}

/** A path that may hold values of other services. One that starts with such a value is left as it is. */
export function templatePath(): Type<Template> {
  return then(template('a path'), (path, at) => {
    if (path === '') return report(at, `${subjectOf(pathOf(at))} cannot be "": it is empty`);
    const folder = (): string => at.scope.folderOf(pathOf(at));
    if (typeof path === 'string') return resolve(folder(), path);
    const [first, ...rest] = path;
    if (typeof first !== 'string' || isAbsolute(first)) return path;
    // Not normalised: what follows a value could be part of the same name.
    return [`${folder()}/${first}`, ...rest];
  });
}
