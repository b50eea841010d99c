/**
 * Parses the command line of a command that asks a run, and runs it. Bad usage is a sentence and status 2.
 */
import { Command, CommanderError } from 'commander';
import type { Ending } from '../world.ts';
import type { ClientWorld } from './client-world.ts';
import { type Act, declareClientCommands } from './commands.ts';

export type { ClientWorld } from './client-world.ts';

/** How it says things. */
export type ClientPrinting = Pick<ClientWorld, 'print' | 'complain'>;

export async function runClient(
  world: ClientWorld,
  argv: readonly string[],
  version: string,
): Promise<Ending> {
  let ending: Ending = { status: 0 };
  const program = new Command('orderly')
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError('(orderly --help shows the usage)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void world.print(text),
      writeErr: (text) => world.complain(text.trimEnd()),
    });
  const act: Act = (deed) => async (names, options) => {
    ending = await askedFor(world, () => deed(world, names, options));
  };
  declareClientCommands(program, act, argv[0]);
  try {
    await program.parseAsync(['node', 'orderly', ...argv]);
    return ending;
  } catch (error) {
    if (error instanceof CommanderError) return { status: error.exitCode === 0 ? 0 : 2 };
    throw error;
  }
}

/** What can't be asked is a sentence, and a status. */
export async function askedFor(
  { complain }: Pick<ClientWorld, 'complain'>,
  deed: () => Promise<Ending> | Ending,
): Promise<Ending> {
  try {
    return await deed();
  } catch (error) {
    const status = saidStatus(error);
    if (status === undefined) throw error;
    complain(`orderly: ${(error as Error).message}`);
    return { status };
  }
}

/** Of an error that is a sentence for the user; undefined: it is none. */
export function saidStatus(error: unknown): 1 | 2 | undefined {
  // By its name: what was loaded later has classes of its own.
  const { name, status } = Object(error) as { readonly name?: unknown; readonly status?: 1 | 2 };
  if (name === 'UsageError') return 2;
  return name === 'AskError' ? status : undefined;
}
