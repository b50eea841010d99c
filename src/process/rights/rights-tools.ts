/**
 * The programs that change the rights of what they execute, by their whole paths: a service may have another PATH, or
 * none.
 */
import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { findProgram } from '../spawn/find-program.ts';

/** Undefined: it isn't there, or can't do it. */
export interface RightsTools {
  readonly shell: string | undefined;
  readonly setpriv: string | undefined;
  readonly prlimit: string | undefined;
  readonly nice: string | undefined;
  readonly getent: string | undefined;
}

/** Where system tools are, whatever the PATH; looked at first, since root executes them. */
const SYSTEM_FOLDERS = '/usr/sbin:/usr/bin:/sbin:/bin';

export function findRightsTools(searchPath: string | undefined): RightsTools {
  const find = (name: string) => findTool(name, searchPath);
  const setpriv = find('setpriv');
  return {
    shell: findTool('/bin/sh', undefined),
    // That of busybox knows capabilities, but neither --reuid nor --groups.
    setpriv: setpriv !== undefined && isBusybox(setpriv) ? undefined : setpriv,
    prlimit: find('prlimit'),
    nice: find('nice'),
    getent: find('getent'),
  };
}

/** The path of a program; undefined: there is none. */
export function findTool(name: string, searchPath: string | undefined): string | undefined {
  const path = searchPath === undefined ? SYSTEM_FOLDERS : `${SYSTEM_FOLDERS}:${searchPath}`;
  const lookup = findProgram(name, '/', path);
  return lookup.kind === 'found' ? lookup.path : undefined;
}

export function isBusybox(path: string): boolean {
  try {
    return basename(realpathSync(path)).startsWith('busybox');
  } catch {
    // Then it can't be executed either.
    return true;
  }
}
