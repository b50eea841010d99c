// Deals with the errors of one kind in a group error, and lets the rest go on, as `except*` does in Python.
import { splitErrors, taskGroup } from 'orderlyd/concurrency';

class Unreachable extends Error {}

async function poll() {
  try {
    await taskGroup((group) => {
      group.startSoon(() => Promise.reject(new Unreachable('db')));
      group.startSoon(() => Promise.reject(new RangeError('no such shard')));
    });
  } catch (error) {
    const [unreachable, rest] = splitErrors(error, Unreachable);
    for (const { message } of unreachable?.errors ?? []) console.log('asks again:', message); // prints: asks again: db
    const [, others] = splitErrors(rest, (one) => one instanceof Error && one.message.startsWith('busy'));
    if (others !== undefined) throw others;
  }
}

await poll().catch((error) => console.log(error.errors.map(String).join())); // prints: RangeError: no such shard
