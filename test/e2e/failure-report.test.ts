/**
 * What a user reads about a failure, and what a program reads of it: the same.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { OrderlyEvent } from '../../src/events/event.ts';
import type { FailureReport } from '../../src/events/failure.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { type OrderlyOptions, runOrderly } from '../support/run-orderly.ts';

type Test = Parameters<typeof runOrderly>[0];

const sleeper = 'command: [sleep, "1000"]';

async function failureOf(t: Test, config: string, more: OrderlyOptions = {}): Promise<FailureReport> {
  const end = await runOrderly(t, { config, ...more }).ended;
  const finished = end.events.at(-1);
  assert.ok(finished?.type === 'run.finished' && finished.failure !== undefined, JSON.stringify(finished));
  return finished.failure;
}

suite('the report of a failure', { concurrency: 4, timeout: 30_000 }, () => {
  test('G8: has exit, uptime, instances, restarts, the output of the last instance, who fell, and advice', async (t) => {
    const failure = await failureOf(
      t,
      `
services:
  db: { ${sleeper} }
  api: { command: 'echo instance $ORDERLY_ATTEMPT; exit 7', depends_on: [db], ready: { log: never }, restart: { max: 2, delay: 10ms } }
  web: { ${sleeper}, depends_on: [api] }
`,
    );
    const { uptime_ms = -1, cause, fell, ...rest } = failure;
    assert.ok(uptime_ms >= 0);
    assert.match(cause, /^exited with code 7 after .*, before it was ready; restarted 2 times in a row$/);
    assert.deepEqual(
      fell.map(({ service, how }) => [service, how]),
      [
        ['web', 'skipped'],
        ['db', 'stopped'],
      ],
    );
    assert.deepEqual(rest, {
      ...{ service: 'api', kind: 'exited-early', exit: { code: 7 }, attempts: 3 },
      ...{ restarts: { used: 2 }, output: ['instance 3'], earlier: [] },
      advice: 'see its last output for the reason; to try it, run it alone: orderly run api',
    });
  });

  test('is in a record as it is in JSON', async (t) => {
    const config = 'services: { api: { command: exit 7, restart: "no" } }';
    const run = runOrderly(t, { config, args: ['up', '--output', 'json', '--record', 'run.jsonl'] });
    const end = await run.ended;
    const lines = readFileSync(join(run.folder, 'run.jsonl'), 'utf8').trim().split('\n');
    const [recorded, printed] = [JSON.parse(lines.at(-1)!) as OrderlyEvent, end.events.at(-1)!];
    assert.ok(recorded.type === 'run.finished' && printed.type === 'run.finished');
    assert.deepEqual(recorded.failure, printed.failure);
    assert.equal(recorded.failure?.service, 'api');
  });

  test('names what was lost before: the dependency that was restarted while the dependent died of it', async (t) => {
    const failure = await failureOf(
      t,
      `
services:
  db: { command: 'test -e go && touch back && exec sleep 1000; until test -e go; do sleep 0.02; done; kill -KILL $$$$' }
  api:
    command: echo up; until test -e back; do sleep 0.02; done; exit 5
    ready: { log: up }
    depends_on: [db]
    restart: "no"
  go: { type: task, command: touch go, depends_on: [api] }
`,
    );
    assert.deepEqual(
      failure.earlier.map(({ service, what }) => [service, what]),
      [['db', 'was killed by SIGKILL']],
    );
    assert.match(failure.advice, /^see first why "db" was lost/);
  });

  const kinds: Readonly<Record<string, readonly [keys: string, kind: string, advice: RegExp]>> = {
    'a command that is not there': ['command: [no-such-program-here]', 'command-not-found', /^install it/],
    'one that its shell didn’t find': [
      'command: no-such-program-here --now',
      'command-not-found',
      /^install it/,
    ],
    'a file that may not be executed': ['command: [./supervisor.yaml]', 'not-executable', /may be executed/],
    'a folder that is not there': [`${sleeper}, cwd: nowhere`, 'not-started', /mend what the cause names/],
    'a deadline': [`${sleeper}, ready: { file: nothing, within: 100ms }`, 'not-ready', /ready\.within/],
    'a channel that was closed': [
      'command: "exec 3>&- sleep 1000", ready: { notify: fd }',
      'never-ready',
      /fits/,
    ],
    'an end with success before it was ready': [
      'command: "true", ready: { file: x }',
      'exited-early',
      /type: task/,
    ],
    'a crash after it was ready': ['command: sleep 0.1; exit 3', 'exited', /wrote nothing/],
    'SIGKILL from outside': ['command: kill -KILL $$$$', 'exited', /dmesg/],
  };
  for (const [name, [keys, kind, advice]] of Object.entries(kinds)) {
    test(`tells by its kind what to do: ${name}`, async (t) => {
      const failure = await failureOf(t, `services: { api: { ${keys}, restart: "no" } }`);
      assert.equal(failure.kind, kind);
      assert.match(failure.advice, advice);
    });
  }

  test('tells by its kind what to do: a dependency that takes too long', async (t) => {
    const failure = await failureOf(
      t,
      `
services:
  slow: { ${sleeper}, ready: { file: nothing } }
  api: { ${sleeper}, depends_on: { slow: { timeout: 1s } } }
`,
    );
    assert.deepEqual([failure.service, failure.kind, failure.attempts], ['api', 'dependency-late', 0]);
    assert.deepEqual(failure.fell, [{ service: 'slow', how: 'stopped', exit: { signal: 'SIGTERM' } }]);
  });

  test('tells by its kind what to do: a value that was not reported', async (t) => {
    const failure = await failureOf(
      t,
      `
services:
  db: { command: 'echo up; exec sleep 1000', ready: { log: 'up( (?<port>.*))?' } }
  api: { ${sleeper}, depends_on: [db], env: { PORT: "\${db.port}" } }
`,
    );
    assert.deepEqual([failure.service, failure.kind], ['api', 'value-missing']);
  });

  test('G8: what was not clean is reported too, with status 3', async (t) => {
    const config = `services: { api: { ${sleeper}, ready: { delay: 10ms }, cleanup: [exit 4] } }`;
    const run = runOrderly(t, { config });
    await run.event('service.ready');
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 3);
    const finished = end.events.at(-1);
    assert.ok(finished?.type === 'run.finished');
    assert.deepEqual([finished.failure?.service, finished.failure?.kind], ['api', 'cleanup-failed']);
  });

  test('G8: a run that went well, or was told to end and did, has none', async (t) => {
    const end = await runOrderly(t, { config: 'services: { a: { type: task, command: "true" } }' }).ended;
    const finished = end.events.at(-1);
    assert.ok(finished?.type === 'run.finished' && !('failure' in finished));
  });

  test('is told at once where the rest runs on, with what to do', async (t) => {
    const config = `
services:
  api: { command: exit 7, restart: "no", on_failure: isolate }
  other: { ${sleeper}, depends_on: { api: { condition: exited } } }
`;
    const run = runOrderly(t, { config, args: ['up'] });
    await run.line(/^orderly: api: failed: exited with code 7/);
    await run.line(/^orderly: {3}next {4}it wrote nothing; .* orderly run api$/);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 1);
    assert.match(end.stderr.at(-1) ?? '', /^orderly: "api" failed: exited with code 7/);
  });

  test('output that stands right above on the same terminal is not printed again', async (t) => {
    const config = `services: { api: { command: 'echo no such table; exit 7', restart: "no" } }`;
    const { stdout } = await runOrderly(t, {
      config,
      instead: ['sh', '-c', '"$0" "$1" up 2>&1 | cat', process.execPath, orderlyBin],
    }).ended;
    assert.equal(stdout.filter((line) => line.includes('no such table')).length, 1);
    const apart = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.ok(apart.stderr.some((line) => line.includes('no such table')));
  });
});

suite('a command with services beside it', { concurrency: 2, timeout: 20_000 }, () => {
  test('G8: ends with its own status; the service that took it down is the last line', async (t) => {
    const config = `services: { api: { command: 'until test -e go; do sleep 0.02; done; exit 7', restart: "no" } }`;
    const args = ['run', '--needs', 'api', '--', 'sh', '-c', 'touch go; exec sleep 1000'];
    const end = await runOrderly(t, { config, args }).ended;
    assert.equal(end.status, 143);
    assert.match(end.stderr.at(-1) ?? '', /^orderly: "api" failed: exited with code 7/);
  });
});
