/** Random trees of groups, scopes, shields and failures: what must hold for every one of them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  isCancelled,
  now,
  openTasks,
  shield,
  sleep,
  sleepForever,
  type TaskContext,
  taskGroup,
} from '../../../src/concurrency/index.ts';
import { assertAsyncProperty } from '../../support/assert-property.ts';
import { law } from '../../support/concurrency-lab.ts';

type Tree =
  | { readonly kind: 'sleep' | 'fail' | 'cleanUp'; readonly ms: number }
  | { readonly kind: 'forever' }
  | { readonly kind: 'shield'; readonly ms: number; readonly inner: Tree }
  | { readonly kind: 'limit'; readonly ms: number; readonly inner: Tree }
  | { readonly kind: 'start'; readonly ms: number; readonly inner: Tree }
  | { readonly kind: 'group'; readonly ms: number; readonly inner: readonly Tree[] };

const ms = fc.nat(20);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ kind: fc.constantFrom('sleep', 'fail', 'cleanUp'), ms }),
    fc.record({ kind: fc.constant('forever') }),
    fc.record({ kind: fc.constantFrom('shield', 'limit', 'start'), ms, inner: tie('tree') }),
    fc.record({ kind: fc.constant('group'), ms, inner: fc.array(tie('tree'), { maxLength: 3 }) }),
  ) as fc.Arbitrary<Tree>,
}));

/** Runs trees and remembers what they did. */
class Grower {
  open = 0;
  readonly thrown = new Set<Error>();

  async grow(node: Tree): Promise<void> {
    this.open++;
    try {
      await this.#grow(node);
    } finally {
      this.open--;
    }
  }

  async #grow(node: Tree): Promise<void> {
    switch (node.kind) {
      case 'sleep':
        return sleep(node.ms);
      case 'forever':
        return sleepForever();
      case 'fail':
        await sleep(node.ms);
        return this.#fail();
      case 'cleanUp':
        try {
          return await sleepForever();
        } finally {
          await shield(() => sleep(node.ms));
          if (node.ms % 3 === 0) this.#fail();
        }
      case 'shield':
        return shield(() => new CancelScope({ timeoutMs: node.ms }).run(() => this.grow(node.inner)));
      case 'limit':
        return new CancelScope({ timeoutMs: node.ms }).run(() => this.grow(node.inner));
      case 'start':
        return taskGroup(async (group) => {
          await new CancelScope({ timeoutMs: node.ms }).run(() =>
            group.start(async (task: TaskContext<void>) => {
              await sleep(node.ms / 2);
              task.started();
              await this.grow(node.inner);
            }),
          );
        });
      case 'group':
        return taskGroup(async (group) => {
          for (const inner of node.inner) group.startSoon(() => this.grow(inner));
          if (node.ms % 4 === 0) group.scope.deadline = now() + node.ms;
          await sleep(node.ms);
        });
    }
  }

  #fail(): never {
    const error = new Error(`failure ${this.thrown.size}`);
    this.thrown.add(error);
    throw error;
  }
}

function leaves(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(leaves) : [error];
}

law(
  'TG-1 TG-18 CS-13 in every tree all work ends, no failure is lost or doubled, no cancellation leaks',
  async (lab) => {
    await assertAsyncProperty(
      fc.asyncProperty(tree, async (root) => {
        const grower = new Grower();
        const limit = new CancelScope({ deadline: lab.clock.now() + 25 });
        let error: unknown;
        await limit
          .run(() => grower.grow(root))
          .catch((thrown: unknown) => {
            error = thrown;
          });
        assert.equal(grower.open, 0);
        assert.deepEqual(openTasks(), []);
        const seen = error === undefined ? [] : leaves(error);
        assert.equal(seen.some(isCancelled), false);
        assert.deepEqual(new Set(seen), grower.thrown);
        assert.equal(seen.length, grower.thrown.size);
      }),
      { numRuns: 1000 },
    );
  },
);
