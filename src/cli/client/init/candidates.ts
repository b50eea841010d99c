/**
 * The files of a folder that `orderly init` can begin from, the best one first: those that name programs of this machine, then those of
 * containers and of other supervisors.
 */
import { join } from 'node:path';
import { tryToRead } from '../../../config/read-text.ts';
import type { ClientWorld } from '../client-world.ts';

const NAMES: readonly string[] = [
  ...['process-compose.yaml', 'process-compose.yml'],
  ...['mprocs.yaml', 'mprocs.yml'],
  ...['Procfile.dev', 'Procfile'],
  'package.json',
  ...['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'],
  ...['supervisord.conf', 'etc/supervisord.conf'],
  ...['ecosystem.json', 'ecosystem.config.json', 'ecosystem.config.yaml', 'ecosystem.config.yml'],
];

/** `startsOthers`: whether the text of a `package.json` says how several programs are started; another one says too little. */
export function candidatesIn(
  { cwd, readFile }: Pick<ClientWorld, 'cwd' | 'readFile'>,
  startsOthers: (packageJson: string) => boolean,
): readonly string[] {
  return NAMES.filter((name) => {
    const read = tryToRead(join(cwd, name), readFile, 'regular');
    // One that can't be read is told when it is imported.
    if (!read.ok) return !read.isMissing && name !== 'package.json';
    return name !== 'package.json' || startsOthers(read.text);
  });
}

const STARTER = /^(?:concurrently|conc|npm-run-all2?|run-p|run-s|turbo)$/;

/** Whether a script of the package starts others side by side, or one after the other. */
export function startsOthers(packageJson: string): boolean {
  try {
    const { scripts } = Object(JSON.parse(packageJson)) as Readonly<Record<string, unknown>>;
    return Object.values(Object(scripts) as object).some(
      (script) => typeof script === 'string' && script.split(/\s+/).some((word) => STARTER.test(word)),
    );
  } catch {
    return false; // Whoever reads it tells why.
  }
}
