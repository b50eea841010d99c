/**
 * What clients are told agrees with the record of the run, and with what comes after.
 */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Picture } from '../../src/control/picture/picture.ts';
import type { ServiceAnswer, WhyAnswer } from '../../src/control/protocol.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { ask, askAndHear, exchange, get, socketOf, stateOf } from '../support/control-client.ts';
import { runOrderly } from '../support/run-orderly.ts';

const shop = `
services:
  db: { command: exec sleep 1000 }
  api: { command: "echo serving; exec sleep 1000", depends_on: [db], ready: { log: serving } }
  web: { command: exec sleep 1000, depends_on: [api] }
`;

suite('what clients are told', { concurrency: 2, timeout: 60_000 }, () => {
  test('RC-3 RC-4 a request is accepted, then wanted, then done; what ps tells is a fold of the record', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    await ask(t, run, 'stop', 'api');
    await ask(t, run, 'start', 'web');
    const { stdout: lines } = await ask(t, run, 'events', '--json');
    const events = lines.map((line) => JSON.parse(line) as OrderlyEvent);
    const told = JSON.parse(
      (await ask(t, run, 'ps', '--json')).stdout.join('\n'),
    ) as readonly ServiceAnswer[];
    const picture = new Picture();
    for (const event of events) picture.apply(event);
    assert.deepEqual(
      picture.names.map((name) => picture.service(name)),
      told,
    );
    const accepted = events.filter(({ type }) => type === 'request.accepted');
    for (const request of accepted) {
      assert.ok(request.type === 'request.accepted');
      const wanted = events.filter(
        (event) => event.type === 'service.wanted' && event.request === request.request,
      );
      assert.deepEqual(
        wanted.map(({ seq }) => seq),
        wanted.map((_, at) => request.seq + 1 + at),
      );
      const planned = request.plan.map(({ service }) => service);
      assert.deepEqual(
        wanted.map((event) => event.type === 'service.wanted' && event.service),
        planned,
      );
    }
    await ask(t, run, 'down');
    await run.ended;
  });

  test('WY-10 what why tells as JSON is what it tells as text', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    await ask(t, run, 'stop', 'db');
    const { stdout: text } = await ask(t, run, 'why', 'web');
    const json = JSON.parse((await ask(t, run, 'why', 'web', '--json')).stdout.join('\n')) as WhyAnswer;
    const ages = (line: string) => line.replace(/[\d.]+ (?:ms|s)\b/g, 'N');
    assert.deepEqual(json.text.split('\n').map(ages), text.map(ages));
    assert.deepEqual(
      [json.service, json.generation, json.wanted.want, json.state.state],
      ['web', 1, 'down', 'stopped'],
    );
    for (const link of json.chain)
      assert.ok(link.seq > 0 && link.seq <= json.at_seq && link.ms >= 0 && link.kind);
    assert.ok(json.commands.every(({ argv, why }) => argv[0] === 'orderly' && why !== ''));
    assert.match(json.next.text, /./);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('SA-9 start never replaces what runs, and says where the files say something else', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    writeFileSync(join(run.folder, 'supervisor.yaml'), shop.replace('echo serving', 'echo now serving'));
    const { status, stdout, stderr } = await ask(t, run, 'start', 'api');
    assert.deepEqual([status, stdout], [0, ['nothing to do: it is so already']]);
    assert.deepEqual(stderr, [
      'orderly: the files say something else of api than what runs; "orderly reload" applies that',
    ]);
    assert.deepEqual((await ask(t, run, 'start', 'db')).stderr, []);
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#1, web ready#1');
    await ask(t, run, 'down');
    await run.ended;
  });

  test('SD-6 down returns with the account; a second one is the same, --now ends the asking, Ctrl-C only leaves', async (t) => {
    const stubborn = `trap '' TERM; echo up; while :; do sleep 0.1; done`;
    const config = `
services:
  db: { command: [sh, -c, "${stubborn}"], ready: { log: up }, stop: { grace: 60s }, cleanup: ["echo cleaned"] }
shutdown: { budget: 90s }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready');
    const left = runOrderly(t, { args: ['down'], cwd: run.folder });
    await run.event('service.stopping');
    left.signal('SIGINT');
    const first = await left.ended;
    assert.deepEqual([first.status, first.stderr], [130, ['orderly: waits no longer; the shutdown goes on']]);
    const second = runOrderly(t, { args: ['down'], cwd: run.folder });
    await second.line(/^waiting for db$/);
    const now = await ask(t, run, 'down', '--now');
    const ends = [now, await second.ended];
    assert.deepEqual(
      ends.map(({ status }) => status),
      [3, 3],
    );
    const { events, status } = await run.ended;
    assert.equal(status, 3);
    assert.equal(events.filter(({ type }) => type === 'shutdown.requested').length, 1);
    assert.ok(events.some((event) => event.type === 'service.cleanup' && event.error === undefined));
  });

  test('JN-12 a need that is stopped does not end the command; its client tells', async (t) => {
    const run = runOrderly(t, { config: shop });
    await run.event('service.ready', { service: 'web' });
    const script = 'echo here; read line; echo "$line"';
    const inside = ['sh', '-c', 'mkfifo in; exec "$@" <>in', 'sh'];
    const command = runOrderly(t, {
      args: ['run', '--needs', 'api', '--', 'sh', '-c', script],
      cwd: run.folder,
      inside,
    });
    await command.line(/^here$/);
    assert.equal((await ask(t, run, 'stop', 'api')).status, 0);
    await command.line(/^orderly: api: stopping: request r\d+ stops it$/);
    writeFileSync(join(run.folder, 'in'), 'done\n');
    const { status, stdout } = await command.ended;
    assert.deepEqual([status, stdout], [0, ['here', 'done']]);
    await ask(t, run, 'down');
    await run.ended;
  });

  test('X25 CR-1 CR-2 CR-3 CR-4 the supervisor is killed in a restart: its client says so, the next run tells it and begins from its file', async (t) => {
    const config = shop.replace(
      'exec sleep 1000, depends_on: [api]',
      "trap '' TERM; echo up; sleep 1000, depends_on: [api], ready: { log: up }",
    );
    const run = runOrderly(t, { config, mayLeaveProcesses: true });
    await run.event('service.ready', { service: 'web' });
    assert.equal((await ask(t, run, 'stop', 'api', '--no-deps')).status, 0);
    const restarting = await askAndHear(t, run, 'restart', 'web');
    await run.event('service.stopping', { service: 'web' });
    // What was sent before this answer has arrived at the client.
    assert.match(await exchange(await socketOf(run), get('/livez')), /200 OK/);
    run.signal('SIGKILL');
    const { status, stderr } = await restarting.ended;
    assert.equal(status, 1);
    assert.match(stderr[1] ?? '', /^orderly: what came of r2 can't be told\. .*; web was stopping$/);
    const again = runOrderly(t, { args: ['up', '--output', 'json'], cwd: run.folder });
    await again.event('service.ready', { service: 'web' });
    assert.equal(await stateOf(t, run), 'db ready#1, api ready#1, web ready#1');
    const [note = ''] = again.events.flatMap((event) => (event.type === 'run.note' ? [event.text] : []));
    assert.match(note, /^an earlier run \(pid \d+\) was killed in the middle of restart web \(r2\)(?:;|$)/);
    await ask(t, run, 'down', '--now');
    await again.ended;
  });
});
