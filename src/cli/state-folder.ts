/**
 * Where runs keep what outlives them: by the XDG base directory specification, never beside the user's files.
 */
import { basename, dirname, join } from 'node:path';
import { projectKey } from '../process/guard/project-key.ts';

export interface StateWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The place of one project. */
export interface StatePlace {
  /** Absolute. */
  readonly folder: string;
  /** What it is made below. */
  readonly below: { readonly folder: string; readonly isHome: boolean };
}

/** `project`: by what it is known. Undefined: nobody says where the home folder is. Pure. */
export function statePlace({ env }: StateWorld, project: string): StatePlace | undefined {
  // A path that is not absolute is to be ignored, says the specification.
  const state = env.XDG_STATE_HOME?.startsWith('/') ? env.XDG_STATE_HOME : undefined;
  const home = env.HOME?.startsWith('/') ? env.HOME : undefined;
  if (state !== undefined)
    return { folder: folderIn(state, project), below: { folder: dirname(state), isHome: false } };
  if (home === undefined) return undefined;
  const folder = folderIn(join(home, '.local', 'state'), project);
  return { folder, below: { folder: home, isHome: true } };
}

function folderIn(parent: string, project: string): string {
  return join(parent, 'orderly', `${readable(project)}-${projectKey(project).slice(-8)}`);
}

/** The name that was given, or that of the folder. */
function readable(project: string): string {
  const [, kind, name = ''] = /^(\w+):(.*)$/s.exec(project) ?? [];
  const text = kind === 'name' ? name : basename(kind === 'file' ? dirname(name) : name);
  return text.replace(/[^\w.-]/g, '_').slice(0, 40) || 'project';
}
