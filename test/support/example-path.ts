/**
 * Where the examples are.
 */
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

/** The absolute path of something in `examples/`. */
export function examplePath(...names: readonly string[]): string {
  return join(repositoryRoot(), 'examples', ...names);
}
