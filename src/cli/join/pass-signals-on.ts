/**
 * A command on this terminal, and the signals that come meanwhile: they are the command's.
 */
import type { CommandProcess } from '../../process/terminal/run-command.ts';
import type { World } from '../world.ts';

/** Passes signals on to the command once it runs; resolves with one that came before. */
export function passSignalsOn(
  world: World,
  command: () => CommandProcess | undefined,
): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    world.onSignal({ hasCommand: true, hangupReloads: () => false }, ({ name }, meaning) => {
      if (meaning.kind === 'nothing' || meaning.kind === 'tell') return;
      const running = command();
      if (running === undefined) resolve(name as NodeJS.Signals);
      else running.signal(name as NodeJS.Signals);
    });
  });
}
