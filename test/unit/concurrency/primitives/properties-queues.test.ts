/**
 * `Queue` and `PriorityQueue` against one model: every order of puts, gets, pauses, cancellations, aborts and a close,
 * many of them within one turn. Nothing is lost, nothing is there twice, and who came first is served first.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  PriorityQueue,
  Queue,
  type QueueStatistics,
  type WaitOptions,
} from '../../../../src/concurrency/index.ts';
import { type Attempt, Attempts, without } from '../../../support/attempts.ts';
import { property } from '../../../support/property.ts';

const CLOSED_FOR_PUT = 'Cannot put into the queue: it is closed';
const CLOSED_FOR_GET = 'Cannot get from the queue: it is closed and empty';

/** What both queues can do. */
interface AnyQueue {
  put(item: number, priority: number, options: WaitOptions): Promise<void>;
  get(options: WaitOptions): Promise<number>;
  tryPut(item: number, priority: number): boolean;
  tryGet(): number | undefined;
  pause(): void;
  resume(): void;
  close(): void;
  statistics(): QueueStatistics;
}

function fifo(size: number): AnyQueue {
  const queue = new Queue<number>(size);
  return {
    put: (item, _, options) => queue.put(item, options),
    get: (options) => queue.get(options),
    tryPut: (item) => queue.tryPut(item),
    tryGet: () => queue.tryGet(),
    pause: () => queue.pause(),
    resume: () => queue.resume(),
    close: () => queue.close(),
    statistics: () => queue.statistics(),
  };
}

interface Item {
  readonly item: number;
  readonly priority: number;
}

interface Putter extends Item {
  readonly attempt: Attempt;
}

/** What a queue is: three lists. It says what becomes of each attempt. */
class Model {
  readonly items: Item[] = [];
  readonly getters: Attempt[] = [];
  readonly putters: Putter[] = [];
  isClosed = false;
  isPaused = false;
  readonly #size: number;
  readonly #byPriority: boolean;

  constructor(size: number, byPriority: boolean) {
    this.#size = size;
    this.#byPriority = byPriority;
  }

  /** Whether `next` is in, or in the hands of a getter. */
  accept(next: Item): boolean {
    const getter = this.isPaused ? undefined : this.getters.shift();
    if (getter !== undefined) getter.expected = `got ${next.item}`;
    else if (this.items.length < this.#size) this.#store(next);
    else return false;
    return true;
  }

  get isDrained(): boolean {
    return this.items.length === 0 && this.putters.length === 0;
  }

  resume(): void {
    this.isPaused = false;
    while (this.getters.length > 0 && !this.isDrained) this.getters.shift()!.expected = `got ${this.take()}`;
    if (this.isClosed) this.#refuse();
  }

  take(): number | undefined {
    if (this.isPaused) return undefined;
    const putter = this.putters.shift();
    if (putter !== undefined) putter.attempt.expected = 'got undefined';
    if (this.items.length === 0) return putter?.item;
    const { item } = this.items.shift()!;
    if (putter !== undefined) this.#store(putter);
    return item;
  }

  close(): void {
    this.isClosed = true;
    for (const { attempt } of this.putters.splice(0)) attempt.expected = CLOSED_FOR_PUT;
    if (this.isDrained) this.#refuse();
  }

  #refuse(): void {
    for (const getter of this.getters.splice(0)) getter.expected = CLOSED_FOR_GET;
  }

  forget(attempt: Attempt): void {
    without(this.getters, attempt);
    const index = this.putters.findIndex((putter) => putter.attempt === attempt);
    if (index >= 0) this.putters.splice(index, 1);
  }

  #store(item: Item): void {
    this.items.push(item);
    if (this.#byPriority) this.items.sort((a, b) => a.priority - b.priority);
  }
}

const script = fc.record({
  size: fc.constantFrom(0, 1, 2, 3, Number.POSITIVE_INFINITY),
  acts: fc.array(
    fc.record({
      kind: fc.constantFrom(
        ...(['put', 'put', 'put', 'get', 'get', 'get', 'tryPut', 'tryGet'] as const),
        ...(['stop', 'stop', 'settle', 'pause', 'resume', 'rarely close'] as const),
      ),
      who: fc.nat(9),
      flag: fc.boolean(),
    }),
    { maxLength: 50, size: 'max' },
  ),
});

async function play(
  { size, acts }: typeof script extends fc.Arbitrary<infer S> ? S : never,
  queue: AnyQueue,
  byPriority: boolean,
): Promise<void> {
  const model = new Model(size, byPriority);
  const attempts = new Attempts();
  const forget = (attempt: Attempt): void => model.forget(attempt);
  for (const [item, { kind, who, flag }] of acts.entries()) {
    const priority = who % 3;
    const isEarly = flag && who > 7;
    switch (kind) {
      case 'put': {
        const attempt = attempts.begin((options) => queue.put(item, priority, options), isEarly);
        if (attempt.expected !== 'waiting') break;
        if (model.isClosed) attempt.expected = CLOSED_FOR_PUT;
        else if (model.accept({ item, priority })) attempt.expected = 'got undefined';
        else model.putters.push({ item, priority, attempt });
        break;
      }
      case 'get': {
        const attempt = attempts.begin((options) => queue.get(options), isEarly);
        if (attempt.expected !== 'waiting') break;
        const taken = model.take();
        if (taken !== undefined) attempt.expected = `got ${taken}`;
        else if (model.isClosed && model.isDrained) attempt.expected = CLOSED_FOR_GET;
        else model.getters.push(attempt);
        break;
      }
      case 'tryPut':
        if (model.isClosed) assert.throws(() => queue.tryPut(item, priority), /closed/);
        else assert.equal(queue.tryPut(item, priority), model.accept({ item, priority }));
        break;
      case 'tryGet': {
        const taken = model.take();
        if (taken === undefined && model.isClosed && model.isDrained)
          assert.throws(() => queue.tryGet(), /closed/);
        else assert.equal(queue.tryGet(), taken);
        break;
      }
      case 'stop':
        attempts.stop(who + (flag ? 10 : 0), who % 2 === 0, forget);
        break;
      case 'settle':
        await attempts.settle();
        break;
      case 'pause':
        queue.pause();
        model.isPaused = true;
        break;
      case 'resume':
        queue.resume();
        model.resume();
        break;
      case 'rarely close':
        if (who > 0) break;
        queue.close();
        model.close();
    }
    assert.deepEqual(queue.statistics(), {
      length: model.items.length,
      size,
      getters: model.getters.length,
      putters: model.putters.length,
      isClosed: model.isClosed,
    });
  }
  await attempts.end(forget);
  queue.resume();
  model.resume();
  for (let next = model.take(); next !== undefined; next = model.take()) assert.equal(queue.tryGet(), next);
  assert.equal(queue.statistics().length, 0);
}

property(
  'QU-1 QU-2 QU-3 QU-4 QU-5 QU-7 QU-8 QU-9 QU-10 QU-11 QU-12 CS-38 a queue is what its model is',
  script,
  (acts) => play(acts, fifo(acts.size), false),
);

property('PQ-1 PQ-2 PQ-3 PQ-4 CS-38 a priority queue is what its model is', script, (acts) =>
  play(acts, new PriorityQueue<number>(acts.size), true),
);
