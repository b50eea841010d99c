/**
 * The texts of the project that people read, copy or build from.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

const PLACES = ['README.md', 'CHANGELOG.md', 'supervisor.yaml.example', '.ci', 'src', 'test', 'examples'];
const TEXT = /(?:\.(?:md|ts|js|mjs|cjs|json|yaml|yml|sh|example)|Dockerfile|\/run)$/;

/** Paths from the root of the project, of what is no package of somebody else's. */
export function trackedTexts(): readonly string[] {
  const root = repositoryRoot();
  return PLACES.flatMap((place) => (place.includes('.') && place !== '.ci' ? [place] : below(root, place)));
}

function below(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : below(root, path);
    return TEXT.test(path) ? [path] : [];
  });
}
