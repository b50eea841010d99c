import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report, verdict } from '../../../../src/cli/check/report.ts';
import { formatDuration } from '../../../../src/events/format-duration.ts';
import { describeBudget } from '../../../../src/graph/describe-budget.ts';
import { graphOf } from '../../../../src/graph/graph.ts';
import { type Budget, type PlanOptions, planRun, shortensGraces } from '../../../../src/graph/plan-run.ts';
import { planShutdown } from '../../../../src/graph/shutdown-budget.ts';
import { sampleConfig, sampleEdge, sampleService } from '../../../support/sample-config.ts';

const cleanup = [{ run: { kind: 'exec', argv: ['true'] }, timeoutMs: 3_000 }] as const;

/** What is said about stopping `api`, which needs `db`, each with this grace; `db` has these clean-ups. */
function stopLines(
  graceMs: number,
  interruptGraceMs: number,
  {
    cleanups = cleanup as readonly (typeof cleanup)[number][],
    budgetMs = undefined as number | undefined,
  } = {},
): readonly string[] {
  const stop = { signal: 'SIGTERM', graceMs, command: undefined, target: 'group' } as const;
  const services = [
    sampleService('db', { stop, cleanup: cleanups }),
    sampleService('api', { stop, dependsOn: [sampleEdge('db')] }),
  ];
  const config = sampleConfig(services, { shutdown: { budgetMs: 28_000, interruptGraceMs } });
  const graph = graphOf(services);
  const options: PlanOptions = { autoBudgetMs: 28_000, budgetMs };
  const plan = planRun(config, graph, options);
  const described = (budget: Budget) =>
    describeBudget([planShutdown(graph, plan.limits, budget.budgetMs, budget)], formatDuration);
  const interrupt = shortensGraces(plan, plan.interrupt) ? described(plan.interrupt) : undefined;
  const project = {
    config,
    graph,
    plan,
    warnings: [],
    missing: new Map(),
    locate: async () => [],
    files: [],
  };
  const lines = report(project, described(plan.budget), interrupt).split('\n');
  return lines.slice(lines.indexOf('  2. db') + 1, -1);
}

test('where every grace fits nothing is said of scaling, nor of Ctrl-C where it shortens none', () => {
  assert.deepEqual(stopLines(5_000, 11_000), [
    '  on any signal, shutdown.budget 28 s: at worst 13.5 s (api -> db)',
  ]);
});

test('each scaled grace has a line', () => {
  assert.deepEqual(stopLines(20_000, 2_000, { cleanups: [] }), [
    '  on a signal, shutdown.budget 28 s: at worst 40.5 s if nothing were scaled (api -> db)',
    '    db is guaranteed 13.8 s of its grace of 20 s',
    '    api is guaranteed 13.8 s of its grace of 20 s',
    '  on Ctrl-C, at most shutdown.interrupt_grace 2 s for each: at worst 4.5 s (api -> db)',
  ]);
});

test('Ctrl-C is told of within the same budget', () => {
  assert.deepEqual(stopLines(5_000, 4_000, { budgetMs: 6_000 }), [
    '  on a signal, --budget 6 s: at worst 13.5 s if nothing were scaled (api -> db)',
    '    db is guaranteed 1.3 s of its grace of 5 s',
    '    api is guaranteed 1.3 s of its grace of 5 s',
    '  on Ctrl-C, at most shutdown.interrupt_grace 4 s for each: at worst 11.5 s if nothing were scaled (api -> db)',
    '    db is guaranteed 1.3 s of its grace of 4 s',
    '    api is guaranteed 1.3 s of its grace of 4 s',
  ]);
});

test('the last line is the number of errors and warnings, or that there is none', () => {
  assert.deepEqual([verdict(0, 1), verdict(2, 1)], ['1 error', '1 error, 2 warnings']);
  assert.deepEqual(
    [0, 1, 2].map((count) => verdict(count)),
    ['nothing wrong', '1 warning', '2 warnings'],
  );
});
