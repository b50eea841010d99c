/**
 * Opens the log files of all services that have one, before anything is started.
 */
import { moveOnAfter, wait } from '../concurrency/index.ts';
import type { Problem } from '../config/diagnostics/problem.ts';
import type { LogFile } from '../config/types.ts';
import { formatDuration } from '../events/format-duration.ts';
import { createDirectLog, type DirectLog } from '../output/log-files/direct.ts';
import { closeFile, type OpenLogfile, openLogfile } from '../output/log-files/open.ts';
import { createLogfileWriter, type LogfileHooks, type LogfileWriter } from '../output/log-files/writer.ts';
import { complainAll, type Project } from './load-project.ts';
import type { World } from './world.ts';

/** A file system that doesn't answer must not keep everything from being started, or said. */
const OPENING_MS = 10_000;

/** Of a service that writes to it by itself, `opened` is missing. */
interface LogOf {
  readonly service: string;
  readonly file: LogFile;
  readonly opened?: OpenLogfile;
}

export interface LogFiles {
  readonly writers: ReadonlyMap<string, LogfileWriter>;
  readonly direct: ReadonlyMap<string, DirectLog>;
}

export type OpenedLogs = (hooksOf: (service: string, path: string) => LogfileHooks) => LogFiles;

/** What makes writers of the open files; undefined: one can't be opened, which was said with its place. */
export async function openLogFiles(world: World, project: Project): Promise<OpenedLogs | undefined> {
  const logs: LogOf[] = [];
  const problems: Problem[] = [];
  for (const { name, log } of project.graph.services.map(project.graph.spec)) {
    if (log.file === undefined) continue;
    try {
      logs.push(await tryOut(name, log.file));
    } catch (error) {
      problems.push(cannotOpen(name, log.file, error));
    }
  }
  if (problems.length > 0) return complainAll(world, await project.locate(problems));
  return (hooksOf) => ({ writers: createWriters(logs, hooksOf), direct: createDirect(logs, hooksOf) });
}

async function tryOut(service: string, file: LogFile): Promise<LogOf> {
  const opened = await moveOnAfter(OPENING_MS, () => wait(openLogfile(file.path)));
  if (opened === undefined) throw new Error(`it does not answer within ${formatDuration(OPENING_MS)}`);
  if (!file.direct) return { service, file, opened };
  await closeFile(opened.fd);
  return { service, file };
}

function cannotOpen(service: string, { path }: LogFile, error: unknown): Problem {
  return {
    severity: 'error',
    message: `Cannot log "${service}" to "${path}": ${(error as Error).message}`,
    path: ['services', service, 'log', 'file'],
    hint: 'Name a file that can be written, or remove "log.file"',
  };
}

type HooksOf = Parameters<OpenedLogs>[0];

function createWriters(logs: readonly LogOf[], hooksOf: HooksOf): LogFiles['writers'] {
  const writers = new Map<string, LogfileWriter>();
  for (const { service, file, opened } of logs) {
    if (opened === undefined) continue;
    writers.set(service, createLogfileWriter({ file, opened, hooks: hooksOf(service, file.path) }));
  }
  return writers;
}

function createDirect(logs: readonly LogOf[], hooksOf: HooksOf): LogFiles['direct'] {
  const direct = new Map<string, DirectLog>();
  for (const { service, file } of logs) {
    if (file.direct) direct.set(service, createDirectLog(file, hooksOf(service, file.path).onTrouble));
  }
  return direct;
}
