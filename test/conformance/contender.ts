/**
 * Those who can be PID 1 in front of a command, each in the way its manual shows.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { orderlyBin, orderlyInitBin } from '../support/orderly-bin.ts';

export interface Contender {
  readonly name: string;
  /** What stands before the command. */
  readonly argv: readonly string[];
}

export const orderly: Contender = { name: 'orderly', argv: [process.execPath, orderlyBin, 'run', '--'] };

export const orderlyInit: Contender = { name: 'orderly-init', argv: [orderlyInitBin, 'run', '--'] };

/** All that are compared, ours first. */
export const contenders: readonly Contender[] = [
  orderly,
  orderlyInit,
  { name: 'tini', argv: ['tini', '--'] },
  { name: 'dumb-init', argv: ['dumb-init', '--'] },
  { name: 'catatonit', argv: ['catatonit', '--'] },
];

export function isInstalled({ argv: [program = ''] }: Contender): boolean {
  const folders = program.includes('/') ? [''] : (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
