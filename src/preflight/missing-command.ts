/**
 * Whether the command of `orderly run` is there, looked up before anything is started for it: a slip of the fingers
 * must not bring up a database first. Its status is that of a shell.
 */
import { closest } from '../config/diagnostics/closest.ts';
import type { ServiceConfig } from '../config/types.ts';
import type { Machine } from './machine.ts';

export interface MissingCommand {
  readonly message: string;
  readonly status: 126 | 127;
}

/** `services`: all there are; `others`: those that the command needs. */
export function missingCommand(
  { findTrouble, cwd, env }: Pick<Machine, 'findTrouble' | 'cwd' | 'env'>,
  words: readonly string[],
  {
    services,
    others,
  }: { readonly services: readonly ServiceConfig[]; readonly others: readonly ServiceConfig[] },
): MissingCommand | undefined {
  const [program = ''] = words;
  // A task that it needs may be what makes it.
  if (program.includes('/') && others.some(({ type }) => type === 'task')) return undefined;
  const command = { kind: 'exec', program } as const;
  const trouble = findTrouble({ command, cwd, searchPath: env.PATH, inProject: true }).find(
    ({ key }) => key === 'command',
  );
  if (trouble === undefined) return undefined;
  const names = services.map(({ name }) => name);
  const meant = words.length === 1 ? closest(program, names) : undefined;
  const remedy = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const isThere = !/ does not exist$| is not on the PATH$/.test(trouble.message);
  const place = names.length > 0 && words.length === 1 ? ', and no service has that name' : '';
  return {
    message: `Cannot run it: ${trouble.message}${place}; nothing was started${remedy}`,
    status: isThere ? 126 : 127,
  };
}
