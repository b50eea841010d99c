/**
 * Sees to it that the folder and the program of a spawn answer before it is made.
 *
 * Node's spawn stands still, and all of us with it, until the child has entered its folder and was executed: in a dead
 * network file system for ever. So both are asked for in the thread pool first.
 */
import { resolve } from 'node:path';
import { forgetOldAnswers, lookAt } from '../files/answers.ts';

export interface ToSpawn {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Settles when both have answered, be it that they aren't there; it may never. `onWaiting` hears what is waited for, if
 * anything is: `its folder "/mnt/data" to answer`; undefined: nothing more. Never rejects.
 */
export async function untilAnswering(
  { argv: [name = ''], cwd, env }: ToSpawn,
  onWaiting: (what: string | undefined) => void = () => {},
): Promise<void> {
  forgetOldAnswers();
  onWaiting(`its folder ${JSON.stringify(cwd)} to answer`);
  await lookAt(cwd);
  for (const path of placesOf(name, cwd, env.PATH)) {
    onWaiting(`its program ${JSON.stringify(path)} to answer`);
    if (await lookAt(path)) break;
  }
  onWaiting(undefined);
}

/** Where the system looks, in its order; with neither PATH nor slash it knows best, and none of it is on a network. */
function placesOf(name: string, cwd: string, searchPath: string | undefined): readonly string[] {
  if (name === '' || name.includes('\0') || cwd.includes('\0')) return [];
  if (name.includes('/')) return [resolve(cwd, name)];
  return (searchPath ?? '').split(':').map((folder) => resolve(cwd, folder, name));
}
