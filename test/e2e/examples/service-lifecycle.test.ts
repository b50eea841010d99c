/** `examples/service-lifecycle`: the real program, stopped by a signal and by itself. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startExample } from '../../support/example-process.ts';

const NAMES = ['database', 'queue', 'cache', 'worker-1', 'worker-2', 'api', 'customer'];

/** What happened, without the times: `api ready`. */
function story(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => /^ *\d+ ms {2}(.+)$/.exec(line)?.slice(1) ?? []);
}

/** Each of them is there, and comes after the one before it. */
function assertOrder(lines: readonly string[], ...expected: readonly string[]): void {
  const places = expected.map((one) => lines.indexOf(one));
  const broken = places.findIndex((place, at) => place < 0 || place < (places[at - 1] ?? 0));
  assert.equal(broken, -1, `${expected[broken]} is out of its place in\n${lines.join('\n')}`);
}

function assertLawful(lines: readonly string[]): void {
  const told = story(lines);
  // Who needs nothing starts before anybody is ready.
  assertOrder(told, 'queue starting', 'database ready');
  assertOrder(told, 'database starting', 'queue ready');
  assertOrder(
    told,
    'database ready',
    'cache starting',
    'cache ready',
    'api starting',
    'api ready',
    'customer starting',
  );
  for (const worker of ['worker-1', 'worker-2']) {
    assertOrder(told, 'database ready', `${worker} starting`, `${worker} ready`, 'api starting');
    assertOrder(told, 'api stopped', `${worker} stopping`, `${worker} stopped`, 'queue stopping');
    assertOrder(told, `${worker} stopped`, 'database stopping');
  }
  assertOrder(told, 'customer stopped', 'api stopping', 'api stopped', 'cache stopping', 'cache stopped');
  assertOrder(told, 'cache stopped', 'database stopping', 'database cleanup', 'database stopped');
  for (const name of NAMES) assert.ok(told.includes(`${name} stopped`), `${name} was not stopped`);
  assert.ok(!told.some((line) => /killed|failed|unhealthy/.test(line)), told.join('\n'));
}

function assertNothingLost(lines: readonly string[]): number {
  const account = lines.find((line) => line.includes('orders accepted'));
  const [accepted, worked, stored] = (account?.match(/\d+/g) ?? []).map(Number);
  assert.ok(accepted !== undefined && accepted > 0, account);
  assert.deepEqual([worked, stored], [accepted, accepted], account);
  return accepted;
}

async function start(t: TestContext, ms: number) {
  return startExample(t, 'service-lifecycle/main.mjs', { env: { LIFECYCLE_MS: String(ms) } });
}

test('stopped by a signal, the services stop in reverse, and no order is lost', async (t) => {
  const program = await start(t, 1_000_000);
  await program.line(/customer ready$/);
  program.signal('SIGTERM');
  const { status, lines, stderr } = await program.ended;
  assertLawful(lines);
  assertNothingLost(lines);
  assert.equal(lines.at(-1), 'ended: SIGTERM');
  assert.deepEqual([status, stderr], [143, '']);
});

test('its time over, it stops by itself, and every health monitor has looked', async (t) => {
  // Long enough for a machine that is used up: how much is done in it is none of ours.
  const { status, lines, stderr } = await (await start(t, 2500)).ended;
  assertLawful(lines);
  assertNothingLost(lines);
  const checks = lines.find((line) => line.startsWith('health: ')) ?? '';
  assert.match(checks, /^health: database [1-9]\d* times, cache [1-9]\d* times, api [1-9]\d* times$/);
  assert.deepEqual([status, stderr], [0, '']);
});
