/**
 * Who must know of every process group that this program makes, so that none outlives it. Types only.
 */

export interface SpawnedProcess {
  readonly pid: number;
  /** Its start; 0: this system doesn't tell. */
  readonly startTicks: number;
  /** It leads a group of its own; else only it itself is meant. */
  readonly leadsGroup: boolean;
  /** Empty for what serves a service or the run. */
  readonly service: string;
  readonly attempt: number;
  /** A child of the helper, which guards it by itself. */
  readonly byHelper?: boolean;
}

export interface SpawnRegister {
  /** Call it in the turn of the spawn. What it returns is called when nothing of the group is left. Never throws. */
  spawned(process: SpawnedProcess): () => void;
}

/** Nobody needs to know. */
export const noRegister: SpawnRegister = { spawned: () => () => {} };
