/**
 * What the processes of a supervisor cost, by way of `/proc`: all of the run that are not services.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { findMarked } from '../support/marked-processes.ts';
import type { Stage } from './stage.ts';

export interface Memory {
  readonly rssMb: number;
  /** Pages that others use too are shared out among all who do. */
  readonly pssMb: number;
}

export function memoryOf(stage: Stage): Memory {
  const rollups = supervisorPids(stage).map((pid) => readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
  const sumMb = (field: string) =>
    rollups.reduce((sum, text) => sum + numberAfter(text, `${field}:`), 0) / 1024;
  return { rssMb: sumMb('Rss'), pssMb: sumMb('Pss') };
}

/** How often their threads have gone to sleep by themselves, so far. */
export function sleepsOf(stage: Stage): number {
  return supervisorPids(stage)
    .flatMap((pid) => threadFiles(pid, 'status'))
    .reduce((sum, text) => sum + numberAfter(text, '\nvoluntary_ctxt_switches:'), 0);
}

/** What the threads of one process have computed so far. */
export function cpuMsOf(pid: number): number {
  return threadFiles(pid, 'schedstat').reduce((sum, text) => sum + Number(text.split(' ')[0]), 0) / 1e6;
}

/** Services are known by the name of the marks in their command line. */
function supervisorPids({ marker, marks }: Stage): readonly number[] {
  const supervisors = findMarked(marker).filter(({ command }) => !command.includes(marks));
  if (supervisors.length === 0) throw new Error('Cannot measure the supervisor: it is not running');
  return supervisors.map(({ pid }) => pid);
}

function threadFiles(pid: number, name: string): readonly string[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/${name}`, 'latin1'),
  );
}

function numberAfter(text: string, label: string): number {
  const at = text.indexOf(label);
  if (at === -1) throw new Error(`Cannot find ${JSON.stringify(label.trim())} in a file of /proc`);
  return Number.parseInt(text.slice(at + label.length), 10);
}
