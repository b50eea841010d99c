// How much time the surroundings leave.
import { effectiveDeadline, failAfter, moveOnAfter, now, shield } from 'orderlyd/concurrency';

const tell = () => console.log(`${Math.round((effectiveDeadline() - now()) / 60_000)} min left`);

tell(); // prints: Infinity min left
await failAfter(60 * 60_000, async () => {
  tell(); // prints: 60 min left
  await moveOnAfter(20 * 60_000, tell); // prints: 20 min left
  await moveOnAfter(90 * 60_000, tell); // prints: 60 min left
  await shield(tell); // prints: Infinity min left
});
