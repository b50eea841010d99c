/**
 * `orderly init`: writes a first `supervisor.yaml`, and on demand a section about orderly into `AGENTS.md`.
 *
 * It asks nothing, and never changes what is there: a configuration is left as it is, a section is added once.
 */
import { dirname, join } from 'node:path';
import { findFiles } from '../../../config/find-files.ts';
import { tryToRead } from '../../../config/read-text.ts';
import type { Ending } from '../../world.ts';
import type { ClientWorld } from '../client-world.ts';
import { unreadable } from '../find-run.ts';
import { agentsAddition } from './agents-section.ts';
import { scriptCommand, starterConfig } from './starter-config.ts';

export interface InitOptions {
  /** Adds the section to `AGENTS.md`. */
  readonly agents?: boolean | undefined;
}

export function init(world: ClientWorld, { agents = false }: InitOptions): Ending {
  try {
    writeConfig(world);
    writeAgents(world, agents);
    world.print('next: "orderly check" shows what would be done, "orderly up" does it\n');
    return { status: 0 };
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    world.complain(`orderly: ${error.message}`);
    return { status: 1 };
  }
}

/** A file can't be read or written: a sentence. */
class WriteError extends Error {
  override readonly name = 'WriteError';
}

function writeConfig(world: ClientWorld): void {
  const { cwd, readFile } = world;
  const found = findFiles([], cwd, readFile);
  if (!found.ok && !found.isNone) throw unreadable(world, found.diagnostics);
  const nearest = found.ok ? found.sources[0].file : undefined;
  if (nearest !== undefined && dirname(nearest) === cwd) {
    world.print(`${nearest} is there already, and is left as it is\n`);
    return;
  }
  const { text, command } = starterConfig(scriptOf(world));
  write(world.createFile, join(cwd, 'supervisor.yaml'), text);
  world.print(`wrote supervisor.yaml: its service "app" runs: ${command}\n`);
  if (nearest !== undefined) world.print(`here it takes the place of ${nearest}\n`);
}

/** What a package says of how it is run. */
function scriptOf({ cwd, readFile, realPath, complain }: ClientWorld): string | undefined {
  const read = tryToRead(join(cwd, 'package.json'), readFile);
  if (!read.ok && read.isMissing) return undefined;
  const has = (name: string): boolean => {
    try {
      realPath(join(cwd, name));
      return true;
    } catch {
      return false; // It is not there, or leads nowhere.
    }
  };
  let why: string;
  try {
    if (read.ok) return scriptCommand(read.text, has);
    why = read.why;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    why = error.message;
  }
  complain(`orderly: Cannot read package.json: ${why}; its scripts are left out`);
  return undefined;
}

function writeAgents(world: ClientWorld, isAsked: boolean): void {
  const path = join(world.cwd, 'AGENTS.md');
  const read = tryToRead(path, world.readFile);
  if (!read.ok && !read.isMissing) {
    if (isAsked) throw new WriteError(`Cannot read "${path}": ${read.why}`);
    return;
  }
  const addition = agentsAddition(read.ok ? read.text : undefined);
  if (isAsked && addition === undefined) world.print('AGENTS.md has its section about orderly already\n');
  else if (isAsked && addition !== undefined) {
    write(world.appendToFile, path, addition);
    world.print('AGENTS.md: added a section about orderly\n');
  } else if (read.ok && addition !== undefined)
    world.print('AGENTS.md is here: "orderly init --agents" adds to it how agents use orderly\n');
}

function write(how: ClientWorld['createFile'], path: string, text: string): void {
  try {
    how(path, text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new WriteError(`Cannot write "${path}": ${code === 'EEXIST' ? 'it is there already' : message}`);
  }
}
