/**
 * The key `include`: which further files belong to the configuration.
 */
import { list } from './collection.ts';
import { placedPath } from './text.ts';

export const includedFiles = list(placedPath(), 'a path or a list of paths', { oneToo: true });
