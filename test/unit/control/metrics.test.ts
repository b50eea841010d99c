/**
 * Figures of a run are a fold of its events, in a text that Prometheus reads.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Picture } from '../../../src/control/picture/picture.ts';
import { Counters } from '../../../src/control/server/metrics/counters.ts';
import { renderFamilies } from '../../../src/control/server/metrics/exposition.ts';
import { familiesOf } from '../../../src/control/server/metrics/families.ts';
import type { Fact, OrderlyEvent, ProbeSink } from '../../../src/events/event.ts';
import type { OwnUsage, TreeUsage } from '../../../src/process/usage-ports.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { type Metrics, parseMetrics } from '../../support/parse-metrics.ts';

const own: OwnUsage = {
  cpuSeconds: 1.5,
  residentBytes: 5e7,
  heapBytes: 1e7,
  openFiles: 20,
  loop: { busySeconds: 0.25, delay: { mean: 0.001, p99: 0.02, max: 0.5 } },
};

type Told = readonly [ms: number, fact: Fact];

function textOf(
  told: readonly Told[],
  {
    probes = [],
    ...more
  }: { own?: OwnUsage; trees?: Map<string, TreeUsage>; probes?: readonly Parameters<ProbeSink>[] } = {},
): string {
  const picture = new Picture();
  const counters = new Counters();
  for (const [index, [ms, fact]] of told.entries()) {
    const event: OrderlyEvent = { seq: index + 1, time: '', ms, ...fact };
    picture.apply(event);
    counters.apply(event);
  }
  for (const probe of probes) counters.probed(...probe);
  counters.wrote('db', 'stdout', 12);
  counters.wrote('db', 'stdout', 30);
  const about = { run: 'r', name: 'shop', version: '1.0.0', nowMs: 10_000 };
  return renderFamilies(familiesOf({ ...about, picture, counters, own, trees: new Map(), ...more }));
}

function begun(...services: readonly string[]): Told {
  return [0, { type: 'run.started', name: 'shop', services, dependencies: {}, pid: 1 }];
}

const db = { service: 'db', attempt: 1 };
const started: Told = [1, { type: 'service.starting', ...db, pid: 4711 }];
const ready: Told = [501, { type: 'service.ready', ...db, after_ms: 500, evidence: 'it is', values: {} }];
const stopping: Told = [2_000, { type: 'service.stopping', ...db, reason: 'r', deadline_ms: 9_000 }];
const stopped: Told = [3_500, { type: 'service.stopped', ...db }];

suite('figures of a run', () => {
  test('states, starts and times are those that events told', () => {
    const { value } = parseMetrics(textOf([begun('db', 'web'), started, ready, stopping]));
    assert.equal(value('orderly_service_state', { service: 'db', state: 'stopping' }), 1);
    assert.equal(value('orderly_service_state', { service: 'web', state: 'pending' }), 1);
    assert.equal(value('orderly_service_state_seconds', { service: 'db' }), 8);
    assert.equal(value('orderly_service_starts_total', { service: 'db' }), 1);
    assert.equal(value('orderly_service_ready_duration_seconds_sum', { service: 'db' }), 0.5);
    assert.equal(value('orderly_service_ready_duration_seconds_count', { service: 'db' }), 1);
    assert.equal(value('orderly_service_stop_duration_seconds_count', { service: 'db' }), 0);
    assert.equal(value('orderly_service_output_bytes_total', { service: 'db', stream: 'stdout' }), 42);
    assert.equal(value('orderly_run_uptime_seconds'), 10);
    assert.equal(value('orderly_events_total'), 4);
    assert.equal(value('orderly_event_loop_delay_seconds', { statistic: 'p99' }), 0.02);
  });

  test('a stop lasts from being asked until the next state, and is counted once', () => {
    const cleaning: Told = [3_000, { type: 'service.cleaning', ...db, count: 1 }];
    const { value } = parseMetrics(textOf([begun('db'), started, ready, stopping, cleaning, stopped]));
    assert.equal(value('orderly_service_stop_duration_seconds_sum', { service: 'db' }), 1);
    assert.equal(value('orderly_service_stop_duration_seconds_count', { service: 'db' }), 1);
  });

  test('failures are counted by kind, those that a restart followed too', () => {
    const backoff: Fact = {
      type: 'service.backoff',
      ...db,
      delay_ms: 1,
      failures: 1,
      kind: 'exited',
      cause: 'c',
    };
    const { kind: _, ...old } = backoff as Fact & { readonly type: 'service.backoff' };
    const failed: Fact = {
      type: 'service.failed',
      ...db,
      kind: 'not-ready',
      cause: 'c',
      advice: 'a',
      output: [],
    };
    const { value } = parseMetrics(textOf([begun('db'), [1, backoff], [2, backoff], [3, old], [4, failed]]));
    assert.equal(value('orderly_service_restarts_total', { service: 'db' }), 3);
    for (const [kind, count] of [
      ['exited', 2],
      ['not-ready', 1],
      ['unknown', 1],
    ] as const)
      assert.equal(value('orderly_service_failures_total', { service: 'db', kind }), count, kind);
  });

  test('requests are counted by their ends, clean-ups by their results, lines by where they are missing', () => {
    const of = { request: 'r1', kind: 'stop' };
    const cleanup = (code: number | undefined, timed_out: boolean): Told => [
      5,
      { type: 'service.cleanup', ...db, run: 'x', code, took_ms: 1, timed_out },
    ];
    const { value } = parseMetrics(
      textOf([
        begun('db'),
        [1, { type: 'request.accepted', ...of, names: ['db'], plan: [], replaces: [] }],
        [2, { type: 'request.settled', request: 'r1', outcome: 'reached', services: [] }],
        [3, { type: 'request.accepted', ...of, request: 'r2', names: ['db'], plan: [], replaces: [] }],
        [4, { type: 'request.refused', ...of, request: 'r3', code: 'busy', why: 'w' }],
        cleanup(0, false),
        cleanup(1, false),
        cleanup(undefined, true),
        [6, { type: 'output.dropped', lines: 3 }],
        [7, { type: 'output.dropped', lines: 4, stream: 'stderr' }],
        [8, { type: 'output.dropped', lines: 5, service: 'db', file: '/x' }],
        [9, { type: 'output.dropped', lines: 5, service: 'db', file: '/x' }],
      ]),
    );
    assert.equal(value('orderly_requests_total', { kind: 'stop', outcome: 'reached' }), 1);
    assert.equal(value('orderly_requests_total', { kind: 'stop', outcome: 'refused' }), 1);
    assert.equal(value('orderly_requests_open'), 1);
    for (const result of ['success', 'failure', 'timeout'])
      assert.equal(value('orderly_service_cleanups_total', { service: 'db', result }), 1, result);
    assert.equal(value('orderly_output_dropped_lines_total', { output: 'stdout' }), 3);
    assert.equal(value('orderly_output_dropped_lines_total', { output: 'stderr' }), 4);
    assert.equal(value('orderly_output_dropped_lines_total', { output: 'file', service: 'db' }), 10);
  });

  test('any probes are a histogram of their durations, by what came of them', () => {
    const family = 'orderly_service_probe_duration_seconds';
    const duration = fc.oneof(
      fc.constantFrom(0, 1, 1.000_001, 5, 25, 100, 500, 1_000, 5_000),
      fc.double({ min: 0, max: 20_000, noNaN: true }),
    );
    const probe: fc.Arbitrary<Parameters<ProbeSink>> = fc.tuple(
      fc.constantFrom('db', 'web'),
      fc.constantFrom('readiness', 'health'),
      fc.constantFrom('success', 'failure', 'error'),
      duration,
    );
    assertProperty(
      fc.property(fc.array(probe, { maxLength: 50 }), (probes) => {
        const { families, value } = parseMetrics(textOf([begun('db', 'web')], { probes }));
        const told = families.find(({ name }) => name === family)?.metrics ?? [];
        const kinds = new Set(probes.map(([service, kind, result]) => `${service} ${kind} ${result}`));
        assert.equal(told.length, kinds.size);
        for (const { labels = {}, buckets = {} } of told) {
          const own = probes.filter(
            ([service, kind, result]) =>
              service === labels.service && kind === labels.probe && result === labels.result,
          );
          assert.equal(value(`${family}_count`, labels), own.length);
          const sum = own.reduce((all, [, , , ms]) => all + ms / 1000, 0);
          assert.ok(Math.abs(value(`${family}_sum`, labels)! - sum) <= 1e-9 * (1 + sum));
          for (const [le, count] of Object.entries(buckets)) {
            const bound = Number(le.replace('+Inf', 'Infinity'));
            assert.equal(Number(count), own.filter(([, , , ms]) => ms / 1000 <= bound).length, le);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('what is not known is not there', () => {
    const unknown = { ...own, openFiles: undefined, loop: { busySeconds: 1, delay: undefined } };
    const trees = new Map([['gone', { processes: 1, cpuSeconds: 1, residentBytes: 1, ageSeconds: 1 }]]);
    const { families } = parseMetrics(textOf([begun('db')], { own: unknown, trees }));
    const names = families.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => /open_files|delay|processes|cpu_seconds/.test(name)),
      ['orderly_process_cpu_seconds_total'],
    );
  });

  test('any name of a service and any value is read as it was written', () => {
    const figures = fc.double({ noNaN: false });
    assertProperty(
      fc.property(fc.string({ unit: 'binary' }), figures, figures, (name, bytes, seconds) => {
        const trees = new Map([
          [name, { processes: 1, cpuSeconds: seconds, residentBytes: bytes, ageSeconds: 1 }],
        ]);
        const labels = { service: name };
        const metrics: Metrics = parseMetrics(textOf([begun(name)], { trees }));
        assert.equal(metrics.value('orderly_service_wanted', labels), 1);
        for (const [family, figure] of [
          ['resident_memory_bytes', bytes],
          ['cpu_seconds_total', seconds],
        ] as const)
          assert.equal(String(figureOf(metrics, `orderly_service_${family}`)), String(figure));
      }),
      { numRuns: 60 },
    );
  });
});

/** The parser leaves it as it is written. */
function figureOf({ families }: Metrics, name: string): number {
  const text = families.find((family) => family.name === name)?.metrics[0]?.value ?? '';
  return Number(text.replace('Inf', 'Infinity'));
}
