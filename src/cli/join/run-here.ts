/**
 * A command on this terminal, and the signals that come meanwhile: they are the command's.
 */
import type { CommandProcess } from '../../process/terminal/run-command.ts';
import type { World } from '../world.ts';

/** How it ended. Never rejects. */
export function untilCommandEnds(world: World, command: CommandProcess): CommandProcess['ended'] {
  world.onSignal(true, ({ name }, meaning) => {
    if (meaning.kind === 'nothing' || meaning.kind === 'tell') return;
    // A terminal sends it to the command too.
    if (!(name === 'SIGINT' && world.stdinIsTerminal)) command.signal(name as NodeJS.Signals);
  });
  return command.ended;
}
