/**
 * The choice among contenders, on every interleaving that chance finds: never two, and one unless all died.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decideClaim } from '../../../../src/process/guard/claim-project.ts';
import type { RunIdentity } from '../../../../src/process/guard/run-id.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const identity = (index: number, startTicks: number): RunIdentity => {
  const pid = 100 + index;
  return { run: `${pid}-${startTicks}-b-x`, pid, startTicks, boot: 'b' };
};

test('G11: nobody else: it runs', () => {
  assert.deepEqual(decideClaim(identity(0, 5), []), { kind: 'run' });
});

test('G11: to one that runs everybody yields, however late that one began', () => {
  const late = { identity: identity(1, 9), running: true };
  assert.deepEqual(decideClaim(identity(0, 5), [late]), { kind: 'yield', to: late });
});

test('G11: of two that choose the later yields and the earlier waits; the pid decides between equals', () => {
  const other = { identity: identity(1, 5), running: false };
  assert.equal(decideClaim(identity(0, 5), [other]).kind, 'wait');
  assert.equal(decideClaim(identity(2, 5), [other]).kind, 'yield');
  assert.equal(decideClaim(identity(2, 4), [other]).kind, 'wait');
});

type State = 'absent' | 'choosing' | 'running' | 'gone';

/** One contender: claims, then looks and decides; between its look and its deed others may move. */
interface Contender {
  readonly identity: RunIdentity;
  state: State;
  decided: 'run' | 'yield' | 'wait' | undefined;
}

function step(contender: Contender, all: readonly Contender[]): void {
  const { state, decided } = contender;
  if (state === 'absent') contender.state = 'choosing';
  else if (state === 'choosing' && (decided === undefined || decided === 'wait')) {
    const rivals = all
      .filter((other) => other !== contender && (other.state === 'choosing' || other.state === 'running'))
      .map((other) => ({ identity: other.identity, running: other.state === 'running' }));
    contender.decided = decideClaim(contender.identity, rivals).kind;
  } else if (state === 'choosing') contender.state = decided === 'run' ? 'running' : 'gone';
}

test('G11: in any order of their steps never two run, and one does unless those before it died', () => {
  const moves = fc.array(fc.record({ who: fc.nat(5), dies: fc.integer({ min: 0, max: 30 }) }), {
    maxLength: 80,
  });
  const starts = fc.array(fc.nat(3), { minLength: 6, maxLength: 6 });
  assertProperty(
    fc.property(starts, moves, (ticks, chosen) => {
      const all: Contender[] = ticks.map((startTicks, index) => ({
        identity: identity(index, startTicks),
        state: 'absent',
        decided: undefined,
      }));
      let deaths = 0;
      const check = (): void =>
        assert.ok(all.filter(({ state }) => state === 'running').length <= 1, 'two run at once');
      for (const { who, dies } of chosen) {
        const contender = all[who]!;
        // A living runner stays; a chooser may be killed at any moment.
        if (dies === 0 && contender.state === 'choosing') {
          contender.state = 'gone';
          deaths += 1;
        } else step(contender, all);
        check();
      }
      for (let round = 0; round < 40; round++) {
        for (const contender of all) {
          step(contender, all);
          check();
        }
      }
      assert.ok(
        all.every(({ state }) => state === 'running' || state === 'gone'),
        'somebody waits for ever',
      );
      if (deaths === 0) assert.equal(all.filter(({ state }) => state === 'running').length, 1);
    }),
    { numRuns: 2000 },
  );
});
