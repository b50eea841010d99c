/**
 * The HTTP API of a run, measured by its own description: every answer is one that it describes, and no question does harm.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import type { ServicesAnswer } from '../../src/control/protocol.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import type { FoundRun } from '../../src/process/guard/find-run.ts';
import { type ApiDocument, readApiDocument } from '../support/api-document.ts';
import { questionsOf } from '../support/api-questions.ts';
import { askSocket, type RawAnswer, type RawQuestion } from '../support/ask-socket.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import { parseMetrics } from '../support/parse-metrics.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

const platform = `
services:
  db:
    command: "sleep 1000 & echo db is up; echo careful >&2; exec sleep 1000"
    ready: { log: db is up }
    cleanup: [echo clean]
  api: { command: exec sleep 1000, depends_on: [db], stop: { grace: 2s }, labels: { team: web } }
  sick:
    command: exec sleep 1000
    health: { exec: test -e healthy, interval: 50ms, failures: 1, on_failure: report }
  crash:
    command: exit 7
    ready: { delay: 10s }
    restart: { policy: on-failure, delay: 1m }
    on_failure: ignore
  lost: { command: /nowhere/at/all, ready: { delay: 10s }, on_failure: ignore, restart: { policy: "no" } }
  after: { command: exec sleep 1000, depends_on: [lost] }
  seed: { type: task, command: echo seeded, depends_on: [db] }
`;

interface Api {
  readonly document: ApiDocument;
  /** The answer, which the document describes. */
  ask(question: RawQuestion): Promise<RawAnswer>;
  get(target: string): Promise<RawAnswer>;
  post(target: string, body: unknown): Promise<RawAnswer>;
}

async function apiOf(t: TestContext, run: OrderlyRun): Promise<Api> {
  const { stdout } = await runOrderly(t, { args: ['ls', '--json'], cwd: run.folder }).ended;
  const runs = JSON.parse(stdout.join('\n')) as readonly FoundRun[];
  const { socket } = runs.find(({ pid }) => pid === run.pid)!;
  const described = await askSocket(socket, { method: 'GET', target: '/v1/openapi.json' });
  const document = readApiDocument(described!.text);
  const ask = async (question: RawQuestion): Promise<RawAnswer> => {
    const answer = await askSocket(socket, question).catch(async (error: unknown) => {
      const { status, stderr, events } = await run.ended;
      const told = [JSON.stringify(question), ...stderr.slice(-20), JSON.stringify(events.slice(-5))];
      throw new Error(`it ended with status ${status}\n${told.join('\n')}`, { cause: error });
    });
    if (answer === undefined) return { status: 0, type: '', text: '', allow: undefined };
    const path = question.target.replace(/^http:\/\/[^/]*|\?.*/gs, '');
    const operation = document.operations.find(
      (one) => one.method === question.method && patternOf(one.path).test(path),
    );
    if (question.method !== 'HEAD' && question.leaves === undefined) document.assertAnswer(operation, answer);
    assert.ok(answer.status < 500 || answer.status === 503, `${JSON.stringify(question)}: ${answer.text}`);
    return answer;
  };
  return {
    document,
    ask,
    get: (target) => ask({ method: 'GET', target }),
    post: (target, body) => ask({ method: 'POST', target, body: JSON.stringify(body) }),
  };
}

/** One part of a path for each word in braces. */
function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]*')}$`);
}

/** They need other runs than the one that shows the rest. */
const ELSEWHERE = new Set(['GET /readyz 200', 'POST /v1/leases 409', 'POST /v1/leases 422']);

suite('the API of a run', { concurrency: 2, timeout: 60_000 }, () => {
  test('is described by a document of OpenAPI 3.1, and each status of each route is answered as it says', async (t) => {
    const run = runOrderly(t, { config: platform });
    await Promise.all([
      run.event('service.unhealthy'),
      run.event('service.backoff', { service: 'crash' }),
      run.event('service.skipped', { service: 'after' }),
      run.event('service.completed', { service: 'seed' }),
      run.event('service.ready', { service: 'api' }),
    ]);
    const { document, ask, get, post } = await apiOf(t, run);
    const { text: described } = await get('/v1/openapi.json');
    assert.equal(described, readFileSync(join(repositoryRoot(), 'dist/openapi.json'), 'utf8'));
    assert.deepEqual(await new Validator().validate(JSON.parse(described)), { valid: true });

    const seen = new Set<string>();
    const see = (route: string, answers: readonly RawAnswer[], ...expected: readonly number[]): void => {
      assert.deepEqual(
        answers.map(({ status }) => status),
        expected,
        `${route}: ${answers.map(({ text }) => text)}`,
      );
      for (const status of expected) seen.add(`${route} ${status}`);
    };
    see('GET /v1/openapi.json', [await get('/v1/openapi.json')], 200);
    see('GET /livez', [await get('/livez')], 200);
    see('GET /readyz', [await get('/readyz')], 503);
    see('GET /metrics', [await get('/metrics')], 200);
    see('GET /v1/run', [await get('/v1/run'), await get('http://anything/v1/run')], 200, 200);
    see('GET /v1/services', [await get('/v1/services'), await get('/v1/services?usage')], 200, 200);
    see('GET /v1/services', [await get('/v1/services?label=team%3Dweb&name=a*')], 200);
    see('GET /v1/services', [await get('/v1/services?name=bd'), await get('/v1/services?label=x')], 404, 404);
    for (const name of ['db', 'api', 'sick', 'crash', 'lost', 'after', 'seed'])
      see('GET /v1/services/{name}/why', [await get(`/v1/services/${name}/why`)], 200);
    see('GET /v1/services/{name}/why', [await get('/v1/services/bd/why')], 404);

    const asked = [
      { kind: 'start', names: ['a*'] },
      { kind: 'stop', names: ['db'], grace_ms: 10 },
      { kind: 'restart', names: ['api'], no_deps: true },
      { kind: 'signal', names: ['api'], signal: 'SIGWINCH', whom: 'tree' },
      { kind: 'wait', names: ['api'], until: 'ready' },
      { kind: 'wait', labels: ['team=web'], until: 'ready' },
      { kind: 'reload' },
    ];
    for (const body of asked) see('POST /v1/plan', [await post('/v1/plan', body)], 200);
    see('POST /v1/requests', [await post('/v1/requests', { ...asked[1], dry_run: true })], 200);
    for (const path of ['plan', 'requests']) {
      const answers = [
        await post(`/v1/${path}`, { kind: 'stop', names: ['bd'] }),
        await post(`/v1/${path}`, { kind: 'scale', names: ['db'], replicas: 9_007_199_254_740_991 }),
      ];
      see(`POST /v1/${path}`, answers, 404, 409);
      writeFileSync(join(run.folder, 'supervisor.yaml'), 'services: [');
      see(`POST /v1/${path}`, [await post(`/v1/${path}`, { kind: 'reload' })], 422);
      writeFileSync(join(run.folder, 'supervisor.yaml'), platform);
    }
    for (const body of asked) {
      const accepted = await post('/v1/requests', body);
      see('POST /v1/requests', [accepted], 202);
      const { request } = JSON.parse(accepted.text) as { readonly request: string };
      see('GET /v1/requests/{id}', [await get(`/v1/requests/${request}?wait`)], 200);
    }
    await post('/v1/requests', { kind: 'wait', names: ['api'], until: 'completed', id: 'long/ä' });
    const open = await get(`/v1/requests/${encodeURIComponent('long/ä')}?wait=false`);
    see('GET /v1/requests/{id}', [open, await get('/v1/requests/never')], 200, 404);
    assert.equal((JSON.parse(open.text) as { readonly kind: string }).kind, 'open');

    see('GET /v1/events', [await get('/v1/events'), await get('/v1/events?since=20&follow=false')], 200, 200);
    const logs = [
      await get('/v1/logs'),
      await get('/v1/logs?name=db&name=api&tail=1&grep=db&since_ms=99999'),
    ];
    see('GET /v1/logs', [...logs, await get('/v1/logs?name=bd')], 200, 200, 404);
    assert.match(logs[1]!.text, /^\{"service":"db",.*"text":"db is up"\}\n$/);

    const lease = (body: string, leaves?: 'with the answer') =>
      ask({ method: 'POST', target: '/v1/leases', body, leaves });
    see(
      'POST /v1/leases',
      [(await lease('{"names":["db"]}', 'with the answer'))!, (await lease('{"names":["bd"]}'))!],
      200,
      404,
    );
    assert.equal((await lease('{"names":"db"}'))?.status, 400);

    for (const target of ['/v1/events?folow', '/v1/events?since=-1', '/v1/logs?tail=1&tail=2', '/v1/run?x='])
      assert.equal((await get(target)).status, 400, target);
    assert.equal((await ask({ method: 'POST', target: '/v1/plan', body: '{"kind":' })).status, 400);
    assert.equal(
      (await ask({ method: 'POST', target: '/v1/plan', body: Buffer.from([0x22, 0xff, 0x22]) })).status,
      400,
    );
    assert.equal((await ask({ method: 'POST', target: '/v1/plan', body: 'x'.repeat(300_000) })).status, 413);
    for (const target of ['//', '/', '/v1', '*', '/v1/services/%ff/why', '/v1/../livez'])
      assert.equal((await get(target)).status, 404, target);
    const { status, allow } = await ask({ method: 'HEAD', target: '/v1/run' });
    assert.deepEqual([status, allow], [405, 'GET']);

    const following = get('/v1/events?follow');
    for (const body of [{ nwo: true }, { now: 'yes' }, { budget_ms: -1 }, [], 'now'])
      assert.equal((await post('/v1/down', body)).status, 400);
    see('POST /v1/down', [await post('/v1/down', {})], 202);
    const events = (await following).text.trimEnd().split('\n');
    assert.equal((JSON.parse(events.at(-1)!) as OrderlyEvent).type, 'run.finished');
    await run.ended;

    const described2 = document.operations.flatMap(({ method, path, statuses }) =>
      statuses.filter((one) => one !== 'default').map((one) => `${method} ${path} ${one}`),
    );
    assert.deepEqual(
      described2.filter((one) => !seen.has(one) && !ELSEWHERE.has(one)),
      [],
    );
  });

  test('/metrics tells what was and what is, to a parser of Prometheus', async (t) => {
    const run = runOrderly(t, { config: platform });
    await Promise.all([
      run.event('service.backoff', { service: 'crash' }),
      run.event('service.failed', { service: 'lost' }),
      run.event('service.unhealthy'),
      run.event('service.ready', { service: 'api' }),
    ]);
    const { get, post } = await apiOf(t, run);
    const read = async () => parseMetrics((await get('/metrics')).text);
    const first = await read();
    const of = (service: string, more = {}) => ({ service, ...more });
    assert.equal(first.value('orderly_service_state', of('db', { state: 'ready' })), 1);
    assert.equal(first.value('orderly_service_state', of('db', { state: 'failed' })), 0);
    assert.equal(first.value('orderly_service_wanted', of('db')), 1);
    assert.equal(first.value('orderly_service_starts_total', of('crash')), 1);
    assert.equal(first.value('orderly_service_restarts_total', of('crash')), 1);
    assert.equal(first.value('orderly_service_failures_total', of('crash', { kind: 'exited-early' })), 1);
    assert.equal(first.value('orderly_service_failures_total', of('lost', { kind: 'command-not-found' })), 1);
    assert.equal(first.value('orderly_service_healthy', of('sick')), 0);
    const probes = 'orderly_service_probe_duration_seconds';
    assert.ok(first.value(`${probes}_count`, of('sick', { probe: 'health', result: 'failure' }))! > 0);
    assert.ok(first.value(`${probes}_sum`, of('sick', { probe: 'health', result: 'failure' }))! > 0);
    assert.equal(first.value('orderly_service_healthy', of('db')), 1);
    assert.equal(first.value('orderly_service_ready_duration_seconds_count', of('db')), 1);
    assert.equal(first.value('orderly_service_output_bytes_total', of('db', { stream: 'stdout' })), 9);
    assert.equal(first.value('orderly_service_output_bytes_total', of('db', { stream: 'stderr' })), 8);
    assert.equal(first.value('orderly_service_processes', of('db')), 2);
    assert.equal(first.value('orderly_service_processes', of('crash')), undefined);
    assert.ok(first.value('orderly_service_resident_memory_bytes', of('db'))! > 100_000);
    assert.ok(first.value('orderly_process_resident_memory_bytes')! > 10_000_000);
    assert.ok(first.value('orderly_process_cpu_seconds_total')! > 0);
    const { text } = await post('/v1/requests', { kind: 'restart', names: ['db'], no_deps: true });
    const { request } = JSON.parse(text) as { readonly request: string };
    await get(`/v1/requests/${request}?wait`);
    const second = await read();
    assert.equal(second.value('orderly_service_starts_total', of('db')), 2);
    assert.equal(second.value('orderly_service_stop_duration_seconds_count', of('db')), 1);
    assert.equal(second.value('orderly_service_cleanups_total', of('db', { result: 'success' })), 1);
    assert.equal(second.value('orderly_requests_total', { kind: 'restart', outcome: 'reached' }), 1);
    for (const { name, type, metrics } of first.families.filter((one) => one.type === 'COUNTER'))
      for (const { labels = {}, value } of metrics)
        if (name !== 'orderly_service_cpu_seconds_total')
          assert.ok(second.value(name, labels)! >= Number(value), `${name} ${type} never falls`);
    await post('/v1/down', {});
    await run.ended;
  });

  test('G9 RQ-2 whatever is asked, it is answered as described, and what is refused changes nothing', async (t) => {
    const run = runOrderly(t, { config: robust });
    await run.event('service.ready', { service: 'api' });
    const { document, ask, get } = await apiOf(t, run);
    const looked = async () => {
      const { seq, services } = JSON.parse((await get('/v1/services')).text) as ServicesAnswer;
      return { seq, services };
    };
    const questions = questionsOf(document, { services: ['db', 'api', 'web', 'seed'], isHarmless: true });
    const before = await looked();
    await assertAsyncProperty(
      fc.asyncProperty(questions, async ({ question, isWrong }) => {
        const { status } = await ask(question);
        if (isWrong)
          assert.ok(status >= 400 && status !== 409 && status < 500, `${status} for what is wrong`);
      }),
      { numRuns: 1_000, interruptAfterTimeLimit: 3_000 },
    );
    const after = await looked();
    assert.deepEqual(after.services, before.services);
    const since = (await get(`/v1/events?since=${before.seq}`)).text.split('\n').slice(0, -1);
    const types = since.map((line) => (JSON.parse(line) as OrderlyEvent).type);
    assert.deepEqual(
      types.filter((type) => type !== 'request.refused'),
      [],
    );
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('G9 any commands at all are answered as described, and the run obeys at the end', async (t) => {
    const run = runOrderly(t, { config: robust });
    await run.event('service.ready', { service: 'api' });
    const { document, ask, post } = await apiOf(t, run);
    const questions = questionsOf(document, { services: ['db', 'api', 'web', 'seed'], isHarmless: false });
    await assertAsyncProperty(
      fc.asyncProperty(questions, async ({ question }) => void (await ask(question))),
      { numRuns: 500, interruptAfterTimeLimit: 3_000 },
    );
    assert.equal((await post('/v1/down', { now: false })).status, 202);
    const { status } = await run.ended;
    assert.ok([0, 1, 3].includes(status), `${status}`);
  });
});

/** Of it nothing that is sent makes everything go down. */
const robust = `
services:
  db: { command: "echo db is up; exec sleep 1000", on_failure: ignore, stop: { grace: 300ms } }
  api: { command: exec sleep 1000, depends_on: [db], on_failure: ignore, stop: { grace: 300ms } }
  web: { command: exec sleep 1000, depends_on: [api], on_failure: ignore, stop: { grace: 300ms }, restart: { policy: always, delay: 10ms, max: 0 } }
  seed: { type: task, command: "true", depends_on: [db], on_failure: ignore }
`;
