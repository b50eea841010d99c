import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tooFewDescriptors } from '../../../src/preflight/preflight.ts';
import { sampleService } from '../../support/sample-config.ts';

const services = (count: number) => Array.from({ length: count }, (_, index) => sampleService(`s${index}`));
const timing = { withinMs: 1, timeoutMs: 1, intervalMs: undefined, successes: 1 };
const notify = { kind: 'notify', protocol: 'fd', ...timing } as const;

test('a limit is enough for as many services as doctor says', () => {
  assert.equal(tooFewDescriptors(services(18), 100), undefined);
  assert.match(
    tooFewDescriptors(services(19), 100) ?? '',
    /^Cannot start 19 services: that needs about 102 open/,
  );
});

test('a notify channel takes one more, also inside of all and any, for readiness and health', () => {
  const inside = { kind: 'all', of: [{ kind: 'any', of: [notify], ...timing }], ...timing } as const;
  for (const ready of [notify, inside]) {
    assert.match(
      tooFewDescriptors([sampleService('a', { ready })], 66) ?? '',
      /^Cannot start 1 service: .* 67 open/,
    );
  }
  const health = { intervalMs: 1, timeoutMs: 1, failures: 1, successes: 1, onFailure: 'report' } as const;
  const heard = sampleService('a', { ready: notify, health: { condition: inside, ...health } });
  assert.match(tooFewDescriptors([heard], 66) ?? '', / 67 open/);
  assert.match(tooFewDescriptors([{ ...heard, ready: undefined }], 66) ?? '', / 67 open/);
});

test('so does the one of a watchdog, unless readiness has it already, or output is all that it hears', () => {
  const need = (source: 'fd' | 'log', ready?: typeof notify) => {
    const watchdog = { withinMs: 1000, source, onFailure: 'restart' } as const;
    const text = tooFewDescriptors([sampleService('a', { watchdog, ready })], 1) ?? '';
    return Number(/about (\d+) open/.exec(text)?.[1]);
  };
  assert.deepEqual([need('log'), need('fd'), need('fd', notify), need('log', notify)], [66, 67, 67, 67]);
});

test('tasks share what is kept for orderly itself', () => {
  const tasks = services(500).map((spec) => ({ ...spec, type: 'task' as const }));
  assert.equal(tooFewDescriptors(tasks, 64), undefined);
});

test('a limit that is not known, or none at all, is enough', () => {
  assert.equal(tooFewDescriptors(services(500), undefined), undefined);
  assert.equal(tooFewDescriptors(services(500), Number.POSITIVE_INFINITY), undefined);
});

test('a log file takes one more, unless the service writes to it itself', () => {
  const logging = (direct: boolean) => {
    const file = { path: '/a.log', maxBytes: 1000, keep: 1, direct };
    return tooFewDescriptors([sampleService('a', { log: { prefix: true, file } })], 66);
  };
  assert.match(logging(false) ?? '', /about 67 open files/);
  assert.equal(logging(true), undefined);
});
