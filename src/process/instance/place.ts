/**
 * Where an instance is put, and who must know of it: its cgroup, and the register of what is spawned.
 *
 * Made right before the spawn. It is left when nothing of the instance's tree is alive, or when nothing came of it.
 */
import type { Cell, RunCgroup } from '../cgroup/run-cgroup.ts';
import type { SpawnRegister } from '../guard/spawn-register.ts';
import type { LaunchRequest } from '../ports.ts';
import type { Inside, OnSpawned } from '../spawn/spawn-child.ts';
import { readProcessStat } from '../tree/proc/process-stat.ts';
import type { ProcessTree } from '../tree/process-tree.ts';

export interface InstancePlace {
  /** What is spawned in the call is in its cgroup; undefined: it has none. */
  readonly inside: Inside | undefined;
  /** Of what was spawned; 0: it isn't known. */
  startTicks(): number;
  /** Call it in the turn of the spawn. */
  readonly onSpawned: OnSpawned;
  /** Its cgroup; undefined: it has none. */
  readonly cell: Cell | undefined;
  /** The tree with its place: a kill reaches all of it at once, and with its end the place is left. */
  hold(tree: ProcessTree): ProcessTree;
  /** Nothing came of the spawn. */
  leave(): void;
}

export function createPlace(
  {
    service,
    attempt,
    stage,
    leadsGroup,
  }: Pick<LaunchRequest, 'service' | 'attempt' | 'stage'> & { readonly leadsGroup: boolean },
  cgroup: RunCgroup | undefined,
  register: SpawnRegister,
): InstancePlace {
  const cell = cgroup?.cell(service, attempt, stage);
  let tellGone = (): void => {};
  let startTicks = 0;
  const leave = (): void => {
    tellGone();
    cell?.remove();
  };
  return {
    inside: cell?.inside,
    cell,
    startTicks: () => startTicks,
    onSpawned(pid, byHelper, knownTicks) {
      startTicks = knownTicks || (readProcessStat(pid)?.startTicks ?? 0);
      tellGone = register.spawned({ pid, startTicks, leadsGroup, service, attempt, byHelper });
    },
    hold(tree) {
      let gone: Promise<void> | undefined;
      return {
        ...tree,
        kill() {
          // The tree first: it looks at who is there, and tells afterwards whether they are gone.
          tree.kill();
          cell?.kill();
        },
        gone() {
          gone ??= tree.gone().then(leave);
          return gone;
        },
      };
    },
    leave,
  };
}
