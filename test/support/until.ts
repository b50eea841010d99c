/**
 * Waits for what tells nobody when it happens: the state of processes that aren't ours.
 */
const LOOK_EVERY_MS = 5;
const LIMIT_MS = 20_000;

/** The first result that isn't false or missing. Rejects after 20 s, which no test should take. */
export async function until<Result>(look: () => Result | false | undefined): Promise<Result> {
  const giveUpMs = performance.now() + LIMIT_MS;
  for (;;) {
    const result = look();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > giveUpMs) throw new Error(`It never came true: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
