/**
 * Tasks that a script plays: what it calls in the name of one of them runs in that task at once, as if the task itself
 * had called it in this turn.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Event, taskGroup } from '../../src/concurrency/index.ts';

/** Calls `fn` as the task. */
export type Player = <R>(fn: () => R) => R;

/** Runs `script` with `count` tasks, named `player 0` and so on, which end after it. */
export async function withPlayers(
  count: number,
  script: (players: readonly Player[]) => Promise<void>,
): Promise<void> {
  await taskGroup(async (group) => {
    const over = new Event();
    const players: Player[] = [];
    for (let index = 0; index < count; index++) {
      await group.start(
        async ({ started }) => {
          players.push(AsyncLocalStorage.snapshot() as Player);
          started();
          await over.wait();
        },
        { name: `player ${index}` },
      );
    }
    await script(players);
    over.set();
  });
}
