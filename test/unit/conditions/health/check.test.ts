import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { now, sleep, taskGroup } from '../../../../src/concurrency/index.ts';
import { createHealthCheck } from '../../../../src/conditions/create-health-check.ts';
import type { HealthCheck } from '../../../../src/conditions/health/check.ts';
import { attemptOnce, type Outcome } from '../../../../src/conditions/probe/check.ts';
import type { ConditionKind } from '../../../../src/config/types.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { createFakePorts, type FakePorts } from '../../../support/fake-ports.ts';
import { condition, contextOf, inVirtualTime } from '../probing.ts';

const LIMIT_MS = 1000;

interface Scene {
  readonly check: HealthCheck;
  readonly ports: FakePorts;
  ask(): Promise<Outcome>;
}

/** A health check on virtual time; afterwards nothing of it may be left. */
function checking<T>(kind: ConditionKind, play: (scene: Scene) => Promise<T>): Promise<T> {
  return inVirtualTime(async () => {
    const ports = createFakePorts();
    const check = createHealthCheck(condition(kind), contextOf(ports));
    const result = await play({ check, ports, ask: () => attemptOnce(check, LIMIT_MS) });
    assert.equal(ports.network.underWay, 0, 'no attempt outlives its check');
    assert.equal(ports.commands.alive, 0, 'no command outlives its check');
    return result;
  });
}

const detail = (outcome: Outcome) => ('detail' in outcome ? outcome.detail : outcome.kind);
const exec = (script: string): ConditionKind => ({ kind: 'exec', command: { kind: 'shell', script } });
const tcp = (port: string): ConditionKind => ({ kind: 'tcp', host: 'h', port, owner: 'service' });
const several = (kind: 'all' | 'any', ...parts: readonly ConditionKind[]): ConditionKind => ({
  kind,
  of: parts.map((part) => condition(part)),
});
const say = (check: HealthCheck, text: string) => check.output('stdout', Buffer.from(text));

test('what is asked is asked anew each time', async () => {
  await checking(tcp('1'), async ({ ask, ports }) => {
    ports.network.answer('h:1', { kind: 'accept' });
    assert.equal((await ask()).kind, 'held');
    ports.network.answer('h:1', { kind: 'refuse' });
    assert.equal(detail(await ask()), 'tcp h:1: connection refused');
    ports.network.answer('h:1', { kind: 'accept', heldBy: 'process 7' });
    assert.equal(detail(await ask()), 'tcp h:1: held by process 7');
  });
});

test('what has no answer is cut at the limit', async () => {
  await checking(exec('hang'), async ({ ask, ports }) => {
    ports.commands.script('hang', { afterMs: Infinity, killMs: 50, stderr: 'waiting\n' });
    assert.equal(detail(await ask()), 'exec hang: had not ended within 1 s: waiting');
    assert.equal(now(), 1050);
  });
});

test('a command that could not be run says nothing about the service', async () => {
  await checking(exec('nothing'), async ({ ask }) => assert.equal((await ask()).kind, 'error'));
});

test('log: a line that matches counts once, for the check that follows it', async () => {
  await checking({ kind: 'log', pattern: '^tick' }, async ({ check, ask }) => {
    assert.equal(check.wantsOutput && check.listens, true);
    assert.equal(detail(await ask()), 'log /^tick/: no line matched since the last check');
    say(check, 'tick 1\ntick 2\n');
    assert.equal((await ask()).kind, 'held');
    assert.equal((await ask()).kind, 'not-yet');
    check.output('stderr', Buffer.from('\u001b[32mtick 3\u001b[0m\n'));
    assert.equal((await ask()).kind, 'held');
  });
});

test('log: the rest of a line that began while nobody looked is no line', async () => {
  await checking({ kind: 'log', pattern: '^tick' }, async ({ check, ask }) => {
    say(check, 'tick\nthis is no ');
    await ask();
    say(check, 'tick');
    say(check, '\n');
    assert.equal((await ask()).kind, 'not-yet');
    say(check, 'ti');
    say(check, 'ck\n');
    assert.equal((await ask()).kind, 'held');
    check.output('stdout', undefined);
    assert.equal((await ask()).kind, 'not-yet');
  });
});

test('log: a line that is not finished when the check is due counts as it is, once', async () => {
  await checking({ kind: 'log', pattern: '^tick' }, async ({ check, ask }) => {
    say(check, 'tick: ');
    assert.equal((await ask()).kind, 'held');
    assert.equal((await ask()).kind, 'not-yet');
    say(check, 'more\ntick');
    assert.equal((await ask()).kind, 'held');
    say(check, '\n');
    assert.equal((await ask()).kind, 'not-yet');
  });
});

test('log: it is the same however the output is chunked', async () => {
  const rounds = fc.array(
    fc.array(fc.constantFrom('ok\n', 'no\n', 'not ok\n', 'ok then\n'), { maxLength: 6 }),
    {
      minLength: 1,
      maxLength: 5,
    },
  );
  await assertAsyncProperty(
    fc.asyncProperty(rounds, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (texts, sizes) =>
      checking({ kind: 'log', pattern: '^ok' }, async ({ check, ask }) => {
        for (const lines of texts) {
          let rest = lines.join('');
          for (let at = 0; rest !== ''; at++) {
            const size = sizes[at % sizes.length]!;
            say(check, rest.slice(0, size));
            rest = rest.slice(size);
          }
          const outcome = await ask();
          assert.equal(
            outcome.kind === 'held',
            lines.some((line) => line.startsWith('ok')),
          );
        }
      }),
    ),
  );
});

test('what was written before the check is read before it is judged', async () => {
  await checking({ kind: 'log', pattern: 'tick' }, async ({ check, ask }) => {
    await taskGroup(async (group) => {
      group.startSoon(async () => {
        await sleep(5);
        say(check, 'tick\n');
      });
      assert.equal((await ask()).kind, 'held');
    });
  });
});

test('notify: any word of the program counts, and it is launched with that channel', async () => {
  await checking({ kind: 'notify', protocol: 'fd' }, async ({ check, ask }) => {
    assert.equal(check.channel, 'fd');
    assert.equal(check.wantsOutput, false);
    assert.equal(detail(await ask()), 'notify fd: no word over fd 3 since the last check');
    const words = [
      { kind: 'heartbeat' },
      { kind: 'status', text: 'x' },
      { kind: 'ready', values: {} },
    ] as const;
    for (const word of words) {
      check.notification(word);
      assert.equal((await ask()).kind, 'held', word.kind);
      assert.equal((await ask()).kind, 'not-yet', word.kind);
    }
  });
});

test('notify: what we say of it, and its word that it hangs, speak not for it', async () => {
  await checking({ kind: 'notify', protocol: 'systemd' }, async ({ check, ask }) => {
    check.notification({ kind: 'note', text: 'x' });
    check.notification({ kind: 'tripped' });
    assert.equal((await ask()).kind, 'not-yet');
    check.notification({ kind: 'closed' });
    assert.equal(
      detail(await ask()),
      'notify systemd: it has closed its channel, and can say nothing any more',
    );
  });
});

test('all: every part holds in one round, asked at the same time', async () => {
  await checking(several('all', tcp('1'), tcp('2')), async ({ ask, ports }) => {
    ports.network.answer('h:1', { kind: 'accept', afterMs: 700 });
    ports.network.answer('h:2', { kind: 'accept', afterMs: 800 });
    assert.deepEqual(await ask(), { kind: 'held', evidence: 'tcp h:1, tcp h:2' });
    assert.equal(now(), 800);
  });
});

test('all: the first part that fails ends the round, and the others with it', async () => {
  await checking(several('all', exec('slow'), tcp('1')), async ({ ask, ports }) => {
    ports.commands.script('slow', { afterMs: Infinity, killMs: 20 });
    ports.network.answer('h:1', { kind: 'refuse', afterMs: 100 });
    assert.equal(detail(await ask()), 'tcp h:1: connection refused');
    assert.equal(now(), 120);
  });
});

test('all: what is not answered in time is named', async () => {
  await checking(several('all', exec('slow'), tcp('1')), async ({ ask, ports }) => {
    ports.commands.script('slow', { afterMs: Infinity });
    ports.network.answer('h:1', { kind: 'accept' });
    assert.equal(detail(await ask()), 'all: no answer within 1 s: exec slow: had not ended');
  });
});

test('any: the first part that holds ends the round, and the others with it', async () => {
  await checking(several('any', exec('slow'), tcp('1')), async ({ ask, ports }) => {
    ports.commands.script('slow', { afterMs: Infinity, killMs: 20 });
    ports.network.answer('h:1', { kind: 'accept', afterMs: 100 });
    assert.deepEqual(await ask(), { kind: 'held', evidence: 'tcp h:1' });
    assert.equal(now(), 120);
  });
});

test('any: it fails when every part does, and says of each why', async () => {
  await checking(several('any', tcp('1'), { kind: 'file', path: 'x' }), async ({ ask }) => {
    assert.equal(detail(await ask()), 'tcp h:1: connection refused; file /srv/db/x: does not exist');
  });
});

test('a part that could not be asked decides nothing', async () => {
  const up = (ports: FakePorts) => ports.network.answer('h:1', { kind: 'accept' });
  await checking(several('all', exec('?'), tcp('1')), async ({ ask, ports }) => {
    up(ports);
    assert.equal((await ask()).kind, 'error');
  });
  await checking(several('all', exec('?'), tcp('1')), async ({ ask }) =>
    assert.equal((await ask()).kind, 'not-yet'),
  );
  await checking(several('any', exec('?'), tcp('1')), async ({ ask }) =>
    assert.equal((await ask()).kind, 'error'),
  );
  await checking(several('any', exec('?'), tcp('1')), async ({ ask, ports }) => {
    up(ports);
    assert.equal((await ask()).kind, 'held');
  });
});

test('groups hear for their parts, in groups too', async () => {
  const inner = several('any', { kind: 'notify', protocol: 'node' }, { kind: 'log', pattern: 'tick' });
  await checking(several('all', inner, { kind: 'file', path: '/x' }), async ({ check, ask, ports }) => {
    assert.deepEqual([check.channel, check.listens, check.wantsOutput], ['node', true, true]);
    ports.files.appear('/x');
    assert.equal((await ask()).kind, 'not-yet');
    say(check, 'tick\n');
    assert.equal((await ask()).kind, 'held');
    check.notification({ kind: 'heartbeat' });
    assert.equal((await ask()).kind, 'held');
    assert.equal((await ask()).kind, 'not-yet');
  });
});

test('a cancelled check ends when nothing of it is left', async () => {
  await checking(several('all', exec('slow'), tcp('1')), async ({ ask, ports }) => {
    ports.commands.script('slow', { afterMs: Infinity, killMs: 30 });
    ports.network.answer('h:1', { kind: 'silent' });
    await taskGroup(async (group) => {
      group.startSoon(ask);
      await sleep(500);
      group.cancel();
    });
    assert.equal(now(), 530);
  });
});
