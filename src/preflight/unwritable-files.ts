/**
 * Log files and the record that can't be written, known before anything is run or made.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { ServiceConfig } from '../config/types.ts';
import type { Machine } from './machine.ts';

/** `record`: absolute. */
export async function unwritableFiles(
  machine: Pick<Machine, 'whyNotWritten' | 'untilMountAnswers'>,
  specs: readonly ServiceConfig[],
  record: string | undefined,
): Promise<{ readonly problems: readonly Problem[]; readonly refusal: string | undefined }> {
  const logs = specs.flatMap(({ name, log }) =>
    log.file === undefined ? [] : [{ name, path: log.file.path }],
  );
  const paths = [...logs.map(({ path }) => path), ...(record === undefined ? [] : [record])];
  await Promise.all(paths.map((path) => machine.untilMountAnswers(path)));
  const problems = logs.flatMap(({ name, path }): Problem[] => {
    const why = machine.whyNotWritten(path);
    return why === undefined ? [] : [unwritableLog(name, path, why)];
  });
  const why = record === undefined ? undefined : machine.whyNotWritten(record);
  return { problems, refusal: why === undefined ? undefined : `Cannot record to "${record}": ${why}` };
}

export function unwritableLog(service: string, path: string, why: string): Problem {
  return {
    severity: 'error',
    message: `Cannot log "${service}" to "${path}": ${why}`,
    path: ['services', service, 'log', 'file'],
    hint: 'Name a file that can be written, or remove "log.file"',
  };
}
