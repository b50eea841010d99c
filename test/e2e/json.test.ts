/**
 * The run as data: `--output json` and `--record` tell the same events, numbered without gaps.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';

const okStory = `
services:
  db: { command: exec sleep 1000, cleanup: ['echo clean'] }
  noise: { type: task, command: [${programPath('e2e/noisy.js')}, x] }
  fails:
    command: 'echo oh >&2; exit 3'
    ready: { log: never }
    on_failure: isolate
    restart: { max: 1, delay: 10ms }
    depends_on: [noise]
  never: { command: exec sleep 1000, depends_on: [fails] }
`;

function parse(lines: readonly string[]): readonly OrderlyEvent[] {
  return lines.map((line) => JSON.parse(line));
}

suite('the run as JSON', { concurrency: 4, timeout: 20_000 }, () => {
  test('every line of stdout is an event, seq counts from 1 without gaps, ms never falls', async (t) => {
    const run = runOrderly(t, { config: okStory });
    await run.event('service.skipped', { service: 'never' });
    run.signal('SIGTERM');
    const end = await run.ended;
    const events = parse(end.stdout);
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.ok(events.every(({ ms }, index) => ms >= (events[index - 1]?.ms ?? 0)));
    assert.ok(events.every(({ time }) => new Date(time).toISOString() === time));
    assert.equal(events[0]?.type, 'run.started');
    assert.equal(events.at(-1)?.type, 'run.finished');
    assert.deepEqual(end.stderr, []);
    const noise = events.filter((event) => event.type === 'log' && event.service === 'noise');
    assert.equal(noise.length, 2000);
  });

  test('--record tells the same events without the lines of output, and so do both together', async (t) => {
    const args = ['up', '--output', 'json', '--record', 'run.jsonl'];
    const run = runOrderly(t, { config: okStory, args });
    await run.event('service.skipped', { service: 'never' });
    run.signal('SIGTERM');
    const end = await run.ended;
    const recorded = parse(readFileSync(join(run.folder, 'run.jsonl'), 'utf8').trimEnd().split('\n'));
    assert.deepEqual(
      recorded,
      parse(end.stdout).filter(({ type }) => type !== 'log'),
    );
  });

  test('--record with text output counts from 1 without gaps', async (t) => {
    const run = runOrderly(t, { config: okStory, args: ['up', '--record', 'run.jsonl'] });
    await run.line(/never: skipped/);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 1);
    const recorded = parse(readFileSync(join(run.folder, 'run.jsonl'), 'utf8').trimEnd().split('\n'));
    assert.deepEqual(
      recorded.map(({ seq }) => seq),
      recorded.map((_, index) => index + 1),
    );
    assert.ok(recorded.every(({ type }) => type !== 'log'));
  });

  test('G8: run.finished tells the status that the program ends with, and the cause of the last line', async (t) => {
    const config = 'services: { a: { command: exit 5, restart: "no" } }';
    const run = runOrderly(t, { config, args: ['up', '--record', 'run.jsonl'] });
    const end = await run.ended;
    const last = JSON.parse(
      readFileSync(join(run.folder, 'run.jsonl'), 'utf8').trimEnd().split('\n').at(-1)!,
    );
    assert.equal(last.status, end.status);
    assert.ok(end.stderr.at(-1)?.endsWith(last.cause));
  });

  test('what a service reports, and the evidence of its readiness, are in the event', async (t) => {
    const config = `services: { a: { command: 'echo port=4711; exec sleep 1000', ready: { log: 'port=(?<port>.*)' } } }`;
    const run = runOrderly(t, { config });
    const ready = await run.event('service.ready');
    assert.deepEqual(ready.values, { port: '4711' });
    assert.match(ready.evidence, /^log .*after (\d+) ms$/);
    const [, told] = /after (\d+) ms$/.exec(ready.evidence) ?? [];
    assert.ok(Number(told) <= ready.after_ms, `after_ms ${ready.after_ms}, evidence "${ready.evidence}"`);
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });
});
