/**
 * Where the life of a service is: one union, in which each phase has just what is valid in it.
 *
 * Its own life moves it. What is announced of it is finer, and has its table (`state-table.ts`).
 */
import type { ServiceConfig } from '../../config/types.ts';
import type { Loss } from './binding.ts';

/** Passes signals on to a main process that runs. */
export interface PassOn {
  /** By its number. */
  readonly signal: (number: number) => void;
  readonly interrupt: () => void;
  readonly send: (signal: NodeJS.Signals, whom: 'main' | 'group' | 'tree') => void;
}

/** A reported value as it was filled in. */
export interface UsedValue {
  readonly service: string;
  readonly value: string;
  readonly text: string;
}

/** An instance as the neighbours of its service may see it, from its spawn to the end of its clean-ups. */
export interface RunningInstance {
  readonly attempt: number;
  /** The definition that it was spawned with. */
  readonly spec: ServiceConfig;
  readonly spawnedAtMs: number;
  /** The reported values that it was started with. */
  readonly used: readonly UsedValue[];
  /** Its main process; undefined: that has ended. */
  main: PassOn | undefined;
  /** It has proved that it is up, and nothing has been lost since. */
  isReady: boolean;
  /** No monitor of it complains. */
  isHealthy: boolean;
  /** What it has lost, and ends because of. */
  givesWay: Loss | undefined;
  /** What has the port that it waits to have, as it was seen last. */
  portHolder: string | undefined;
  /** It takes over what has changed of its definition in place; undefined: its end has begun. */
  takeOver: ((keys: readonly string[]) => void) | undefined;
}

/** Nothing is known of it yet but how it was spawned. */
export function justSpawned(
  how: Pick<RunningInstance, 'attempt' | 'spec' | 'spawnedAtMs' | 'used' | 'main'>,
): RunningInstance {
  return {
    ...how,
    isReady: false,
    isHealthy: true,
    givesWay: undefined,
    portHolder: undefined,
    takeOver: undefined,
  };
}

export type Phase =
  /** For its edges, for the end of a delay, or for its turn. */
  | { readonly kind: 'waiting' }
  /** It is being spawned: what will stop it is due its time. */
  | { readonly kind: 'launching' }
  | { readonly kind: 'running'; readonly instance: RunningInstance }
  /** `how`: a clause that follows its name; `countsAsCompleted`: it had, before a change of the graph was taken back. */
  | { readonly kind: 'resting'; readonly how: string; readonly countsAsCompleted?: boolean };

export const WAITING: Phase = { kind: 'waiting' };
