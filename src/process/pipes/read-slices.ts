/**
 * How long may be read in one turn of the loop, by all readers together, and who goes first when somebody comes.
 *
 * libuv reads up to 32 times from one descriptor before it looks at anything else, and what is made of a chunk may take
 * milliseconds: a service that floods would make us deaf to signals. Whoever has read when the slice is over goes on in
 * the next turn.
 *
 * It accepts one connection a turn, too: beside floods clients would be served no faster than slices go by. So while one comes in
 * every turn those that flood rest, for some turns at most; then it is their turn again.
 */

export interface ReadSlices {
  /** Call it before what was read is made use of. */
  begin(): void;
  readonly isOver: boolean;
  /** Whoever rests since it is over is told when to go on. */
  rest(goOn: () => void): void;
  /** Somebody has come, whom others may follow. */
  giveWay(): void;
}

const SLICE_MS = 10;
/** No time: on a busy machine a single turn may take longer than any that could stand here. */
const MOST_TURNS = 32;

/** `nextTurn`: calls back when the loop has looked at everything once. */
export function createReadSlices(now: () => number, nextTurn: (call: () => void) => unknown): ReadSlices {
  const resting: (() => void)[] = [];
  let sinceMs: number | undefined;
  /** For so many turns more those that read may be kept waiting; undefined: nobody comes. */
  let turnsLeft: number | undefined;
  let hasCome = false;

  const look = (): void => {
    if (hasCome && turnsLeft! > 0) {
      hasCome = false;
      turnsLeft!--;
      nextTurn(look);
      return;
    }
    turnsLeft = undefined;
    for (const goOn of resting.splice(0)) goOn();
  };

  return {
    begin() {
      if (sinceMs !== undefined) return;
      sinceMs = now();
      nextTurn(() => {
        sinceMs = undefined;
      });
    },
    get isOver() {
      return turnsLeft !== undefined || (sinceMs !== undefined && now() - sinceMs > SLICE_MS);
    },
    rest(goOn) {
      if (turnsLeft === undefined) nextTurn(goOn);
      else resting.push(goOn);
    },
    giveWay() {
      hasCome = true;
      if (turnsLeft !== undefined) return;
      turnsLeft = MOST_TURNS;
      nextTurn(look);
    },
  };
}

/** Of all readers of this program. */
export const readSlices: ReadSlices = createReadSlices(() => performance.now(), setImmediate);
