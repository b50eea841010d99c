/**
 * What has been seen so far, and whoever waits for something of it.
 */

export interface Sightings<Thing> {
  add(thing: Thing): void;
  /** Nothing more will come: those who wait, now or later, get this error. */
  end(why: Error): void;
  /** The first that fits, past ones included. `what` names it where it never came. */
  first(what: string, fits: (thing: Thing) => boolean): Promise<Thing>;
}

export function createSightings<Thing>(): Sightings<Thing> {
  const seen: Thing[] = [];
  const waiting = new Set<{ look(thing: Thing): void; giveUp(why: Error): void }>();
  let over: Error | undefined;
  return {
    add(thing) {
      seen.push(thing);
      for (const waiter of waiting) waiter.look(thing);
    },
    end(why) {
      over = why;
      for (const waiter of waiting) waiter.giveUp(why);
    },
    first(what, fits) {
      const found = seen.find(fits);
      if (found !== undefined) return Promise.resolve(found);
      // Made here, the error shows who waited.
      const failure = new Error(`There was no ${what}.`);
      return new Promise((resolve, reject) => {
        const waiter = {
          look(thing: Thing): void {
            if (!fits(thing)) return;
            waiting.delete(waiter);
            resolve(thing);
          },
          giveUp(why: Error): void {
            failure.message += ` ${why.message}`;
            reject(failure);
          },
        };
        waiting.add(waiter);
        if (over !== undefined) waiter.giveUp(over);
      });
    },
  };
}
