/**
 * The real system that services run on, put together; and its end.
 */
import { tmpdir } from 'node:os';
import type { System, SystemOptions } from './cli/world.ts';
import { removeCgroup } from './process/cgroup/remove-cgroup.ts';
import { createRunCgroup, type RunCgroup } from './process/cgroup/run-cgroup.ts';
import { sweepCgroups } from './process/cgroup/sweep-cgroups.ts';
import { createCommands } from './process/commands.ts';
import { createFiles } from './process/files/files.ts';
import { createRunGuard, type RunGuard } from './process/guard/run-guard.ts';
import { createRunIdentity } from './process/guard/run-id.ts';
import type { Helper } from './process/helper/helper.ts';
import { adopter, isInit } from './process/helper/init-shim.ts';
import { hasHelper, theHelper } from './process/helper/the-helper.ts';
import { createLauncher } from './process/instance/launcher.ts';
import { createNetwork } from './process/network/network.ts';
import { adoptOrphans } from './process/orphans/adopt-orphans.ts';
import { fifos } from './process/pipes/early-fifos.ts';
import { giveBackOpenFiles } from './process/rights/own-limits.ts';
import { useV8Sparingly } from './process/thrift.ts';
import { createRunMarks } from './process/tree/members/run-marks.ts';

let servicesToCome = 0;
/** What is saved in their start is more than what it takes to be prepared for; with fewer that comes after it. */
const MANY = 20;
const AFTER_FEW_MS = 100;

/** Of the one run that this process has, if it comes to that. */
let guard: RunGuard | undefined;
let helperOfRun: Helper | undefined;
let cgroupOfRun: RunCgroup | undefined;

/** Call it before `openSystem`, with how many services are to be started. */
export function prepareSystem(services: number): void {
  servicesToCome = services;
  if (services >= MANY) void useV8Sparingly();
  if (!hasHelper) fifos.warm(2 * services);
}

export function guardOfRun(): RunGuard {
  if (guard !== undefined) return guard;
  const identity = createRunIdentity();
  guard = createRunGuard({
    identity,
    marks: createRunMarks(identity.run),
    world: { uid: process.getuid?.() ?? 0, tmpdir: tmpdir(), env: process.env },
    isInit,
    removeCgroup,
    sweepCgroups,
  });
  return guard;
}

export async function openSystem(options: SystemOptions): Promise<System> {
  const register = guardOfRun();
  const { run, marks } = register;
  const helperNow = (): Helper | undefined => (helperOfRun?.isThere ? helperOfRun : undefined);
  register.listen(options.note);
  const [helper, made] = await Promise.all([
    theHelper(),
    options.cgroup === 'off'
      ? ({ kind: 'none', why: 'process.cgroup is off' } as const)
      : createRunCgroup(run, { onNamed: register.cgroup, isEntered: !hasHelper, helper: helperNow }),
  ]);
  helperOfRun = helper;
  if (helper !== undefined) register.guardBy(helper);
  const limited = giveBackOpenFiles(servicesToCome, helper);
  const cgroup = made.kind === 'made' ? made.cgroup : undefined;
  cgroupOfRun = cgroup;
  if (servicesToCome < MANY) setTimeout(() => void useV8Sparingly(), AFTER_FEW_MS).unref();
  const helperAdopts = (): boolean => helper?.isThere === true && helper.isSubreaper;
  const orphans = adoptOrphans({
    isKnown: cgroup !== undefined,
    isDone: helperAdopts(),
    note: options.note,
  });
  const launcher = createLauncher({
    ...{ marks, fifos, helper, cgroup, register, window: options.window },
    adopter: () => (helper !== undefined && helperAdopts() ? helper.pid : adopter),
    prepared: Promise.all([orphans.prepared, limited]).then(() => {}),
    // The init in front of us adopts everybody.
    adoptsAll: (byNode) => adopter !== process.pid || (helperAdopts() && !byNode) || orphans.adoptsAll(),
  });
  const { leftovers, holdOutput, treeUsage, endHooks } = launcher;
  return {
    cgroup: made.kind === 'made' ? { kind: 'made', folder: made.cgroup.folder } : made,
    ...{ launcher, leftovers, holdOutput, treeUsage, endHooks },
    commands: createCommands(fifos, { marks, helper, cgroup, register }),
    hookCommands: createCommands(fifos, { marks, helper, cgroup, register, areHooks: true }),
    post: async (...to) => (await import('./process/network/post.ts')).post(...to),
    network: createNetwork(),
    files: createFiles(),
    dispose() {
      orphans.stop();
      launcher.dispose();
      fifos.dispose();
    },
  };
}

/** When nothing of it is needed any more. Harmless when it was never opened. Never rejects. */
export async function closeSystem(): Promise<void> {
  fifos.dispose();
  await guard?.leave();
  if (hasHelper) await (await theHelper())?.farewell();
  // What the helper was to remove of it is gone with that.
  await cgroupOfRun?.dispose();
}
