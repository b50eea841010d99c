/**
 * The definition of the configuration as JSON Schema (draft 2020-12), for editors. Keys that this version doesn't
 * support are left out, as they are errors.
 */
import { configObject } from './schema.ts';
import { command } from './schema-command.ts';
import { condition } from './schema-condition.ts';
import { http } from './schema-condition-kind.ts';
import { countLimit, sizeLimit } from './schema-limits.ts';
import { service } from './schema-service.ts';
import type { JsonSchema } from './schema-type.ts';

const DEFINITIONS = [service, command, condition, http, sizeLimit, countLimit];

/** The schema of one file, which may be one of several: no key is required. */
export function configJsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'supervisor.yaml',
    description: 'Configuration of orderly, a process supervisor.',
    ...configObject.json(),
    $defs: Object.fromEntries(DEFINITIONS.map(({ name, definition }) => [name, definition()])),
  };
}
