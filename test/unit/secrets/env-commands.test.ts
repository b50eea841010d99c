/**
 * Commands that print variables: each run once, within its limits, on a virtual clock, with scripted ends.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { VirtualClock, withClock } from '../../../src/concurrency/index.ts';
import type { EnvCommand } from '../../../src/config/env-from-types.ts';
import type { ServiceConfig } from '../../../src/config/types.ts';
import { EnvCommands } from '../../../src/secrets/env-commands.ts';
import { Secrets } from '../../../src/secrets/secrets.ts';
import { createFakeCommands, type FakeCommands, type FakeRun } from '../../support/fake-commands.ts';

interface Lab {
  readonly clock: VirtualClock;
  readonly commands: FakeCommands;
  readonly env: EnvCommands;
  readonly secrets: Secrets;
  readonly told: readonly string[];
  /** A service with these commands. */
  service(name: string, ...scripts: readonly string[]): ServiceConfig;
  /** What stands against it, a line each. */
  get(specs: readonly ServiceConfig[], anew?: boolean): Promise<readonly string[] | undefined>;
}

function inLab(body: (lab: Lab) => Promise<void>): Promise<void> {
  const clock = new VirtualClock();
  return withClock(clock, async () => {
    const commands = createFakeCommands();
    const told: string[] = [];
    const secrets = new Secrets({ looksSecret: () => false, known: new Set() });
    const ports = {
      clock,
      commands,
      env: { PATH: '/bin', GONE: undefined },
      tell: (text: string) => void told.push(text),
    };
    const env = new EnvCommands(ports, secrets);
    const commandOf = (script: string): EnvCommand => ({
      ...{ command: { kind: 'shell', script }, cwd: '/shop', withinMs: 10_000, path: ['env_from', script] },
    });
    await body({
      ...{ clock, commands, env, secrets, told },
      service: (name, ...scripts) =>
        ({ name, envFrom: { commands: scripts.map(commandOf), over: [] } }) as unknown as ServiceConfig,
      async get(specs, anew) {
        const problems = await env.get(specs, anew);
        return problems?.map(({ path, message }) => `${path.join('.')}: ${message}`);
      },
    });
  });
}

const printing = (stdout: string): FakeRun => ({ stdout });

suite('commands that print variables', () => {
  test('are run once, however many services name them, and later ones count', () =>
    inLab(async ({ commands, service, get, env }) => {
      commands.script('one', printing('A=1\nB=1\n'));
      commands.script('two', printing("B='2 $HOME'\n"));
      const [a, b] = [service('a', 'one'), service('b', 'one', 'two')];
      assert.deepEqual(await get([a, b]), []);
      assert.deepEqual(
        commands.records.map(({ text }) => text),
        ['one', 'two'],
      );
      assert.deepEqual(Object.fromEntries(env.printedFor(a)!), { A: '1', B: '1' });
      assert.deepEqual(Object.fromEntries(env.printedFor(b)!), { A: '1', B: '2 $HOME' });
      assert.deepEqual(commands.records[0]?.command.env, { PATH: '/bin' });
      assert.deepEqual(commands.records[0]?.command.cwd, '/shop');
    }));

  test('are not run again for what is started later, and are for what is read again', () =>
    inLab(async ({ commands, service, get, env }) => {
      commands.script('one', printing('A=old'), printing('A=old'), printing('A=new'));
      const a = service('a', 'one');
      await get([a]);
      await get([a, service('b', 'one')]);
      assert.equal(commands.records.length, 1);
      const same = service('a', 'one');
      await get([same], true);
      assert.equal(env.revised(same), same);
      const other = service('a', 'one');
      await get([other], true);
      assert.equal(env.revised(other).envFrom?.revision, 1);
      assert.equal(env.printedFor(env.revised(other))?.get('A'), 'new');
      assert.equal(env.printedFor(a)?.get('A'), 'old');
    }));

  test('are run once for those who ask at the same time', () =>
    inLab(async ({ commands, service, get }) => {
      commands.script('one', { stdout: 'A=1', afterMs: 1_000 });
      const a = service('a', 'one');
      assert.deepEqual(await Promise.all([get([a]), get([a])]), [[], []]);
      assert.equal(commands.records.length, 1);
    }));

  test('of what nobody asked for nothing is known', () =>
    inLab(async ({ env, service }) => {
      assert.equal(env.printedFor(service('a', 'one')), undefined);
    }));

  test('whatever one of them prints is taken only if all went well', () =>
    inLab(async ({ commands, service, get, env, secrets }) => {
      commands.script('good', printing('A=sesame'));
      commands.script('bad', { stderr: 'sign in\nfirst!\n', end: { kind: 'code', code: 3 } });
      commands.script('worse', printing('A=1\nsesame sesame\nB=`x`'));
      const a = service('a', 'good', 'bad', 'worse');
      assert.deepEqual(await get([a]), [
        'env_from.bad: Cannot get variables from "bad": it exited with code 3; it wrote last: first!',
        'env_from.worse: Cannot read line 2 of what "worse" printed: it is not KEY=VALUE, and 1 more like it',
      ]);
      assert.equal(env.printedFor(a), undefined);
      assert.equal(secrets.text('sesame'), 'sesame');
    }));

  test('say on stderr what is for people, of very much the beginning', () =>
    inLab(async ({ commands, service, get, told }) => {
      const lines = Array.from({ length: 60 }, (_, at) => `\x1b[1mline ${at}\x1b[0m\n\n`).join('');
      commands.script('one', { stderr: lines, stdout: 'A=1' });
      await get([service('a', 'one')]);
      assert.equal(told.length, 51);
      assert.deepEqual([told[0], told[50]], ['one: line 0', 'one: … (it wrote more, which is left out)']);
    }));

  test('that take a while are told of once', () =>
    inLab(async ({ commands, service, get, told }) => {
      commands.script('one', { stdout: 'A=1', afterMs: 5_000 });
      await get([service('a', 'one')]);
      assert.deepEqual(told, ['waiting for the variables of one, for 10 s at most']);
    }));

  const WRONG: readonly (readonly [run: FakeRun, message: string])[] = [
    [
      { afterMs: Number.POSITIVE_INFINITY },
      'Cannot get variables from "one": it did not end within 10 s, and was killed',
    ],
    [
      { afterMs: Number.POSITIVE_INFINITY, killMs: Number.POSITIVE_INFINITY },
      'Cannot get variables from "one": it did not end within 10 s, and was killed',
    ],
    [
      { stdout: `A=${'x'.repeat(1024 * 1024)}`, afterMs: Number.POSITIVE_INFINITY },
      'Cannot get variables from "one": it printed more than 1 MiB, and was killed',
    ],
    [
      { end: { kind: 'signal', signal: 'SIGSEGV' } },
      'Cannot get variables from "one": it was killed by SIGSEGV',
    ],
    [
      { end: { kind: 'failed', message: '"op" is not on the PATH' } },
      'Cannot get variables from "one": "op" is not on the PATH',
    ],
    [{ stdout: 'A=1\nB="x' }, 'Cannot read line 2 of what "one" printed: its closing " is missing'],
    [{ stdout: 'A=1\n\0' }, 'Cannot read line 2 of what "one" printed: there is a NUL character'],
    [{ stdout: '{"A": "sesame"}' }, 'Cannot read line 1 of what "one" printed: it is not KEY=VALUE'],
  ];
  for (const [run, message] of WRONG)
    test(`that do this stand against the start: ${JSON.stringify(run).slice(0, 80)}`, () =>
      inLab(async ({ clock, commands, service, get }) => {
        commands.script('one', run);
        assert.deepEqual(await get([service('a', 'one')]), [`env_from.one: ${message}`]);
        assert.ok(clock.now() <= 10_250, `${clock.now()} ms`);
      }));

  test('are cut by the end of the run, and none is run after it', () =>
    inLab(async ({ clock, commands, service, get, env }) => {
      commands.script('one', { afterMs: Number.POSITIVE_INFINITY });
      clock.at(clock.now() + 1_000, () => env.close());
      assert.equal(await get([service('a', 'one')]), undefined);
      assert.ok(clock.now() <= 1_250);
      assert.equal(commands.alive, 0);
      assert.equal(await get([service('a', 'one')]), undefined);
    }));
});
