/**
 * What runs have left word of, on the configuration in a folder.
 */
import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectKey } from '../../src/process/guard/project-key.ts';
import { pidNamespace } from '../../src/process/guard/run-id.ts';
import { runtimeFolders } from '../../src/process/guard/runtime-folder.ts';

/** The paths of all claims; their sockets and tokens are none. */
export function claimsOn({ folder }: { readonly folder: string }): readonly string[] {
  const file = join(folder, 'supervisor.yaml');
  if (!existsSync(file)) return [];
  const world = { uid: process.getuid?.() ?? 0, tmpdir: tmpdir(), env: process.env };
  const key = projectKey(`file:${realpathSync(file)}`, pidNamespace());
  return runtimeFolders(world)
    .map((parent) => join(parent, key))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((name) => join(path, name)))
    .filter((path) => !/\.(?:sock|token)$/.test(path));
}

/** Of a folder that goes: nobody will come and take them away. */
export function removeClaimsOn(folder: string): void {
  for (const claim of claimsOn({ folder })) rmSync(dirname(claim), { recursive: true, force: true });
}
