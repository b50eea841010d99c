/**
 * What is looked at on this machine before anything is started, by `up` and by `check`: what can't be is an error with
 * its place, and nothing is begun that would have to be taken down again.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { ServiceConfig } from '../config/types.ts';
import type { Rights } from '../process/ports.ts';
import { tooFewDescriptors } from './descriptor-need.ts';
import { findNativeNeeds } from './native-needs.ts';
import { serviceRights } from './service-rights.ts';
import type { World } from './world.ts';

export type PreflightWorld = Pick<World, 'env' | 'resolveRights' | 'whyNoSystemdNotify' | 'openFilesLimit'>;

export interface Preflight {
  /** As whom each service will run; undefined: as ourselves. */
  readonly rightsOf: (service: string) => Rights | undefined;
  /** Nothing is started with one of these. */
  readonly problems: readonly Problem[];
  /** The same, a sentence: it concerns all services at once. */
  readonly refusal: string | undefined;
}

export async function preflight(world: PreflightWorld, specs: readonly ServiceConfig[]): Promise<Preflight> {
  const [needs, rights] = await Promise.all([findNativeNeeds(world, specs), serviceRights(world, specs)]);
  return {
    rightsOf: rights.rightsOf,
    problems: [...needs, ...rights.problems],
    refusal: tooFewDescriptors(specs, world.openFilesLimit()),
  };
}
