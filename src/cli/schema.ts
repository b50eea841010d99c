/**
 * `orderly schema`: prints the JSON Schema of supervisor.yaml, for editors.
 */
import { configJsonSchema } from '../config/schema/config.ts';
import type { Ending, World } from './world.ts';

export function schema(world: World): Ending {
  world.print(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return { status: 0 };
}
