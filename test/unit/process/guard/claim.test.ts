/**
 * What a claim says, and what of it counts after a crash at any byte.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  acceptedLine,
  cgroupLine,
  goneLine,
  headerLine,
  type Lease,
  parseClaim,
  RUNNING_LINE,
  secretLine,
  settledLine,
  spawnedLine,
} from '../../../../src/process/guard/claim.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const header = {
  project: 'file:/srv/shop/supervisor.yaml',
  since: '2026-01-01T00:00:00.000Z',
  file: '/a "b"\n',
};
const db: Lease = { pid: 11, startTicks: 100, leadsGroup: true, service: 'db', attempt: 1 };
const shell: Lease = { pid: 12, startTicks: 120, leadsGroup: false, service: 'shell', attempt: 2 };
const probe: Lease = { pid: 13, startTicks: 110, leadsGroup: true, service: '', attempt: 0 };

test('a claim gives back what was written', () => {
  const lines = [headerLine(header), RUNNING_LINE, secretLine('5ec'), cgroupLine('/sys/fs/c g')];
  const claim = parseClaim([...lines, ...[db, shell, probe].map(spawnedLine)].join(''));
  assert.deepEqual(claim, {
    header,
    running: true,
    leases: [db, shell, probe],
    requests: [],
    cgroup: '/sys/fs/c g',
    secret: '5ec',
    lastTicks: 120,
  });
});

test('what is gone is no lease any more; another start with the same pid still is', () => {
  const again = { ...db, startTicks: 900, attempt: 2 };
  const claim = parseClaim([spawnedLine(db), spawnedLine(again), goneLine(db)].join(''));
  assert.deepEqual(claim.leases, [again]);
});

test('CR-4 a request that was accepted is open until it is settled', () => {
  const restart = { request: 'my "r"\n1', kind: 'restart', names: ['db', 'api'] };
  const stop = { request: 'r2', kind: 'stop', names: [] };
  const lines = [acceptedLine(restart), acceptedLine(stop), settledLine('r2'), settledLine('r9')];
  assert.deepEqual(parseClaim(lines.join('')).requests, [restart]);
  assert.deepEqual(parseClaim([...lines, settledLine(restart.request)].join('')).requests, []);
  assert.deepEqual(parseClaim('> {"request":7}\n> null\n> [\n< {\n').requests, []);
});

test('G6: a line that a crash tore was not said, and no other is lost by it', () => {
  const lines = [headerLine(header), RUNNING_LINE, spawnedLine(db), goneLine(db), spawnedLine(shell)];
  const text = lines.join('');
  for (let length = 0; length <= text.length; length++) {
    const whole = text.slice(0, text.lastIndexOf('\n', length - 1) + 1);
    assert.deepEqual(parseClaim(text.slice(0, length)), parseClaim(length === 0 ? '' : whole));
  }
});

test('whatever a file says, reading it does not throw', () => {
  assertProperty(fc.property(fc.string({ unit: 'binary' }), (text) => void parseClaim(`${text}\n`)));
  assert.deepEqual(parseClaim('{"project":\n+ x\n? 1 2\n').header, undefined);
});
