/**
 * What can't stand in a file that is included: what holds for the whole configuration, and what is no map. Pure.
 */
import { didYouMean } from '../diagnostics/closest.ts';
import type { Problem } from '../diagnostics/problem.ts';
import { configObject, sharedObject } from '../schema/config.ts';
import { describeValue, isMap } from '../yaml/document-value.ts';
import type { SourceDocument } from './origins.ts';

export function misplacedKeys({ file, value }: SourceDocument): readonly Problem[] {
  if (value === null || value === undefined) return [];
  if (!isMap(value)) {
    const message = `An included file must be a map, but is ${describeValue(value)}`;
    return [{ severity: 'error', message, path: [], file }];
  }
  return Object.entries(value).flatMap(([key, inside]): readonly Problem[] => {
    const about = { severity: 'error', path: [key], file } as const;
    if (key.startsWith('x-') || (key !== 'services' && ALLOWED.includes(key))) return [];
    if (key === 'services') {
      if (inside === null || isMap(inside)) return [];
      return [{ ...about, message: `"services" must be a map, but is ${describeValue(inside)}` }];
    }
    if (!Object.hasOwn(configObject.fields, key)) {
      const hint = didYouMean(key, ALLOWED) ?? `Known keys: ${ALLOWED.join(', ')}`;
      return [
        { ...about, atKey: true, message: `Unknown key ${describeValue(key)} in an included file`, hint },
      ];
    }
    const message = `"${key}" cannot stand in an included file: it holds for the whole configuration`;
    return [{ ...about, atKey: true, message, hint: 'Write it in the file that includes this one' }];
  });
}

const ALLOWED: readonly string[] = ['services', 'include', ...Object.keys(sharedObject.fields)];
