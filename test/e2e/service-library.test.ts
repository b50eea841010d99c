/**
 * `orderlyd/service` in real programs, supervised and on their own.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../support/repository-root.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const library = pathToFileURL(join(repositoryRoot(), 'dist/lib/service/index.js')).href;

function program(script: string): readonly string[] {
  const text = `import { heartbeat, isSupervised, onShutdown, started, status } from '${library}'; ${script}`;
  return [process.execPath, '--input-type=module', '-e', text];
}

const server = `
  const held = setInterval(() => {}, 1000);
  status('opening');
  onShutdown(async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    console.log('closed');
    clearInterval(held);
  });
  console.log('supervised: ' + isSupervised);
  started({ port: 4242, secure: true });
  started({ port: 1 });
  heartbeat();
`;

suite('orderlyd/service', { concurrency: 3, timeout: 30_000 }, () => {
  for (const protocol of ['fd', 'node']) {
    test(`over notify: ${protocol} values reach those who depend on it, and a request to end lets it close`, async (t) => {
      const command = JSON.stringify(program(server));
      const run = runOrderly(t, {
        config: `
services:
  db: { command: ${command}, ready: { notify: ${protocol} } }
  api: { type: task, command: 'echo "at $AT"', env: { AT: "\${db.port} \${db.secure}" }, depends_on: [db] }
`,
      });
      await run.event('service.completed', { service: 'api' });
      run.signal('SIGTERM');
      const end = await run.ended;
      assert.equal(end.status, 143);
      assert.ok(story(end.events).includes('db says supervised: true'));
      assertOrder(
        story(end.events),
        'db ready',
        'api says at 4242 true',
        'db stopping',
        'db says closed',
        'db exited',
      );
      assert.equal(
        end.events.find(
          (event) => event.type === 'service.exited' && event.service === 'db' && event.code === 0,
        )?.type,
        'service.exited',
      );
    });
  }

  test("the manual's program answers at the port that it told, and ends when asked to", async (t) => {
    const [, text = ''] =
      /\n## orderlyd\/service\n[\s\S]*?```ts\n([\s\S]*?)```/.exec(
        readFileSync(join(repositoryRoot(), 'src/manual/library.md'), 'utf8'),
      ) ?? [];
    const script = text.replace("'orderlyd/service'", JSON.stringify(library));
    assert.notEqual(script, text);
    const get = "fetch('http://127.0.0.1:' + process.env.PORT).then((r) => r.text()).then(console.log)";
    const run = runOrderly(t, {
      files: { 'hello.mjs': script },
      config: `
services:
  hello: { command: [${process.execPath}, hello.mjs], ready: { notify: fd } }
  ask: { type: task, command: [${process.execPath}, -e, ${JSON.stringify(get)}], env: { PORT: "\${hello.port}" }, depends_on: [hello] }
`,
    });
    await run.event('service.completed', { service: 'ask' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assertOrder(story(end.events), 'hello ready', 'ask says hello', 'hello stopping', 'hello exited');
  });

  test('a child of the program does not speak for it', async (t) => {
    const inner = program("started(); console.log('child: ' + isSupervised)");
    const outer = program(`
      const { spawnSync } = await import('node:child_process');
      process.stdout.write(spawnSync(${JSON.stringify(inner[0])}, ${JSON.stringify(inner.slice(1))}).stdout);
      started();
    `);
    const run = runOrderly(t, {
      config: `services: { a: { type: task, command: ${JSON.stringify(outer)}, ready: { notify: fd } } }`,
    });
    const end = await run.ended;
    assert.deepEqual(story(end.events, 'log', 'service.ready').toSorted(), [
      'a ready',
      'a says child: false',
    ]);
  });

  test('without a supervisor it says nothing to nobody, and SIGTERM lets it close', async (t) => {
    const [node = '', ...args] = program(server);
    const child = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said === 'supervised: false\n') child.kill('SIGTERM');
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) =>
      child.stdout.readableEnded ? resolve(undefined) : child.stdout.once('end', resolve),
    );
    assert.deepEqual([said, code], ['supervised: false\nclosed\n', 0]);
  });

  test('it keeps no program alive, and a second signal ends one that does not close', async (t) => {
    const [node = '', ...args] = program('started(); onShutdown(() => {})');
    assert.equal(spawnSync(node, args, { timeout: 20_000 }).status, 0);
    const [, ...deaf] = program(
      "onShutdown(() => console.log('asked')); setInterval(() => {}, 1000); console.log('up')",
    );
    const child = spawn(node, deaf, { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill('SIGKILL'));
    child.stdout.on('data', () => child.kill('SIGTERM'));
    const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
    assert.equal(signal, 'SIGTERM');
  });
});
