/**
 * Where a run in the background keeps what it writes: by the XDG base directory specification, never beside the user's files.
 */
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

export interface StateWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Absolute; the folder of one project. `project`: by what it is known. Undefined: nobody says where the home folder is. Pure. */
export function stateFolder({ env }: StateWorld, project: string): string | undefined {
  // A path that is not absolute is to be ignored, says the specification.
  const state = env.XDG_STATE_HOME?.startsWith('/') ? env.XDG_STATE_HOME : undefined;
  const home = env.HOME?.startsWith('/') ? join(env.HOME, '.local', 'state') : undefined;
  const parent = state ?? home;
  if (parent === undefined) return undefined;
  const hash = createHash('sha256').update(project).digest('hex').slice(0, 8);
  return join(parent, 'orderly', `${readable(project)}-${hash}`);
}

/** The name that was given, or that of the folder. */
function readable(project: string): string {
  const [, kind, name = ''] = /^(\w+):(.*)$/s.exec(project) ?? [];
  const text = kind === 'name' ? name : basename(dirname(name));
  return text.replace(/[^\w.-]/g, '_').slice(0, 40) || 'project';
}
