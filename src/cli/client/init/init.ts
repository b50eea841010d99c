/**
 * `orderly init`: writes a first `supervisor.yaml` of what the folder has, and on demand a section about orderly into `AGENTS.md`.
 *
 * It asks nothing, and never changes what is there: a configuration is left as it is, a section is added once.
 */
import { dirname, join } from 'node:path';
import { findFiles } from '../../../config/find-files.ts';
import { tryToRead } from '../../../config/read-text.ts';
import { CALLED } from '../../../importers/formats.ts';
import type { Ending } from '../../world.ts';
import type { ClientWorld } from '../client-world.ts';
import { unreadable } from '../find-run.ts';
import { countOf } from '../import/import.ts';
import { translate } from '../import/translate.ts';
import { FileError, write } from '../write-once.ts';
import { agentsAddition } from './agents-section.ts';
import { candidatesIn, startsOthers } from './candidates.ts';
import { scriptCommand, starterConfig } from './starter-config.ts';

export interface InitOptions {
  /** Adds the section to `AGENTS.md`. */
  readonly agents?: boolean | undefined;
}

export async function init(world: ClientWorld, { agents = false }: InitOptions): Promise<Ending> {
  try {
    await writeConfig(world);
    writeAgents(world, agents);
    world.print('next: "orderly check" shows what would be done, "orderly up" does it\n');
    return { status: 0 };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    world.complain(`orderly: ${error.message}`);
    return { status: 1 };
  }
}

async function writeConfig(world: ClientWorld): Promise<void> {
  const { cwd, readFile } = world;
  const found = findFiles([], cwd, readFile);
  if (!found.ok && !found.isNone) throw unreadable(world, found.diagnostics);
  const nearest = found.ok ? found.sources[0].file : undefined;
  if (nearest !== undefined && dirname(nearest) === cwd) {
    world.print(`${nearest} is there already, and is left as it is\n`);
    return;
  }
  if (!(await writeImported(world))) {
    const { text, command } = starterConfig(scriptOf(world));
    write(world.createFile, join(cwd, 'supervisor.yaml'), `${editorLine(world)}${text}`);
    world.print(`wrote supervisor.yaml: its service "app" runs: ${command}\n`);
  }
  if (nearest !== undefined) world.print(`here it takes the place of ${nearest}\n`);
}

/** Begins from the best file that can be read. False: there is none. */
async function writeImported(world: ClientWorld): Promise<boolean> {
  const { cwd, print, createFile } = world;
  const candidates = candidatesIn(world, startsOthers);
  for (const name of candidates) {
    const translated = await translate(world, { file: join(cwd, name), folder: cwd });
    if (translated === undefined) continue;
    const { format, text, services, tellLosses } = translated;
    write(createFile, join(cwd, 'supervisor.yaml'), `${editorLine(world)}${text}`);
    print(`took ${name} for ${CALLED[format]}\nwrote supervisor.yaml: ${countOf(services)}\n`);
    const others = candidates.filter((other) => other !== name);
    if (others.length > 0)
      print(`also here: ${others.join(', ')}; "orderly import FILE -o OTHER.yaml" takes one of them\n`);
    tellLosses();
    return true;
  }
  return false;
}

/** What a package says of how it is run. */
function scriptOf({ cwd, readFile, realPath, complain }: ClientWorld): string | undefined {
  const read = tryToRead(join(cwd, 'package.json'), readFile);
  if (!read.ok && read.isMissing) return undefined;
  let why: string;
  try {
    if (read.ok) return scriptCommand(read.text, (name) => isThere({ cwd, realPath }, name));
    why = read.why;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    why = error.message;
  }
  complain(`orderly: Cannot read package.json: ${why}; its scripts are left out`);
  return undefined;
}

const SCHEMA = 'node_modules/orderlyd/dist/supervisor.schema.json';

/** By which editors know the keys, where orderly is installed in the folder; else nothing. */
function editorLine(world: ClientWorld): string {
  return isThere(world, SCHEMA) ? `# yaml-language-server: $schema=${SCHEMA}\n` : '';
}

function isThere({ cwd, realPath }: Pick<ClientWorld, 'cwd' | 'realPath'>, name: string): boolean {
  try {
    realPath(join(cwd, name));
    return true;
  } catch {
    return false; // It is not there, or leads nowhere.
  }
}

function writeAgents(world: ClientWorld, isAsked: boolean): void {
  const path = join(world.cwd, 'AGENTS.md');
  const read = tryToRead(path, world.readFile);
  if (!read.ok && !read.isMissing) {
    if (isAsked) throw new FileError(`Cannot read "${path}": ${read.why}`);
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
