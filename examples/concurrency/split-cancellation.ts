// Tells the failures in a group error from the cancellations.
import {
  moveOnAfter,
  nonCancelSubgroup,
  sleepForever,
  splitCancellation,
  taskGroup,
} from 'orderlyd/concurrency';

await moveOnAfter(10, async () => {
  try {
    await taskGroup((group) => {
      group.startSoon(() => sleepForever());
      group.startSoon(() => sleepForever().catch(() => Promise.reject(new Error('could not save'))));
    });
  } catch (error) {
    const [cancelled, rest] = splitCancellation(error);
    console.log(cancelled?.errors.map(({ name }) => name).join()); // prints: CancelledError
    console.log(rest?.errors.map(String).join()); // prints: Error: could not save
    console.log(nonCancelSubgroup(error)?.errors.length); // prints: 1
    // The failure is dealt with here; the cancellation belongs to the scope that asked.
    if (cancelled !== undefined) throw cancelled;
  }
});
