/**
 * The helper of this program, if it has one. Importing this file starts it when the command line looks as if services
 * will run, so that it is ready by the time it is needed.
 */
import { willSupervise } from '../will-supervise.ts';
import type { Helper } from './helper.ts';
import { helperFile } from './helper-file.ts';
import { adopter, wireToInit } from './init-shim.ts';
import { connectHelper, startHelper } from './start-helper.ts';

/** It is to be had, as far as can be seen without asking it. */
export const hasHelper: boolean = helperFile !== undefined;

let starting: Promise<Helper | undefined> | undefined;

/** The same for everyone who asks; undefined: there is none, or it can't be run here. Never rejects. */
export function theHelper(): Promise<Helper | undefined> {
  starting ??= findHelper();
  return starting;
}

async function findHelper(): Promise<Helper | undefined> {
  if (helperFile === undefined) return undefined;
  const inFront = wireToInit === undefined ? undefined : await connectHelper(wireToInit, process.ppid);
  // Where there is an init orphans come to that, which reaps them.
  const asSubreaper = adopter === process.pid && process.pid !== 1;
  return inFront ?? startHelper(helperFile, asSubreaper);
}

if (willSupervise) void theHelper();
