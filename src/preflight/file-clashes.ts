/**
 * Files that a run would write over each other, or over what it was made from: the record, log files and what they are
 * called once rotated, the configuration and its files of variables. Looked at before anything is opened for writing.
 */
import { join } from 'node:path';
import type { Problem } from '../config/diagnostics/problem.ts';
import type { ServiceConfig } from '../config/types.ts';
import type { FileIdentity } from '../process/files/identity.ts';
import type { Machine } from './machine.ts';

export interface FilesOfRun {
  readonly specs: readonly ServiceConfig[];
  /** What the configuration was read from; absolute. */
  readonly read: readonly string[];
  /** Absolute. */
  readonly record: string | undefined;
}

export interface FileClashes {
  /** Of log files, with their places. */
  readonly problems: readonly Problem[];
  /** Of the record, a sentence. */
  readonly refusal: string | undefined;
}

/** Whose a file is. */
interface Claim {
  readonly owner: string;
  /** Fit after "that is". */
  readonly what: string;
}

type Identify = Pick<Machine, 'fileIdentity' | 'descriptorIdentity' | 'untilMountAnswers'>;

/** Waits for ever where a file system doesn't answer: signals end the program as long as nothing is started. */
export async function fileClashes(machine: Identify, files: FilesOfRun): Promise<FileClashes> {
  const { specs, record } = files;
  const written = [
    ...specs.flatMap(({ log }) => log.file?.path ?? []),
    ...(record === undefined ? [] : [record]),
  ];
  await Promise.all(written.map((path) => machine.untilMountAnswers(path)));
  return clashesOf(machine, files);
}

function clashesOf(machine: Identify, { specs, read, record }: FilesOfRun): FileClashes {
  const claims = new Map<string, Claim>();
  const claim = (identity: FileIdentity | undefined, mine: Claim): Claim | undefined => {
    const keys = identity?.keys ?? [];
    const theirs = keys
      .map((key) => claims.get(key))
      .find((one) => one !== undefined && one.owner !== mine.owner);
    if (theirs === undefined) for (const key of keys) claims.set(key, mine);
    return theirs;
  };
  const logs = specs.flatMap(({ name, log }) => {
    const identity = log.file && machine.fileIdentity(log.file.path);
    return log.file && identity ? [{ name, file: log.file, identity }] : [];
  });
  if (logs.length === 0 && record === undefined) return { problems: [], refusal: undefined };

  for (const path of read)
    claim(machine.fileIdentity(path), { owner: 'configuration', what: 'read for the configuration' });
  for (const fd of [1, 2]) {
    claim(machine.descriptorIdentity(fd), {
      owner: 'standard',
      what: fd === 1 ? 'what stdout goes to' : 'what stderr goes to',
    });
  }
  const written = record === undefined ? undefined : machine.fileIdentity(record);
  const recorded = claim(written, { owner: 'record', what: 'the record' });
  const problems: Problem[] = [];
  const refuse = (service: string, path: string, { what }: Claim): void => {
    const message = `Cannot log "${service}" to "${path}": that file is ${what}`;
    problems.push({
      severity: 'error',
      message,
      path: ['services', service, 'log', 'file'],
      hint: 'Name another file',
    });
  };
  for (const { name, file, identity } of logs) {
    const theirs = claim(identity, { owner: name, what: `the log file of "${name}"` });
    if (theirs !== undefined) refuse(name, file.path, theirs);
  }
  const hasOtherNames = logs.some(({ identity }) => identity.links > 1) || (written?.links ?? 0) > 1;
  for (const { name, file, identity } of logs) {
    const count = file.maxBytes === Number.POSITIVE_INFINITY ? 0 : file.keep;
    for (let number = 1; number <= count; number++) {
      const place = `${identity.place}.${number}`;
      // Another name of an old file is found by that file alone.
      const old = hasOtherNames ? machine.fileIdentity(`${file.path}.${number}`) : undefined;
      const keys = old === undefined ? [place] : [place, ...old.keys];
      const mine = { owner: name, what: `the log file of "${name}" once it is rotated` };
      const theirs = claim({ place, keys, links: 0 }, mine);
      if (theirs === undefined) continue;
      refuse(name, `${file.path}.${number}`, theirs);
      break;
    }
  }
  const refusal =
    recorded === undefined
      ? undefined
      : `Cannot record to "${record}": that file is ${recorded.what}; name another one`;
  return { problems, refusal };
}

/** What loading read, and `.env`, which it reads only when it needs it. */
export function filesRead(
  read: Iterable<string>,
  files: readonly string[],
  folder: string,
): readonly string[] {
  return [...new Set([...files, ...read, ...(files.length > 0 ? [join(folder, '.env')] : [])])];
}
