/**
 * What is written about the rights of a service, and the defaults for all, put together. Each limit counts by itself.
 */
import { withoutNulls } from './schema-condition-kind.ts';
import { limitsObject } from './schema-limits.ts';
import { layered } from './schema-object.ts';
import { type GivenService, serviceObject } from './schema-service.ts';
import type { Limit, LimitName, RightsConfig } from './types.ts';

const LIMIT_NAMES = Object.keys(limitsObject.fields) as readonly LimitName[];
const KEYS = ['user', 'group', 'umask', 'nice', 'limits'] as const;

/** To be spread into the service: nothing if nothing is asked for. */
export function resolveRights(own: GivenService, defaults: GivenService): { readonly rights?: RightsConfig } {
  if (!KEYS.some((key) => own[key] !== undefined || defaults[key] !== undefined)) return {};
  const get = layered(serviceObject, own, defaults);
  const entries = KEYS.map((key) => [key, key === 'limits' ? resolveLimits(own, defaults) : get(key)]);
  const asked = entries.filter(([, value]) => value !== undefined);
  return asked.length === 0 ? {} : { rights: Object.fromEntries(asked) as RightsConfig };
}

function resolveLimits(own: GivenService, defaults: GivenService): RightsConfig['limits'] {
  const get = layered(limitsObject, own.limits, defaults.limits);
  const limits = withoutNulls<Limit>(new Map(LIMIT_NAMES.map((name) => [name, get(name) ?? null])));
  return Object.keys(limits).length === 0 ? undefined : limits;
}
