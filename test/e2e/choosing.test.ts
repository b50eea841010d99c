/**
 * Services that are chosen by their labels, by the real program on both sides.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ask, stateOf } from '../support/control-client.ts';
import { runOrderly } from '../support/run-orderly.ts';

const shop = `
services:
  db: { command: "echo db is up; exec sleep 1000", ready: { log: db is up }, labels: { tier: data } }
  api:
    command: "echo api is up; exec sleep 1000"
    ready: { log: api is up }
    labels: { team: web, tier: front }
  web-1: { command: "echo web is up; exec sleep 1000", ready: { log: up }, labels: { team: web, tier: front } }
  web-2: { command: exec sleep 1000, labels: { team: web, tier: front } }
  mail: { command: exec sleep 1000, labels: { team: mail } }
`;

const ready = ['db', 'api', 'web-1', 'web-2', 'mail'];

suite('labels', { concurrency: 3, timeout: 60_000 }, () => {
  test('RQ-5 each command that asks takes them, beside names or in their place, all or nothing', async (t) => {
    const run = runOrderly(t, { config: shop });
    for (const service of ready) await run.event('service.ready', { service });
    assert.deepEqual((await ask(t, run, 'restart', '-l', 'tier=data')).stdout, ['db: restarted']);
    assert.deepEqual((await ask(t, run, 'restart', 'web-*', '--label', 'team=web')).stdout.toSorted(), [
      'web-1: restarted',
      'web-2: restarted',
    ]);
    assert.deepEqual(
      (await ask(t, run, 'stop', 'api', 'web-?', '-l', 'team', '-l', 'tier=front')).stdout.toSorted(),
      ['api: stopped', 'web-1: stopped', 'web-2: stopped'],
    );
    const stopped = 'db ready#2, api stopped#1, web-1 stopped#2, web-2 stopped#2, mail ready#1';
    assert.equal(await stateOf(t, run), stopped);
    for (const [args, why] of [
      [['start', '-l', 'team=none'], 'Cannot start: no service has the label "team=none"'],
      [['stop', 'mail', 'db', '-l', 'team'], 'Cannot stop: "db" means no service that has the label "team"'],
      [['start'], 'Cannot start: name the services, or choose them with --label'],
      [['ps', '-l', 'team=none'], 'no service has the label "team=none"'],
      [['logs', '-l', 'team=none'], 'no service has the label "team=none"'],
    ] as const) {
      const { status, stdout, stderr } = await ask(t, run, ...args);
      assert.deepEqual([status, stdout, stderr], [2, [], [`orderly: ${why}`]]);
    }
    assert.equal(await stateOf(t, run), stopped);
    const { stdout: plan } = await ask(t, run, 'start', '-l', 'team=web', '--dry-run');
    assert.deepEqual(plan.toSorted(), ['start api', 'start web-1', 'start web-2']);
    assert.equal((await ask(t, run, 'start', '-l', 'team=web')).status, 0);
    assert.equal((await ask(t, run, 'wait', '-l', 'tier', '--for', 'ready')).status, 0);
    assert.deepEqual((await ask(t, run, 'signal', '-l', 'team=mail', 'WINCH')).stdout, ['mail: signalled']);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('what is shown is chosen the same way, and those of a reload count from then on', async (t) => {
    const run = runOrderly(t, { config: shop });
    for (const service of ready) await run.event('service.ready', { service });
    const names = async (...args: readonly string[]): Promise<unknown> => {
      const { stdout } = await ask(t, run, 'ps', '--json', ...args);
      return (JSON.parse(stdout.join('\n')) as { service: string }[]).map(({ service }) => service);
    };
    assert.deepEqual(await names('-l', 'team=web'), ['api', 'web-1', 'web-2']);
    assert.deepEqual(await names('web-*'), ['web-1', 'web-2']);
    assert.deepEqual(await names('*a*', '-l', 'team'), ['api', 'mail']);
    const { stdout: table } = await ask(t, run, 'ps', '-l', 'tier=data');
    assert.match(table[0] ?? '', /^NAME +STATE .* LABELS$/);
    assert.match(table[1] ?? '', /^db +ready .* tier=data$/);
    assert.deepEqual((await ask(t, run, 'logs', '-l', 'tier=data')).stdout, ['db | db is up']);
    assert.deepEqual((await ask(t, run, 'logs', 'web-1', 'd*')).stdout.toSorted(), [
      'db | db is up',
      'web-1 | web is up',
    ]);
    assert.deepEqual((await ask(t, run, 'logs', '--until', '1h')).stdout, []);
    assert.deepEqual((await ask(t, run, 'logs', 'db', '--until', '0s')).stdout, ['db is up']);
    assert.match(
      (await ask(t, run, 'logs', '-f', '--until', '1s')).stderr[0] ?? '',
      /Cannot follow what ends/,
    );
    writeFileSync(join(run.folder, 'supervisor.yaml'), shop.replace('tier: data', 'tier: store'));
    assert.deepEqual((await ask(t, run, 'reload')).stdout, ['db: changed']);
    assert.deepEqual(await names('-l', 'tier=store'), ['db']);
    assert.match(await stateOf(t, run), /^db ready#1, /);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('SA-10 what was not selected is looked at before a label starts it', async (t) => {
    const config = `
services:
  web: { command: exec sleep 1000 }
  side: { command: "echo side is up; exec sleep 1000", ready: { log: up }, labels: { team: side }, profiles: [more] }
  more: { command: exec sleep 1000, labels: { team: more }, profiles: [more], user: nobody-of-this-name }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'web' });
    const refused = await ask(t, run, 'start', '-l', 'team=more');
    assert.equal(refused.status, 2);
    assert.match(refused.stderr.join('\n'), /nobody-of-this-name/);
    const started = await ask(t, run, 'start', '-l', 'team=side');
    assert.deepEqual([started.status, started.stdout], [0, ['side: started']]);
    assert.deepEqual((await ask(t, run, 'logs', 'side')).stdout, ['side is up']);
    await ask(t, run, 'down');
    await run.ended;
  });
});
