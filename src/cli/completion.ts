/**
 * `orderly completion bash|zsh|fish`: prints a script by which a shell completes commands, options and names of services.
 *
 * Commands and options stand in the script. What there is of services is asked of `orderly complete`, each time.
 */
import type { Command } from 'commander';
import { listTopics } from '../manual/topics.ts';
import { bashScript } from './completion/bash.ts';
import { type DescribedProgram, describeProgram } from './completion/described.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';
import type { Ending, World } from './world.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

const SCRIPTS: Readonly<Record<Shell, (program: DescribedProgram) => string>> = {
  ...{ bash: bashScript, zsh: zshScript, fish: fishScript },
};

export async function completion(
  { print, manual }: Pick<World, 'print' | 'manual'>,
  program: Command,
  shell: Shell,
): Promise<Ending> {
  // Without the manual there are no topics, and everything else is completed.
  const chapters = await manual().catch(() => new Map<string, string>());
  const described = describeProgram(
    program,
    listTopics(chapters).map(({ name }) => name),
  );
  return { status: print(SCRIPTS[shell](described)) === undefined ? 0 : 1 };
}
