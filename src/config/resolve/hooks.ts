/**
 * From the hooks that are written to those that are run. Each event counts by itself.
 */

import type { HookEvent, Hooks } from '../hook-types.ts';
import { type GivenHooks, hooksObject } from '../schema/hook.ts';
import { layered } from '../schema/object.ts';

const EVENTS = Object.keys(hooksObject.fields) as readonly HookEvent[];

export function resolveHooks(own: GivenHooks, under?: GivenHooks): Hooks {
  const get = layered(hooksObject, own, under);
  const hooks = EVENTS.flatMap((event) => {
    const hook = get(event);
    return hook === undefined ? [] : [[event, hook] as const];
  });
  return Object.fromEntries(hooks);
}
