/**
 * `orderly init` in folders as they are: a first configuration that runs, and nothing that was there is changed.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { repositoryRoot } from '../support/repository-root.ts';
import { type OrderlyOptions, runOrderly } from '../support/run-orderly.ts';

async function init(t: TestContext, options: OrderlyOptions, ...more: readonly string[]) {
  const run = runOrderly(t, { ...options, args: ['init', ...more] });
  const end = await run.ended;
  const read = (name: string): string => readFileSync(join(options.cwd ?? run.folder, name), 'utf8');
  return { ...end, folder: run.folder, read, out: end.stdout.join('\n') };
}

suite('init', { concurrency: 3, timeout: 60_000 }, () => {
  test('in an empty folder what it writes runs as it stands', async (t) => {
    const { status, out, folder } = await init(t, {});
    assert.equal(status, 0);
    assert.match(
      out,
      /^wrote supervisor\.yaml: its service "app" runs: .*\nnext: "orderly check" .* "orderly up"/,
    );
    assert.ok(!existsSync(join(folder, 'AGENTS.md')));
    const checked = await runOrderly(t, { cwd: folder, args: ['check'] }).ended;
    assert.deepEqual([checked.status, checked.stdout.at(-1)], [0, 'nothing wrong']);
    const run = runOrderly(t, { cwd: folder, args: ['up', '--output', 'json'] });
    await run.event('service.ready', { service: 'app' });
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('the script of a package is the command of its service', async (t) => {
    const files = { 'package.json': '{"scripts":{"dev":"echo from the script; exec sleep 1000"}}' };
    const { status, out, folder } = await init(t, { files });
    assert.equal(status, 0);
    assert.match(out, /"app" runs: npm run dev/);
    const run = runOrderly(t, { cwd: folder, args: ['up', '--output', 'json'] });
    await run.event((event) => event.type === 'log' && event.text === 'from the script');
    run.signal('SIGTERM');
    await run.ended;
  });

  test('where orderly is installed editors are told where its keys are described', async (t) => {
    const { folder } = runOrderly(t, { args: ['schema'] });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(repositoryRoot(), join(folder, 'node_modules/orderlyd'));
    const { read } = await init(t, { cwd: folder });
    const [, path = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read('supervisor.yaml')) ?? [];
    const printed = await runOrderly(t, { args: ['schema'] }).ended;
    assert.deepEqual(JSON.parse(read(path)), JSON.parse(printed.stdout.join('\n')));
    assert.equal((await runOrderly(t, { cwd: folder, args: ['check'] }).ended).status, 0);
  });

  test('a package that can not be read is told, and left out', async (t) => {
    const { status, stderr, read } = await init(t, { files: { 'package.json': '{"scripts":' } });
    assert.equal(status, 0);
    assert.match(stderr.join('\n'), /Cannot read package\.json: .*; its scripts are left out/);
    assert.match(read('supervisor.yaml'), /exec tail/);
  });

  test('a configuration that is there is left as it is, under both names', async (t) => {
    for (const name of ['supervisor.yaml', 'supervisor.yml']) {
      const { status, out, read, folder } = await init(t, { files: { [name]: 'services: [' } });
      assert.equal(status, 0);
      assert.match(out, /is there already, and is left as it is/);
      assert.equal(read(name), 'services: [');
      assert.ok(!existsSync(join(folder, name === 'supervisor.yml' ? 'supervisor.yaml' : 'supervisor.yml')));
    }
  });

  test('below a folder that has one it says which one it takes the place of', async (t) => {
    const { folder } = await init(t, {});
    const cwd = join(folder, 'below');
    mkdirSync(cwd);
    const { out, status, read } = await init(t, { cwd });
    assert.equal(status, 0);
    assert.ok(out.includes(`takes the place of ${join(folder, 'supervisor.yaml')}`));
    assert.match(read('supervisor.yaml'), /^services:$/m);
  });

  test('--agents adds a section once, after what is there; without it that is told', async (t) => {
    const text = '# Agents\n\nBe kind.';
    const first = await init(t, { files: { 'AGENTS.md': text } });
    assert.match(first.out, /AGENTS\.md is here: "orderly init --agents"/);
    assert.equal(first.read('AGENTS.md'), text);
    const { folder: cwd } = first;
    const second = await init(t, { cwd }, '--agents');
    assert.match(second.out, /AGENTS\.md: added a section/);
    const added = second.read('AGENTS.md');
    assert.ok(added.startsWith(`${text}\n\n<!-- orderly -->\n`));
    const third = await init(t, { cwd }, '--agents');
    assert.match(third.out, /has its section about orderly already/);
    assert.equal(third.read('AGENTS.md'), added);
    assert.doesNotMatch((await init(t, { cwd })).out, /AGENTS/);
  });

  test('every command and option that the section tells of is there', async (t) => {
    const { read } = await init(t, {}, '--agents');
    const spans = [...read('AGENTS.md').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
    const commands = spans.flatMap((span) => /^orderly (\w+)/.exec(span)?.[1] ?? []);
    assert.ok(commands.length > 7);
    const help = async (command: string): Promise<string> => {
      const { status, stdout } = await runOrderly(t, { args: [command, '--help'] }).ended;
      assert.equal(status, 0, command);
      return stdout.join('\n');
    };
    for (const command of new Set(commands))
      assert.match(await help(command), new RegExp(`orderly ${command}`));
    const logs = await help('logs');
    for (const option of ['--tail', '--since', '--grep', '--json']) assert.ok(logs.includes(option), option);
    for (const command of ['restart', 'reload']) assert.match(await help(command), /--dry-run/);
  });

  test('what can not be written or read is told, with status 1 or 2', async (t) => {
    const { folder } = runOrderly(t, { args: ['--version'] });
    mkdirSync(join(folder, 'AGENTS.md'));
    const { status, stderr } = await init(t, { cwd: folder }, '--agents');
    assert.equal(status, 1);
    assert.match(stderr.join('\n'), /Cannot read ".*AGENTS\.md": it is a folder/);
    const other = runOrderly(t, { args: ['--version'] }).folder;
    mkdirSync(join(other, 'supervisor.yaml'));
    assert.equal((await init(t, { cwd: other })).status, 2);
  });

  test('a link that leads nowhere is not written through', async (t) => {
    const { folder } = runOrderly(t, { args: ['--version'] });
    symlinkSync('elsewhere.yaml', join(folder, 'supervisor.yaml'));
    const { status, stderr } = await init(t, { cwd: folder });
    assert.equal(status, 1);
    assert.match(stderr.join('\n'), /Cannot write ".*supervisor\.yaml": it is there already/);
    assert.ok(!existsSync(join(folder, 'elsewhere.yaml')));
  });
});
