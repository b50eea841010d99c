/**
 * The libraries that `orderlyd/concurrency` is measured beside. They are no dependencies of the project: they are
 * installed on first use, in exactly the versions of their lock file, into a `node_modules` that git ignores.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contender } from './concurrency-rows.ts';

const PACKAGES = [
  ['Effect', 'effect'],
  ['effection', 'effection'],
  ['p-queue', 'p-queue'],
] as const satisfies readonly (readonly [Contender, string])[];

/** Who can be measured; of the others one sentence says that they are left out. */
export async function findContenders(folder: string): Promise<ReadonlySet<Contender>> {
  if (!isInstalled(folder)) {
    console.error(`installing ${PACKAGES.map(([, name]) => name).join(', ')} into ${folder} ...`);
    try {
      await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
        cwd: folder,
      });
    } catch (error) {
      const names = PACKAGES.map(([contender]) => contender).join(', ');
      console.error(`${names} are left out: npm ci failed in ${folder}: ${reasonOf(error as Error)}`);
      return new Set(['plain promises']);
    }
  }
  return new Set(['plain promises', ...PACKAGES.map(([contender]) => contender)]);
}

/** Whether each is there in the version that is asked for. */
function isInstalled(folder: string): boolean {
  const { dependencies } = readPackage(folder) as { dependencies: Readonly<Record<string, string>> };
  return Object.entries(dependencies).every(([name, version]) => {
    const installed = join(folder, 'node_modules', name);
    return existsSync(installed) && readPackage(installed).version === version;
  });
}

function readPackage(folder: string): { readonly version?: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** What npm says went wrong, among much else. */
function reasonOf({ message }: Error): string {
  const lines = message.split('\n').filter((line) => line.startsWith('npm error '));
  const line = lines.find((each) => each.includes('reason: ')) ?? lines[0] ?? message;
  return line.replace('npm error ', '');
}
