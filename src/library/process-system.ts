/**
 * The operating system for the processes of a program's graph: loaded only when there are any.
 *
 * A program has children and a cgroup of its own, so nothing is moved, adopted, reaped or killed here but what was spawned
 * here: a daemon that clears its environment is lost sight of. A guardian kills the services should the program die.
 */
import { tmpdir } from 'node:os';
import { whyNotStarted } from '../preflight/start-warnings.ts';
import { createCommands } from '../process/commands.ts';
import { createFiles } from '../process/files/files.ts';
import { createRunGuard } from '../process/guard/run-guard.ts';
import { createRunIdentity } from '../process/guard/run-id.ts';
import { createLauncher } from '../process/instance/launcher.ts';
import { loadNative } from '../process/native.ts';
import { createNetwork } from '../process/network/network.ts';
import { datagramTrouble } from '../process/notify/notify-datagrams.ts';
import { createFifoPool } from '../process/pipes/fifo-pool.ts';
import { ptyTrouble } from '../process/pty/pty.ts';
import { readOwnLimits } from '../process/rights/own-limits.ts';
import { resolveRights } from '../process/rights/resolve-rights.ts';
import { findTrouble } from '../process/spawn/find-trouble.ts';
import { createRunMarks } from '../process/tree/members/run-marks.ts';
import type { ServiceSystem } from './service-system.ts';

export function openProcessSystem(env: Readonly<Record<string, string | undefined>>): ServiceSystem {
  const identity = createRunIdentity();
  const marks = createRunMarks(identity.run);
  const guard = createRunGuard({
    identity,
    marks,
    world: { uid: process.getuid?.() ?? 0, tmpdir: tmpdir(), env },
  });
  const fifos = createFifoPool();
  const launcher = createLauncher({ marks, fifos, register: guard, adopter: () => 'nobody' });
  return {
    launcher,
    leftovers: launcher.leftovers,
    commands: createCommands(fifos, { marks, register: guard }),
    network: createNetwork(),
    files: createFiles(),
    preflight: {
      env,
      resolveRights: async (asked, searchPath) => resolveRights(asked, searchPath),
      whyNoSystemdNotify: async () => datagramTrouble(await loadNative()),
      whyNoTerminal: async () => ptyTrouble(await loadNative()),
      openFilesLimit: () => readOwnLimits().nofile?.soft,
    },
    foresee: (spec) => whyNotStarted({ findTrouble, env }, spec),
    dispose() {
      launcher.dispose();
      fifos.dispose();
      void guard.leave();
    },
  };
}
