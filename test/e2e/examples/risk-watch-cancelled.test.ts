/**
 * The example risk-watch, cancelled everywhere: at every request before, on and after its way, twice at every two of
 * them, and at every turn of every moment in which anything happens. It always comes out flat, in order, once.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { now, StalenessError, sleep } from 'orderlyd/concurrency';
import { atTurn, NotingClock } from '../../support/every-moment.ts';
import { assertWayOut, play, type Scene, type SceneEnd } from '../../support/risk-watch-scene.ts';

const WAY_MS = 20;
const STALE = 'Nothing from "ES" for 200 ms';
const phases = ['before', 'in', 'after'] as const;
type Phase = (typeof phases)[number];

interface Interruption {
  /** Which way to or from the exchange, counted through the session. */
  readonly way: number;
  readonly phase: Phase;
  readonly cancel: (scene: Scene) => void;
}

/** Plays a session with these interruptions; also tells how many ways there were. */
async function interrupted(...interruptions: readonly Interruption[]): Promise<SceneEnd & { ways: number }> {
  let ways = 0;
  const travel = async (scene: Scene): Promise<void> => {
    const way = ways++;
    const at = (phase: Phase): void => {
      for (const each of interruptions) if (each.way === way && each.phase === phase) each.cancel(scene);
    };
    at('before');
    const timer = scene.clock.at(now() + WAY_MS / 2, () => at('in'));
    try {
      await sleep(WAY_MS);
    } finally {
      timer.cancel();
    }
    at('after');
  };
  return { ...(await play({ travel })), ways };
}

/** Cancelled before it tripped, it has not tripped; cancelled after, it has. Either way it has one cause. */
function assertCause({ error, causes, scene }: SceneEnd): void {
  assert.equal(causes.length, 1);
  if (causes[0] !== STALE) {
    assert.match(causes[0] ?? '', /^Cancelled "scope": /);
    assert.equal(error, undefined);
    assert.ok(scene.program.cancelledCaught || scene.session.cancelledCaught);
  } else {
    assert.ok(error instanceof AggregateError);
    assert.deepEqual(
      error.errors.map((each) => each instanceof StalenessError && each.source),
      ['ES'],
    );
  }
}

const both = ({ program, session }: Scene): void => {
  session.cancel('again');
  program.cancel('again');
};
const onlySession = ({ session }: Scene): void => session.cancel('first');
const onlyProgram = ({ program }: Scene): void => program.cancel('second');

test('cancelled before, in and after every single request, the book ends flat, in order, once', async () => {
  const { ways, causes } = await interrupted();
  assert.deepEqual(causes, [STALE]);
  const counts = { 'in the watch': 0, 'in the way out': 0, 'not at all': 0 };
  for (let way = 0; way < ways; way++) {
    for (const phase of phases) {
      const end = await interrupted({ way, phase, cancel: both });
      assertWayOut(end);
      assertCause(end);
      if (!end.scene.program.cancelCalled) counts['not at all']++;
      else counts[end.causes[0] === STALE ? 'in the way out' : 'in the watch']++;
    }
  }
  // One request was under way when the watch tripped: its second half never came.
  assert.equal(counts['not at all'], 2);
  assert.ok(counts['in the watch'] >= 15 && counts['in the way out'] >= 60, JSON.stringify(counts));
});

test('cancelled at any request, and by who is further out at any later one, too', async () => {
  const { ways } = await interrupted();
  for (let first = 0; first < ways; first++) {
    for (let second = first; second < ways; second++) {
      const phase = phases[(first + second) % 3] ?? 'in';
      const end = await interrupted(
        { way: first, phase, cancel: onlySession },
        { way: second, phase, cancel: onlyProgram },
      );
      assertWayOut(end);
      assertCause(end);
    }
  }
});

test('cancelled at every turn of every moment, likewise', async () => {
  const clock = new NotingClock();
  await play({ clock });
  assert.ok(clock.moments.length > 40);
  for (const timeMs of clock.moments) {
    for (let turns = 0; turns < 40; turns++) {
      const end = await play({
        script: (scene) => void atTurn(scene.clock, timeMs, turns, () => both(scene)),
      });
      assertWayOut(end);
      assertCause(end);
    }
  }
});
