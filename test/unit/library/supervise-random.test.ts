/**
 * Random graphs of functions that start, stop, fail and hang at random: the guarantees hold of what is told of them, and
 * nothing is left behind.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  openTasks,
  shield,
  sleep,
  sleepForever,
  VirtualClock,
  withClock,
} from '../../../src/concurrency/index.ts';
import type { OrderlyEvent } from '../../../src/events/event.ts';
import { defineService, type ServiceDefinition } from '../../../src/library/definition.ts';
import { programGraph } from '../../../src/library/program-graph.ts';
import { supervise } from '../../../src/library/supervise.ts';
import { ServiceBook } from '../../../src/tasks/service-book.ts';
import { assertAsyncProperty } from '../../support/assert-property.ts';
import { checkRecord } from '../../support/check-record.ts';
import { asked } from '../../support/service-lab.ts';

const RUNS = 400;

const behaviour = fc.record({
  isTask: fc.boolean(),
  startMs: fc.nat(200),
  stopMs: fc.option(fc.nat(3000), { nil: undefined }),
  failsAfterMs: fc.option(fc.nat(2000), { nil: undefined }),
  fails: fc.constantFrom('once', 'always'),
  cleansMs: fc.nat(300),
  cleanUpFails: fc.boolean(),
  onFailure: fc.constantFrom('shutdown', 'isolate', 'ignore'),
  needs: fc.array(
    fc.record({ to: fc.nat(10), onLoss: fc.constantFrom('keep', 'restart', 'stop'), optional: fc.boolean() }),
    { maxLength: 3 },
  ),
});

type Behaviour = typeof behaviour extends fc.Arbitrary<infer T> ? T : never;

/** How many instances are alive: their functions, and their clean-ups. */
interface Alive {
  count: number;
}

function defined(one: Behaviour, at: number, all: readonly Behaviour[], alive: Alive): ServiceDefinition {
  const isTask = one.isTask && at % 3 === 0;
  const needs = new Map(
    at === 0
      ? []
      : one.needs.map(({ to, onLoss, optional }) => {
          const target = to % at;
          const ends = all[target]!.isTask && target % 3 === 0;
          return [`s${target}`, { optional, ...(!ends && { onLoss: onLoss as 'keep' }) }];
        }),
  );
  return defineService({
    name: `s${at}`,
    type: isTask ? 'task' : 'service',
    dependsOn: Object.fromEntries(needs),
    onFailure: one.onFailure as 'shutdown',
    restart: isTask ? 'no' : { max: 2, delay: '50ms' },
    stop: { grace: '1s' },
    async run({ started, shutdown, attempt }) {
      alive.count += 1;
      try {
        await sleep(one.startMs);
        started();
        if (isTask) return;
        if (one.failsAfterMs !== undefined && (one.fails === 'always' || attempt === 1)) {
          await sleep(one.failsAfterMs);
          throw new Error('broken');
        }
        await asked(shutdown);
        await (one.stopMs === undefined ? sleepForever() : sleep(one.stopMs));
      } finally {
        await shield(() => sleep(1));
        alive.count -= 1;
      }
    },
    cleanup: async () => {
      alive.count += 1;
      await sleep(one.cleansMs);
      alive.count -= 1;
      if (one.cleanUpFails) throw new Error('unclean');
    },
  });
}

test('G1 G2 G3 G4 G8 hold for random graphs of functions', async () => {
  const property = fc.asyncProperty(
    fc.array(behaviour, { minLength: 1, maxLength: 8 }),
    fc.nat(4000),
    fc.constantFrom('stop', 'SIGTERM', 'SIGINT twice'),
    async (all, stopAtMs, how) => {
      const alive: Alive = { count: 0 };
      const services = all.map((one, at) => defined(one, at, all, alive));
      const events: OrderlyEvent[] = [];
      const clock = new VirtualClock();
      const report = await withClock(clock, async () => {
        const run = supervise(services, { raiseOnError: false, onEvent: (event) => events.push(event) });
        clock.at(stopAtMs, () => {
          if (how === 'stop') void run.down();
          else process.emit(how === 'SIGTERM' ? 'SIGTERM' : 'SIGINT', 'SIGINT');
        });
        if (how === 'SIGINT twice') clock.at(stopAtMs + 500, () => process.emit('SIGINT', 'SIGINT'));
        return run;
      });
      assert.equal(alive.count, 0, 'instances that are alive');
      assert.deepEqual(openTasks(), []);
      assert.deepEqual(report.survivors, []);
      assert.deepEqual(checkRecord(configOf(services), events), []);
      const hasFailed = report.status === 1 || report.status === 3;
      assert.equal(report.errors.length > 0 || !hasFailed, true, 'a failure without an error');
    },
  );
  await assertAsyncProperty(property, { numRuns: RUNS });
});

function configOf(services: readonly ServiceDefinition[]) {
  const program = programGraph(services, {
    name: 'random',
    budget: undefined,
    interruptGrace: undefined,
    cwd: '/',
    env: {},
    readFile: () => '',
    book: new ServiceBook(),
  });
  assert.ok('graph' in program);
  return program.graph.config.services;
}
