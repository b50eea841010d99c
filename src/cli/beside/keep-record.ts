/**
 * Keeps the record of a run where its project keeps what outlives it, for "orderly timeline" alone.
 */
import { createKeptRecord } from '../../output/json/kept-record.ts';
import type { Output } from '../../output/output.ts';
import { systemTicker } from '../../output/ticker.ts';
import { statePlace } from '../state-folder.ts';
import type { World } from '../world.ts';

export interface KeepOptions {
  /** False: no record of the run is kept. */
  readonly keep?: boolean | undefined;
}

/** `project`: by what it is known; undefined: by nothing. Undefined: nothing is kept. */
export function keptRecord(
  world: Pick<World, 'env' | 'uid'>,
  project: string | undefined,
  { keep = true }: KeepOptions,
): Output | undefined {
  const place = keep && project !== undefined ? statePlace(world, project) : undefined;
  if (place === undefined) return undefined;
  const { folder, isHome } = place.below;
  // Who has no home of his own has that one.
  if (isHome && folder === '/') return undefined;
  // What we made in the home of somebody else he could not use.
  const owner = isHome ? world.uid : undefined;
  return createKeptRecord({ folder: place.folder, below: folder, owner }, systemTicker);
}
