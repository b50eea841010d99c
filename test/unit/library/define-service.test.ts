/** Definitions that can't be: everything is said at once, and nothing is started (G10). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineService, type TaskOptions } from '../../../src/library/definition.ts';
import { spell } from '../../../src/library/function-entry.ts';
import { ConfigurationError } from '../../../src/library/program-graph.ts';
import { supervise } from '../../../src/library/supervise.ts';
import { thrownBy } from '../../support/concurrency-lab.ts';

/** What a caller without types may write. */
const anyhow = (options: unknown): TaskOptions => options as TaskOptions;

async function wrong(...options: readonly unknown[]): Promise<readonly string[]> {
  const before = process.listenerCount('SIGTERM');
  const run = supervise(options.map((one) => defineService(anyhow(one))));
  const error = await thrownBy(run);
  assert.ok(error instanceof ConfigurationError, String(error));
  await assert.rejects(run.ready, ConfigurationError);
  assert.equal(process.listenerCount('SIGTERM'), before);
  return error.problems.map(({ message }) => message);
}

const never = () => assert.fail('something was started');

test('G10 everything that is wrong is said at once, and nothing is started', async () => {
  const problems = await wrong(
    { name: 'api', run: never, dependsOn: ['dbb'], restart: { max: -1 }, stop: { grace: 5 } },
    { name: 'db', run: never, onFailure: 'explode', cwd: '/', stop: { signal: 'SIGINT' } },
    { name: 'a', run: never, dependsOn: ['b'] },
    { name: 'b', run: never, dependsOn: ['a'] },
  );
  for (const pattern of [
    /"cwd" has no meaning for "db", which is a function/,
    /"stop.signal" has no meaning for "db"/,
    /"restart.max" of service "api"/,
    /"stop.grace" of service "api"/,
    /"on_failure" of service "db"/,
    /"api" cannot depend on "dbb": there is no service of that name/,
    /wait for each other: a -> b -> a/,
  ]) {
    assert.ok(
      problems.some((problem) => pattern.test(problem)),
      `${pattern} in\n${problems.join('\n')}`,
    );
  }
  assert.equal(problems.length, 7, problems.join('\n'));
});

test('two services of one name, no service at all, and a name that is none are errors', async () => {
  assert.deepEqual(await wrong({ name: 'a', run: never }, { name: 'a', run: never }), [
    'There are two services called "a"',
  ]);
  assert.match((await wrong())[0] ?? '', /There is no service to supervise/);
  assert.match((await wrong({ name: 'a b', run: never }))[0] ?? '', /The name "a b"/);
});

test('what is to be a function and is none is said', async () => {
  const health = { interval: '1s' };
  const cleanup = [never, { run: 'rm' }, { parallel: [never, null] }, undefined];
  assert.deepEqual(await wrong({ name: 'a', run: 'node', health, cleanup }), [
    '"run" of service "a" must be a function, but is string',
    '"health.check" of service "a" must be a function, but is undefined',
    '"cleanup" of service "a" must be a function, but is string',
    '"cleanup" of service "a" must be a function, but is null',
    '"cleanup" of service "a" must be a function, but is undefined',
  ]);
  assert.deepEqual(await wrong({ name: 'a', run: null }), [
    '"run" of service "a" must be a function, but is null',
  ]);
});

test('a key that only files have is refused', async () => {
  assert.deepEqual(await wrong({ name: 'a', command: 'x', extends: 'b' }, { name: 'b', command: 'x' }), [
    '"extends" of service "a" has no meaning in a program: spread the options of the other one',
  ]);
});

test('a service is either a function or a program', () => {
  assert.throws(() => defineService(anyhow({ name: 'a' })), /give it either "run", a function, or "command"/);
  assert.throws(() => defineService(anyhow({ name: 'a', run: never, command: 'b' })), TypeError);
});

test('keys are spelt as in a configuration; names that somebody chose stay', () => {
  assert.deepEqual(
    spell({
      onFailure: 'ignore',
      restart: { maxDelay: '1s', resetAfter: undefined },
      env: { someThing: 'x' },
      dependsOn: { someOne: { onLoss: 'stop' } },
      ready: { all: [{ http: { url: 'u', headers: { someHeader: 'x' } } }] },
    }),
    {
      on_failure: 'ignore',
      restart: { max_delay: '1s' },
      env: { someThing: 'x' },
      depends_on: { someOne: { on_loss: 'stop' } },
      ready: { all: [{ http: { url: 'u', headers: { someHeader: 'x' } } }] },
    },
  );
});
