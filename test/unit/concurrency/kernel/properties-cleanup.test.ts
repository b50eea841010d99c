/**
 * Stacks of clean-ups with random openings, leaves, limits and failures, and a cancellation at any moment: what was
 * entered is left once, whole, in reverse, one after the other, and every error leaves.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  CleanupStack,
  isCancelled,
  openTasks,
  sleep,
} from '../../../../src/concurrency/index.ts';
import { shape } from '../../../support/concurrency-lab.ts';
import { leaves, settled } from '../../../support/crew.ts';
import { property } from '../../../support/property.ts';

const rarely = fc.nat(4).map((n) => n === 0);

const resource = fc.record({
  how: fc.constantFrom('enter', 'push', 'use'),
  openMs: fc.nat(3),
  openFails: rarely,
  leaveMs: fc.nat(4),
  leaveFails: rarely,
  limitMs: fc.option(fc.nat(5), { nil: undefined }),
  pushesMore: rarely,
});

const script = fc.record({
  resources: fc.array(resource, { maxLength: 6 }),
  bodyMs: fc.nat(4),
  timeoutMs: fc.option(fc.nat(12), { nil: Number.POSITIVE_INFINITY }),
  leavesTwice: fc.boolean(),
  /** Whether everything is handed to a new stack before the body goes on. */
  moves: fc.boolean(),
});

property(
  'ST-1 ST-2 ST-3 ST-4 ST-5 ST-6 ST-7 ST-8 ST-9 what was entered is left once, whole, in reverse, and no error is lost',
  script,
  async ({ resources, bodyMs, timeoutMs, leavesTwice, moves }) => {
    const entered: string[] = [];
    const left: string[] = [];
    const errors: string[] = [];
    let current: string | undefined;
    const scope = new CancelScope({ timeoutMs });
    const running = scope.run(() =>
      CleanupStack.run(async (first) => {
        let stack = first;
        const leaving = (name: string, { leaveMs, leaveFails, limitMs, pushesMore }: (typeof resources)[0]) =>
          async function leave(): Promise<void> {
            assert.equal(current, undefined, `${name} is left while ${current} is`);
            current = name;
            left.push(name);
            if (pushesMore) {
              stack.push(() => left.push(`${name}+`));
              entered.splice(entered.indexOf(name), 0, `${name}+`);
            }
            try {
              await sleep(leaveMs);
              assert.ok(limitMs === undefined || limitMs > leaveMs, 'it had no limit');
            } catch (error) {
              assert.ok(isCancelled(error) && limitMs !== undefined && limitMs <= leaveMs);
              errors.push(`Timed out after ${limitMs} ms`);
              throw error;
            } finally {
              current = undefined;
            }
            if (!leaveFails) return;
            errors.push(name);
            throw new Error(name);
          };
        try {
          for (const [index, spec] of resources.entries()) {
            const { how, openMs, openFails, limitMs } = spec;
            const name = `${index}`;
            const leave = leaving(name, spec);
            if (how === 'enter') {
              const open = async (): Promise<void> => {
                await sleep(openMs);
                if (openFails) throw new Error(`open ${name}`);
              };
              await stack.enter(open, leave, { limitMs });
            } else if (how === 'push') stack.push(leave, { limitMs });
            else stack.use({ [Symbol.asyncDispose]: leave }, { limitMs });
            entered.push(name);
          }
          if (moves) stack = first.move();
          try {
            await sleep(bodyMs);
          } finally {
            // What was moved is ours to leave; the first stack leaves the rest by itself.
            if (moves) await stack.leave();
          }
          if (leavesTwice) await Promise.all([first.leave(), first.leave()]);
        } catch (error) {
          if (!isCancelled(error) && shape(error).startsWith('open')) errors.push(shape(error));
          throw error;
        }
      }),
    );
    const { error } = await settled(running);
    assert.deepEqual(openTasks(), []);
    assert.deepEqual(left, entered.toReversed());
    const seen = leaves(error).map(shape);
    assert.deepEqual(seen.includes('Cancelled'), false);
    assert.deepEqual(seen, errors);
  },
);
