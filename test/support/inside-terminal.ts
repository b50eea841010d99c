/**
 * What stands before a program, so that it runs on a terminal of 24 rows and 100 columns, which `script` provides. What is
 * written to the file "keys" of its folder is typed; what the terminal shows is stdout.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `around` is the shell's command line on the terminal; `$*` stands for the program with its arguments. */
export const insideTerminal = (around = 'exec $*'): readonly string[] => [
  ...['sh', '-c'],
  `mkfifo keys && exec 3<>keys && exec script -qec "stty rows 24 cols 100; ${around}" /dev/null <keys`,
  'sh',
];

export const CTRL_C = '\u0003';

export function press({ folder }: { readonly folder: string }, keys: string): void {
  writeFileSync(join(folder, 'keys'), keys);
}
