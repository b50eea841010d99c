/**
 * Processes whose parent is gone become PID 1's: it reaps them while the command runs on.
 */
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { runDelayMs } from '../../support/run-delay.ts';
import { type Check, fails, holds, type Verdict } from '../check.ts';
import { type Container, inContainer, until } from '../container.ts';

const REAPED_WITHIN_MS = 1000;
const ORPHANS = 100;
/** No process of the command has this name. */
const ORPHAN = 'orphan';
const runOn = 'echo up; while :; do sleep 0.05; done';

export const hundred: Check = {
  name: `${ORPHANS} orphans are reaped within a second while the command runs on`,
  judge: (contender) => {
    // They all wait for somebody to open the gate.
    const script = `mkfifo gate; for n in $(seq ${ORPHANS}); do (: < gate &); done; ${runOn}`;
    return inContainer(contender, ['sh', '-c', script], async (container) => {
      await container.says('up');
      const orphans = await until('100 orphans', () => {
        const adopted = container
          .processes()
          .filter(({ ppid, name }) => ppid === container.pid1() && name === 'sh');
        return adopted.length >= ORPHANS ? adopted : undefined;
      });
      closeSync(openSync(join(container.folder, 'gate'), constants.O_WRONLY | constants.O_NONBLOCK));
      // The command itself may be a child of PID 1 too.
      return reaped(container, new Set(orphans.map(({ pid }) => pid)), orphans.length - ORPHANS);
    });
  },
};

export const handedOn: Check = {
  name: 'a zombie is reaped whose parent, an orphan, ended without having looked at it',
  judge: (contender) => {
    const script = `ln -s "$(command -v sleep)" ${ORPHAN}; (sh -c 'true & exec ./${ORPHAN} 1000' &); ${runOn}`;
    return inContainer(contender, ['sh', '-c', script], async (container) => {
      await container.says('up');
      const zombie = await until('a zombie', () => {
        const all = container.processes();
        // The command has zombies too, for a moment: it is a shell.
        const orphan = all.find(({ name, ppid }) => name === ORPHAN && ppid === container.pid1());
        return all.find(({ ppid, isZombie }) => isZombie && ppid === orphan?.pid);
      });
      process.kill(zombie.ppid, 'SIGKILL');
      return reaped(container, new Set([zombie.pid, zombie.ppid]));
    });
  },
};

/**
 * None of these pids is there any more, except so many, within a second of PID 1's own time from when the last of them
 * has ended; and something else is.
 */
async function reaped(container: Container, pids: ReadonlySet<number>, except = 0): Promise<Verdict> {
  const left = () => container.processes().filter(({ pid }) => pids.has(pid));
  await until('them to end', () => left().filter(({ isZombie }) => !isZombie).length <= except || undefined);
  const pid1 = container.pid1();
  // A machine that gives PID 1 no processor is not its fault.
  const itsOwnMs = () => performance.now() - runDelayMs(pid1);
  const startMs = itsOwnMs();
  const isOver = await until('them to be reaped', () => {
    const isLate = itsOwnMs() - startMs > REAPED_WITHIN_MS;
    return left().length <= except ? 'reaped' : isLate ? 'late' : undefined;
  });
  if (isOver === 'late') return fails(`${left().length - except} zombies after a second`);
  return container.processes().length > 0 ? holds : fails('the command ended');
}

/** Waits for what it started, as any parent does, and for nobody else: as an application that is PID 1. */
const INDIFFERENT = `
const { spawnSync } = require('node:child_process');
const [program, ...args] = process.argv.slice(1);
const statuses = Array.from({ length: 5 }, () => spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status);
console.log('statuses', statuses.join(' '));
setInterval(() => {}, 1000);`;

export const leavesNobody: Check = {
  name: 'under a PID 1 that does not reap it leaves no zombie of its own',
  judge: (contender) => {
    const parent = { name: 'indifferent', argv: [process.execPath, '-e', INDIFFERENT, '--'] };
    return inContainer(parent, [...contender.argv, 'true'], async (container) => {
      await container.says('statuses 0 0 0 0 0\n');
      // What is still on its way out becomes a zombie then.
      await until(
        'an end of all',
        () => container.processes().every(({ isZombie }) => isZombie) || undefined,
      );
      const { length } = container.processes();
      return length === 0 ? holds : fails(`${length} zombies after five runs`);
    });
  },
};
