/**
 * `orderly completion bash|zsh|fish`: prints a script by which a shell completes commands, options and names of services.
 *
 * Commands and options stand in the script. What there is of services is asked of `orderly complete`, each time.
 */
import type { Command } from 'commander';
import { bashScript } from './completion/bash.ts';
import { type DescribedProgram, describeProgram } from './completion/described.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';
import type { Ending, World } from './world.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

const SCRIPTS: Readonly<Record<Shell, (program: DescribedProgram) => string>> = {
  ...{ bash: bashScript, zsh: zshScript, fish: fishScript },
};

export function completion({ print }: Pick<World, 'print'>, program: Command, shell: Shell): Ending {
  return { status: print(SCRIPTS[shell](describeProgram(program))) === undefined ? 0 : 1 };
}
