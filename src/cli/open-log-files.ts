/**
 * The log files of a run: opened before anything is started, and those of another configuration before that comes into force.
 *
 * One that was opened stays so until the run ends: a configuration that is taken back finds its own again.
 */
import { moveOnAfter, wait } from '../concurrency/index.ts';
import type { Diagnostic } from '../config/diagnostics/diagnostic.ts';
import type { Problem } from '../config/diagnostics/problem.ts';
import type { LogFile, ServiceConfig } from '../config/types.ts';
import { formatDuration } from '../events/format-duration.ts';
import { createDirectLog, type DirectLog } from '../output/log-files/direct.ts';
import { closeFile, type OpenLogfile, openLogfile } from '../output/log-files/open.ts';
import { createLogfileWriter, type LogfileHooks, type LogfileWriter } from '../output/log-files/writer.ts';
import { unwritableLog } from '../preflight/unwritable-files.ts';
import type { Project } from './load-project.ts';

/** A file system that doesn't answer must not keep everything from being started, or said. */
const OPENING_MS = 10_000;

/** What is told of a file of that service and path. */
export type HooksOf = (service: string, path: string) => LogfileHooks;

/** Of a service that writes to it by itself, `opened` is missing. */
interface Opened {
  readonly service: string;
  readonly file: LogFile;
  readonly opened?: OpenLogfile;
}

type Log =
  | { readonly kind: 'writer'; readonly writer: LogfileWriter }
  | { readonly kind: 'direct'; readonly direct: DirectLog };

export class LogFiles {
  readonly #hooksOf: HooksOf;
  /** By service and all settings of its file. */
  readonly #logs = new Map<string, Log>();
  /** Of the configuration in force. */
  readonly writers = new Map<string, LogfileWriter>();
  readonly direct = new Map<string, DirectLog>();

  constructor(hooksOf: HooksOf) {
    this.#hooksOf = hooksOf;
  }

  /** Opens those of these services that are not open yet; what can't be, with its place. */
  async open({ locate }: Project, specs: readonly ServiceConfig[]): Promise<readonly Diagnostic[]> {
    const opened: Opened[] = [];
    const problems: Problem[] = [];
    for (const { name, log } of specs) {
      if (log.file === undefined || this.#logs.has(keyOf(name, log.file))) continue;
      try {
        opened.push(await tryOut(name, log.file));
      } catch (error) {
        problems.push(unwritableLog(name, log.file.path, (error as Error).message));
      }
    }
    if (problems.length === 0) {
      for (const log of opened) this.#logs.set(keyOf(log.service, log.file), this.#logOf(log));
      return [];
    }
    for (const log of opened) if (log.opened !== undefined) await closeFile(log.opened.fd);
    return locate(problems);
  }

  /** From now on those of these services are written to. */
  use(specs: readonly ServiceConfig[]): void {
    this.writers.clear();
    this.direct.clear();
    for (const { name, log } of specs) {
      const of = log.file && this.#logs.get(keyOf(name, log.file));
      if (of?.kind === 'writer') this.writers.set(name, of.writer);
      if (of?.kind === 'direct') this.direct.set(name, of.direct);
    }
  }

  /** Settles when all is written, or was given up at the limit. Never rejects. */
  async finish(withinMs: number): Promise<void> {
    const all = [...this.#logs.values()];
    await Promise.all(all.map((log) => (log.kind === 'writer' ? log.writer.finish(withinMs) : undefined)));
  }

  #logOf({ service, file, opened }: Opened): Log {
    const hooks = this.#hooksOf(service, file.path);
    if (opened === undefined) return { kind: 'direct', direct: createDirectLog(file, hooks.onTrouble) };
    return { kind: 'writer', writer: createLogfileWriter({ file, opened, hooks }) };
  }
}

function keyOf(service: string, file: LogFile): string {
  return JSON.stringify([service, file.path, file.direct, file.maxBytes, file.keep]);
}

async function tryOut(service: string, file: LogFile): Promise<Opened> {
  const opened = await moveOnAfter(OPENING_MS, () => wait(openLogfile(file.path)));
  if (opened === undefined) throw new Error(`it does not answer within ${formatDuration(OPENING_MS)}`);
  if (!file.direct) return { service, file, opened };
  await closeFile(opened.fd);
  return { service, file };
}
