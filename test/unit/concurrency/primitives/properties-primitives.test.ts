/**
 * Events, semaphores, limiters and locks against models of a few lines: every order of calls, hand-overs, cancellations
 * and aborts, many of them within one turn. The statistics are compared after every call, the outcomes after every turn.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  CapacityLimiter,
  Event,
  Lock,
  Semaphore,
  sleep,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { type Attempt, Attempts, without } from '../../../support/attempts.ts';
import { withPlayers } from '../../../support/players.ts';
import { property } from '../../../support/property.ts';

/** One call of a script; what `who` and `flag` mean depends on the kind. */
function acts<K extends string>(...kinds: readonly K[]) {
  const act = fc.record({ kind: fc.constantFrom(...kinds), who: fc.nat(9), flag: fc.boolean() });
  return fc.array(act, { maxLength: 40, size: 'max' });
}

/** One in four is cancelled before it begins. */
const isEarly = (who: number, flag: boolean): boolean => flag && who % 2 === 0;

property(
  'EV-1 EV-2 CS-36 CS-37 an event wakes each who waits for it once, and forgets the others at once',
  acts('wait', 'wait', 'set', 'stop', 'stop', 'settle'),
  async (script) => {
    const event = new Event();
    const attempts = new Attempts();
    let isSet = false;
    let line: Attempt[] = [];
    const forget = (attempt: Attempt): void => without(line, attempt);
    for (const { kind, who, flag } of script) {
      if (kind === 'wait') {
        const attempt = attempts.begin((options) => event.wait(options), isEarly(who, flag));
        if (attempt.expected === 'waiting') line.push(attempt);
      } else if (kind === 'set') {
        event.set();
        isSet = true;
      } else if (kind === 'stop') {
        attempts.stop(who, flag, forget);
      } else {
        await attempts.settle();
      }
      if (isSet) {
        for (const attempt of line) attempt.expected = 'got undefined';
        line = [];
      }
      assert.deepEqual([event.isSet, event.waiting], [isSet, line.length]);
    }
    await attempts.end(forget);
    assert.equal(event.waiting, 0);
  },
);

property(
  'SM-1 SM-2 SM-3 SM-4 CS-36 CS-37 CS-38 a semaphore is what its model is: no permit lost, none twice, nobody slips in',
  fc.record({
    value: fc.nat(3),
    room: fc.nat(2),
    script: acts('acquire', 'acquire', 'acquire', 'try', 'release', 'release', 'stop', 'stop', 'settle'),
  }),
  async ({ value, room, script }) => {
    const max = value + room;
    const semaphore = new Semaphore(value, { max });
    const attempts = new Attempts();
    const line: Attempt[] = [];
    let left = value;
    const forget = (attempt: Attempt): void => without(line, attempt);
    for (const { kind, who, flag } of script) {
      switch (kind) {
        case 'acquire': {
          const attempt = attempts.begin((options) => semaphore.acquire(options), isEarly(who, flag));
          if (attempt.expected !== 'waiting') break;
          if (left === 0) line.push(attempt);
          else {
            left -= 1;
            attempt.expected = 'got undefined';
          }
          break;
        }
        case 'try':
          assert.equal(semaphore.tryAcquire(), left > 0);
          if (left > 0) left -= 1;
          break;
        case 'release': {
          if (left >= max) {
            assert.throws(() => semaphore.release(), /max/);
            break;
          }
          semaphore.release();
          const next = line.shift();
          if (next === undefined) left += 1;
          else next.expected = 'got undefined';
          break;
        }
        case 'stop':
          attempts.stop(who, flag, forget);
          break;
        case 'settle':
          await attempts.settle();
      }
      assert.deepEqual(semaphore.statistics(), { value: left, waiting: line.length });
    }
    await attempts.end(forget);
    assert.deepEqual(semaphore.statistics(), { value: left, waiting: 0 });
  },
);

property(
  'CL-1 CL-2 CL-3 CL-4 CL-5 CS-36 CS-37 CS-38 a limiter is what its model is, whoever borrows, also while its total changes or it is paused',
  fc.record({
    total: fc.integer({ min: 0, max: 3 }),
    script: acts(
      'acquire',
      'acquire',
      'acquire',
      'try',
      'release',
      'release',
      'total',
      'pause',
      'resume',
      'stop',
      'stop',
      'settle',
    ),
  }),
  async ({ total: initial, script }) => {
    const limiter = new CapacityLimiter(initial);
    const attempts = new Attempts();
    const line: { readonly attempt: Attempt; readonly who: number }[] = [];
    const borrowers = new Set<number>();
    let total = initial;
    let isPaused = false;
    const canLend = (): boolean => !isPaused && borrowers.size < total;
    const again = (who: number): string => `Cannot borrow a second token: borrower "${who}" has one already`;
    const serve = (): void => {
      while (canLend()) {
        const next = line.shift();
        if (next === undefined) return;
        next.attempt.expected = borrowers.has(next.who) ? again(next.who) : 'got undefined';
        borrowers.add(next.who);
      }
    };
    const forget = (attempt: Attempt): void => {
      const index = line.findIndex((waiter) => waiter.attempt === attempt);
      if (index >= 0) line.splice(index, 1);
    };
    for (const { kind, who: any, flag } of script) {
      const who = any % 4;
      switch (kind) {
        case 'acquire': {
          const begin = () =>
            attempts.begin((options) => limiter.acquireOnBehalfOf(who, options), flag && any > 6);
          const attempt = begin();
          if (attempt.expected !== 'waiting') break;
          if (borrowers.has(who)) attempt.expected = again(who);
          else if (!canLend()) line.push({ attempt, who });
          else {
            borrowers.add(who);
            attempt.expected = 'got undefined';
          }
          break;
        }
        case 'try':
          if (borrowers.has(who)) assert.throws(() => limiter.tryAcquireOnBehalfOf(who), /already/);
          else {
            assert.equal(limiter.tryAcquireOnBehalfOf(who), canLend());
            if (canLend()) borrowers.add(who);
          }
          break;
        case 'release': {
          // Mostly by one who has a token, as it should be.
          const by = flag ? who : ([...borrowers][any % borrowers.size] ?? who);
          if (borrowers.delete(by)) limiter.releaseOnBehalfOf(by);
          else assert.throws(() => limiter.releaseOnBehalfOf(by), /has none/);
          serve();
          break;
        }
        case 'total':
          total = any % 4;
          limiter.total = total;
          serve();
          break;
        case 'pause':
          limiter.pause();
          isPaused = true;
          break;
        case 'resume':
          limiter.resume();
          isPaused = false;
          serve();
          break;
        case 'stop':
          attempts.stop(any, flag, forget);
          break;
        case 'settle':
          await attempts.settle();
      }
      const borrowed = borrowers.size;
      assert.deepEqual(limiter.statistics(), {
        total,
        borrowed,
        available: total - borrowed,
        waiting: line.length,
      });
    }
    await attempts.end(forget);
    assert.deepEqual([limiter.borrowed, limiter.statistics().waiting], [borrowers.size, 0]);
  },
);

property(
  'LK-1 LK-2 LK-3 LK-4 LK-5 CS-36 CS-37 CS-38 a lock is what its model is: one owner, first come, first served, nobody slips in',
  acts('acquire', 'acquire', 'acquire', 'try', 'release', 'release', 'release', 'stop', 'stop', 'settle'),
  (script) =>
    withPlayers(4, async (players) => {
      const lock = new Lock();
      const attempts = new Attempts();
      const line: { readonly attempt: Attempt; readonly who: number }[] = [];
      let owner: number | undefined;
      const forget = (attempt: Attempt): void => {
        const index = line.findIndex((waiter) => waiter.attempt === attempt);
        if (index >= 0) line.splice(index, 1);
      };
      const name = (who: number | undefined) => (who === undefined ? undefined : `player ${who}`);
      for (const { kind, who: any, flag } of script) {
        const who = any % players.length;
        const player = players[who]!;
        switch (kind) {
          case 'acquire': {
            const attempt = player(() => attempts.begin((options) => lock.acquire(options), flag && any > 6));
            if (attempt.expected !== 'waiting') break;
            if (owner === who) {
              attempt.expected = `Cannot acquire the lock again: task "player ${who}" has it already`;
            } else if (owner !== undefined) line.push({ attempt, who });
            else {
              owner = who;
              attempt.expected = 'got undefined';
            }
            break;
          }
          case 'try':
            assert.equal(
              player(() => lock.tryAcquire()),
              owner === undefined,
            );
            owner ??= who;
            break;
          case 'release': {
            // Mostly by the owner, as it should be.
            const by = flag ? who : (owner ?? who);
            if (by !== owner) {
              assert.throws(() => players[by]!(() => lock.release()), /Cannot release the lock/);
              break;
            }
            players[by]!(() => lock.release());
            const next = line.shift();
            owner = next?.who;
            if (next !== undefined) next.attempt.expected = 'got undefined';
            break;
          }
          case 'stop':
            attempts.stop(any, flag, forget);
            break;
          case 'settle':
            await attempts.settle();
        }
        const isLocked = owner !== undefined;
        assert.deepEqual(lock.statistics(), { isLocked, owner: name(owner), waiting: line.length });
      }
      await attempts.end(forget);
      assert.deepEqual(lock.statistics(), { isLocked: owner !== undefined, owner: name(owner), waiting: 0 });
    }),
);

property(
  'CL-5 CL-6 calls of run side by side in one task are a pool: never more than the total inside, in order, each token comes back',
  fc.record({
    total: fc.integer({ min: 0, max: 3 }),
    calls: fc.array(fc.record({ forMs: fc.nat(4), fails: fc.boolean(), patienceMs: fc.nat(9) }), {
      maxLength: 8,
    }),
    totals: fc.array(fc.nat(3), { maxLength: 3 }),
  }),
  async ({ total, calls, totals }) => {
    const limiter = new CapacityLimiter(total);
    const begun: number[] = [];
    let inside = 0;
    await taskGroup((group) => {
      group.startSoon(() =>
        Promise.allSettled(
          calls.map(({ forMs, fails, patienceMs }, index) =>
            new CancelScope({ timeoutMs: patienceMs }).run(() =>
              limiter.run(async () => {
                begun.push(index);
                inside += 1;
                assert.ok(inside <= limiter.borrowed);
                try {
                  await sleep(forMs);
                  if (fails) throw new Error('failed');
                } finally {
                  inside -= 1;
                }
              }),
            ),
          ),
        ),
      );
      group.startSoon(async () => {
        for (const next of totals) {
          await sleep(2);
          const before = limiter.borrowed;
          limiter.total = next;
          assert.ok(limiter.borrowed <= Math.max(before, next));
        }
      });
    });
    assert.deepEqual(
      begun,
      [...begun].sort((a, b) => a - b),
    );
    const { borrowed, waiting } = limiter.statistics();
    assert.deepEqual([inside, borrowed, waiting], [0, 0, 0]);
  },
);
