/**
 * What is drawn of random runs of the real engine: lanes without gaps, and critical paths that hold.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { PLAIN_PALETTE } from '../../src/output/terminal/palette.ts';
import { renderHtml } from '../../src/output/timeline/html.ts';
import { type CriticalPath, hopsOf } from '../../src/output/timeline/paths/critical-path.ts';
import { firstReadyMs, pathsOf } from '../../src/output/timeline/paths/find-paths.ts';
import { renderSvg } from '../../src/output/timeline/svg/picture.ts';
import { renderText } from '../../src/output/timeline/text/chart.ts';
import type { Timeline } from '../../src/output/timeline/timeline.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import { randomConfig } from '../support/random-graph.ts';
import { sampleConfig, sampleServices } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { simulate } from '../support/simulation.ts';
import { xmlProblem } from '../support/xml-problems.ts';
import { timelineOfEvents } from '../unit/output/timeline/runs.ts';

const RUNS = 300;

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  readyAfterMs: fc.nat(500),
  endsAfterMs: fc.oneof(
    { weight: 4, arbitrary: fc.constant('never' as const) },
    { weight: 1, arbitrary: fc.nat(3000) },
  ),
  exit: fc.constantFrom({ kind: 'code' as const, code: 0 }, { kind: 'code' as const, code: 3 }),
  obeysAfterMs: fc.oneof(
    { weight: 5, arbitrary: fc.nat(3000) },
    { weight: 1, arbitrary: fc.constant('never' as const) },
  ),
  queuedMs: fc.nat(100),
});

const runs = fc.record({
  config: randomConfig({ maxServices: 8, maxGraceMs: 3000, maxCleanupMs: 500 }),
  tasks: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  onFailure: fc.constantFrom('shutdown' as const, 'isolate' as const, 'ignore' as const),
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 4 }),
  stopAtMs: fc.nat(4000),
  maxStarting: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  keptShare: fc.oneof(fc.constant(1), fc.double({ min: 0.05, max: 1, noNaN: true })),
});

type RandomRun = typeof runs extends fc.Arbitrary<infer Run> ? Run : never;

/** Four services, each behind the one before it. */
const chain: RandomRun = {
  config: sampleConfig(sampleServices({ s0: [], s1: ['s0'], s2: ['s1'], s3: ['s2'] })),
  tasks: Array.from({ length: 8 }, () => false),
  onFailure: 'shutdown',
  behaviours: [
    {
      readyAfterMs: 100,
      endsAfterMs: 'never',
      exit: { kind: 'code', code: 0 },
      obeysAfterMs: 100,
      queuedMs: 0,
    },
  ],
  stopAtMs: 2000,
  maxStarting: undefined,
  keptShare: 1,
};

/** The events of a random run, or of its beginning. */
async function eventsOf(run: RandomRun): Promise<readonly OrderlyEvent[]> {
  const { config, tasks, onFailure, behaviours, stopAtMs, maxStarting, keptShare } = run;
  const services = config.services.map((spec, index) => ({
    ...spec,
    onFailure,
    type: tasks[index % tasks.length] ? ('task' as const) : ('service' as const),
  }));
  const { events } = await simulate({
    services,
    behave: (service, attempt) => behaviours[(Number(service.slice(1)) + attempt) % behaviours.length]!,
    requests: [{ atMs: stopAtMs, request: { kind: 'signal', signal: 'SIGTERM' } }],
    ...(maxStarting === undefined ? {} : { options: { maxStarting } }),
  });
  return events.slice(0, Math.max(1, Math.ceil(events.length * keptShare)));
}

test('of any run, or of the beginning of one, lanes are without gaps and critical paths hold', async () => {
  let paths = 0;
  let hops = 0;
  await assertAsyncProperty(
    fc.asyncProperty(runs, async (run) => {
      const timeline = timelineOfEvents(await eventsOf(run));
      assertLanes(timeline);
      const { start, stop } = pathsOf(timeline);
      for (const path of [start, stop]) {
        if (path === undefined) continue;
        assertContiguous(path);
        assertEdges(timeline, path);
        paths += 1;
        hops = Math.max(hops, hopsOf(path).length);
      }
      if (start?.end === 'ready') assertLastDependency(timeline, start);
    }),
    { numRuns: RUNS, examples: [[chain]] },
  );
  // Else the property would have been about nothing. Chance alone seldom makes three hops: the chain does.
  assert.ok(paths > RUNS / 2 && hops >= 3, `${paths} paths, up to ${hops} hops`);
});

test('any run, or the beginning of one, can be drawn in every format', async () => {
  await assertAsyncProperty(
    fc.asyncProperty(runs, fc.integer({ min: 60, max: 200 }), async (run, columns) => {
      const timeline = timelineOfEvents(await eventsOf(run));
      const paths = pathsOf(timeline);
      assert.ok(
        renderText(timeline, paths, columns, PLAIN_PALETTE).every((line) => [...line].length <= columns),
      );
      const svg = renderSvg(timeline, paths);
      assert.equal(xmlProblem(svg), undefined);
      assert.doesNotMatch(svg + renderHtml(timeline, paths), /NaN|undefined|Infinity/);
    }),
    { numRuns: RUNS / 3 },
  );
});

function assertLanes({ lanes, startMs, endMs }: Timeline): void {
  for (const { segments, end, service } of lanes) {
    const boundaries = [startMs, ...segments.flatMap(({ fromMs, toMs }) => [fromMs, toMs]), end?.ms ?? endMs];
    for (let index = 0; index < boundaries.length; index += 2) {
      assert.equal(boundaries[index], boundaries[index + 1], `${service}: ${boundaries.join(' ')}`);
    }
    assert.ok(segments.every(({ fromMs, toMs }) => toMs > fromMs));
  }
}

/** Its steps follow each other from end to end, and their shares add up to the whole. */
function assertContiguous({ steps, fromMs, toMs }: CriticalPath): void {
  const boundaries = [fromMs, ...steps.flatMap((step) => [step.fromMs, step.toMs]), toMs];
  for (let index = 0; index < boundaries.length; index += 2)
    assert.equal(boundaries[index], boundaries[index + 1]);
  const whole = steps.reduce((sum, { share }) => sum + share, 0);
  assert.ok(steps.length === 0 || Math.abs(whole - 1) < 1e-9);
}

/** Each hop of the start is an edge of the graph; each of the shutdown a way along its edges. */
function assertEdges({ lanes }: Timeline, path: CriticalPath): void {
  const needs = (service: string | undefined) =>
    lanes.find((lane) => lane.service === service)?.dependencies.map((edge) => edge.service) ?? [];
  const leadsTo = (from: string, to: string): boolean =>
    needs(from).some((one) => one === to || leadsTo(one, to));
  /** It was started, or ready, in the moment in which it might start: a hop of no length, which no path has. */
  const tookNoTime = (service: string, ms: number): boolean =>
    lanes.some(
      (lane) => lane.service === service && (firstReadyMs(lane) === ms || lane.starts[0]?.ms === ms),
    );
  const awaits = (later: string, earlier: string, ms: number): boolean =>
    needs(later).includes(earlier) ||
    needs(later).some((one) => tookNoTime(one, ms) && awaits(one, earlier, ms));
  const hops = hopsOf(path).filter(({ service }) => service !== undefined);
  const names = hops.map(({ service = '' }) => service);
  for (const [index, later] of names.slice(1).entries()) {
    const earlier = names[index]!;
    if (path.kind === 'start-up')
      assert.ok(awaits(later, earlier, hops[index + 1]!.fromMs), `${later} does not need ${earlier}`);
    else assert.ok(leadsTo(earlier, later), `${earlier} does not need ${later}`);
  }
}

/** Nobody that a service on the path waited to be ready for became ready between what the path names and its start. */
function assertLastDependency({ lanes }: Timeline, path: CriticalPath): void {
  for (const { service, fromMs } of hopsOf(path)) {
    const lane = lanes.find((one) => one.service === service)!;
    // Who was skipped is on the path of one that could do without it.
    const startMs = lane.starts[0]?.ms ?? Number.NEGATIVE_INFINITY;
    for (const edge of lane.dependencies) {
      if (edge.condition !== 'ready') continue;
      const readies = lanes.find((one) => one.service === edge.service)?.readies ?? [];
      assert.ok(
        !readies.some(({ ms }) => ms > fromMs && ms <= startMs),
        `${service} waited for ${edge.service}, too`,
      );
    }
  }
}
