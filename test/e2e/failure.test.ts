/**
 * What fails takes down what it must and nothing else, leaves nothing, and is the last thing the user reads.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const crash = programPath('e2e/crash-at-start.sh');

const failThirdOfFive = `
defaults: { restart: "no", cleanup: ['echo $ORDERLY_SERVICE is clean'] }
services:
  one: { command: exec sleep 1000 }
  two: { command: exec sleep 1000, depends_on: [one] }
  three: { command: ${crash}, ready: { log: never }, depends_on: [two] }
  four: { command: exec sleep 1000, depends_on: [three] }
  five: { command: exec sleep 1000, depends_on: [four] }
`;

function failWithRest(onFailure: string): string {
  return `
services:
  broken: { command: ${crash}, ready: { log: never }, restart: "no", on_failure: ${onFailure} }
  middle: { command: exec sleep 1000, depends_on: [broken] }
  top: { command: exec sleep 1000, depends_on: [middle] }
  other: { command: 'until test -e go; do sleep 0.02; done' }
  end: { type: task, command: touch go, depends_on: { broken: { condition: exited } } }
`;
}

suite('a failure during the start', { concurrency: 4, timeout: 20_000 }, () => {
  test('G2 G3 G5 G8: the third of five crashes: the rest goes down in reverse, cleaned, status 1', async (t) => {
    const end = await runOrderly(t, { config: failThirdOfFive }).ended;
    assert.equal(end.status, 1);
    assert.deepEqual(story(end.events, 'service.starting', 'service.stopping', 'service.cleanup', 'log'), [
      ...['one starting', 'two starting', 'three starting'],
      ...['three says opening the database', 'three says no such table'],
      ...['three says three is clean', 'three cleanup'],
      ...['two stopping', 'two says two is clean', 'two cleanup'],
      ...['one stopping', 'one says one is clean', 'one cleanup'],
    ]);
    assertOrder(story(end.events), 'shutdown requested', 'three failed', 'one stopped', 'run finished');
    const skipped = end.events.filter((event) => event.type === 'service.skipped');
    assert.deepEqual(skipped.map(({ service }) => service).sort(), ['five', 'four']);
  });

  test('G8: the cause is the last line, right after what failed wrote, what fell with it, and what to do', async (t) => {
    const end = await runOrderly(t, { config: failThirdOfFive, args: ['up'] }).ended;
    assert.equal(end.status, 1);
    const block = end.stderr.slice(-6).map((line) => line.replace(/\d+ ms/, '9 ms'));
    assert.deepEqual(block, [
      'orderly: three failed 9 ms after it was started:',
      'orderly:   output  | opening the database',
      'orderly:           | no such table',
      'orderly:   fell    four (skipped), five (skipped), two (stopped), one (stopped)',
      'orderly:   next    see its last output for the reason; to try it, run it alone: orderly run three',
      'orderly: "three" failed: exited with code 7 after 9 ms, before it was ready',
    ]);
    assert.ok(end.stdout.includes('three | no such table'));
  });

  test('the cause is told in at most three lines: when it happens, in the summary, at the end', async (t) => {
    const config = 'services: { a: { command: [no-such-program-here] } }';
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.equal(end.stderr.filter((line) => line.includes('not on the PATH')).length <= 3, true);
  });
});

suite('what cannot be started', { concurrency: 4, timeout: 20_000 }, () => {
  const cases: Readonly<Record<string, readonly [service: string, sentence: RegExp]>> = {
    'a command that is not there': [
      'command: [no-such-program-here]',
      /"no-such-program-here" is not on the PATH/,
    ],
    'a folder that is not there': [
      'command: [sleep, "1000"], cwd: nowhere',
      /folder ".*\/nowhere" does not exist/,
    ],
    'a folder that is a file': [
      'command: [sleep, "1000"], cwd: supervisor.yaml',
      /supervisor\.yaml" is not a folder/,
    ],
    'a file that may not be executed': [
      'command: [./supervisor.yaml]',
      /supervisor\.yaml" is not executable/,
    ],
    'a folder as the command': ['command: [./sub]', /sub" is a folder|sub" is not/],
    'a path that is not there': ['command: [./nothing]', /nothing" does not exist/],
  };
  for (const [name, [keys, sentence]] of Object.entries(cases)) {
    test(`G3 G8: ${name} is a sentence and status 1, and is not tried again`, async (t) => {
      const config = `
services:
  below: { command: exec sleep 1000, cleanup: [echo below is clean] }
  broken: { ${keys}, depends_on: [below], cleanup: [echo broken is clean] }
`;
      const run = runOrderly(t, { config, files: { 'sub/file': '' } });
      const end = await run.ended;
      assert.equal(end.status, 1);
      const told = story(end.events);
      assertOrder(told, 'broken failed', 'below stopping', 'below says below is clean', 'below stopped');
      assert.ok(!told.includes('broken backoff') && !told.includes('broken says broken is clean'));
      const { cause } = await run.event('service.failed', { service: 'broken' });
      assert.match(cause, sentence);
      assert.match(cause, /^Cannot start "broken": /);
    });
  }

  for (const command of ['no-such-program-here --now', './supervisor.yaml']) {
    test(`a command that can't be executed is not tried again as a text either: ${command}`, async (t) => {
      const run = runOrderly(t, { config: `services: { broken: { command: ${command} } }`, files: {} });
      const verdict = await run.event(({ type }) => type === 'service.backoff' || type === 'service.failed');
      assert.equal(verdict.type, 'service.failed');
    });
  }
});

suite('a failure that spares the rest', { concurrency: 4, timeout: 20_000 }, () => {
  for (const [onFailure, status] of [
    ['isolate', 1],
    ['ignore', 0],
  ] as const) {
    test(`G8: on_failure: ${onFailure} skips the dependents, names the chain, and ends with ${status}`, async (t) => {
      const run = runOrderly(t, { config: failWithRest(onFailure) });
      const end = await run.ended;
      assert.equal(end.status, status);
      const told = story(end.events);
      assertOrder(told, 'broken failed', 'end completed', 'run finished');
      for (const word of ['middle skipped', 'top skipped', 'other completed']) assert.ok(told.includes(word));
      assert.ok(!told.includes('middle starting') && !told.includes('top starting'));
      const middle = await run.event('service.skipped', { service: 'middle' });
      assert.match(middle.because, /^"broken" failed: exited with code 7/);
      const top = await run.event('service.skipped', { service: 'top' });
      assert.match(top.because, /"middle".*"broken" failed: exited with code 7/);
    });
  }

  test('on_failure: isolate stops dependents that run, in order, and leaves the rest alone', async (t) => {
    const config = `
services:
  broken: { command: 'until test -e fail; do sleep 0.02; done; exit 7', restart: "no", on_failure: isolate }
  middle: { command: exec sleep 1000, depends_on: [broken] }
  top: { command: touch fail && exec sleep 1000, depends_on: [middle] }
  other: { command: exec sleep 1000 }
`;
    const run = runOrderly(t, { config });
    await run.event('service.stopped', { service: 'middle' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 1);
    const told = story(end.events);
    assertOrder(told, 'top stopping', 'top stopped', 'middle stopping', 'middle stopped', 'other stopping');
    assertOrder(told, 'middle stopped', 'shutdown requested', 'other stopping');
  });
});
