import assert from 'node:assert/strict';
import test from 'node:test';
import type { ConditionKind } from '../../../../src/config/types.ts';
import { badConfig, goodConfig, goodService, loadText, places } from '../load.ts';

const TIMING = { withinMs: 60_000, timeoutMs: 1_000, intervalMs: undefined, successes: 1 };
const INNER = { ...TIMING, withinMs: undefined };
const tcp = (host: string, port: string, owner: 'service' | 'any' = 'service') =>
  ({ kind: 'tcp', host, port, owner }) as const;
const get = (url: string) =>
  ({ kind: 'http', url, status: undefined, headers: {}, owner: 'service' }) as const;

const CONDITIONS: readonly (readonly [string, ConditionKind])[] = [
  ['tcp: 5432', { ...tcp('127.0.0.1', '5432'), orHost: '::1' }],
  ['tcp: "5432"', { ...tcp('127.0.0.1', '5432'), orHost: '::1' }],
  ['tcp: localhost:80', tcp('localhost', '80')],
  ['tcp: 10.0.0.1:65535', tcp('10.0.0.1', '65535')],
  ['tcp: "[::1]:80"', tcp('::1', '80')],
  ['tcp: 80, owner: any', { ...tcp('127.0.0.1', '80', 'any'), orHost: '::1' }],
  ['tcp: 127.0.0.1:80', tcp('127.0.0.1', '80')],
  ['http: "http://localhost:80/x?y"', get('http://localhost:80/x?y')],
  ['http: { url: "https://h/" }', get('https://h/')],
  [
    'http: { url: "http://h/", status: 204, headers: { X-A: b, Accept: "*/*" } }, owner: any',
    { kind: 'http', url: 'http://h/', status: 204, headers: { 'X-A': 'b', Accept: '*/*' }, owner: 'any' },
  ],
  ['http: { url: "https://h/", insecure: true }', { ...get('https://h/'), insecure: true }],
  ['http: { url: "https://h/", insecure: false }', get('https://h/')],
  ['http: { url: "http://h/", status: any }', { ...get('http://h/'), status: 'any' }],
  ['http: { url: "http://h/", status: [200, 404] }', { ...get('http://h/'), status: [200, 404] }],
  ['exec: check me', { kind: 'exec', command: { kind: 'shell', script: 'check me' } }],
  ['exec: [check, me]', { kind: 'exec', command: { kind: 'exec', argv: ['check', 'me'] } }],
  ["log: 'up (?<n>\\d)'", { kind: 'log', pattern: 'up (?<n>\\d)' }],
  ['log: { pattern: up }', { kind: 'log', pattern: 'up' }],
  ['log: { pattern: up, flags: i }', { kind: 'log', pattern: 'up', ignoreCase: true }],
  ['file: run/ready', { kind: 'file', path: '/shop/run/ready' }],
  ['file: /run/ready', { kind: 'file', path: '/run/ready' }],
  ['unix: run/s.sock', { kind: 'unix', path: '/shop/run/s.sock', owner: 'service' }],
  ['unix: /run/s.sock, owner: any', { kind: 'unix', path: '/run/s.sock', owner: 'any' }],
  ['notify: fd', { kind: 'notify', protocol: 'fd' }],
  ['notify: node', { kind: 'notify', protocol: 'node' }],
  ['notify: systemd', { kind: 'notify', protocol: 'systemd' }],
  ['delay: 2s', { kind: 'delay', delayMs: 2_000 }],
  [
    'all: [{ delay: 1s }, { log: a }]',
    {
      kind: 'all',
      of: [
        { kind: 'delay', delayMs: 1_000, ...INNER },
        { kind: 'log', pattern: 'a', ...INNER },
      ],
    },
  ],
  [
    'any: [{ delay: 1s, within: 5s }]',
    { kind: 'any', of: [{ kind: 'delay', delayMs: 1_000, ...INNER, withinMs: 5_000 }] },
  ],
];

for (const [line, wanted] of CONDITIONS) {
  test(`the condition { ${line} } is read`, async () => {
    assert.deepEqual((await goodService(`ready: { ${line} }`)).ready, { ...wanted, ...TIMING });
  });
}

test('the common keys of a condition are read', async () => {
  const { ready } = await goodService(
    'ready: { delay: 1s, within: 2m, timeout: 3s, interval: 1m1s, successes: 4 }',
  );
  assert.deepEqual(ready, {
    kind: 'delay',
    delayMs: 1_000,
    withinMs: 120_000,
    timeoutMs: 3_000,
    intervalMs: 61_000,
    successes: 4,
  });
});

const WRONG: readonly (readonly [string, string])[] = [
  ['{}', '"ready" of service "a" does not say what to wait for'],
  ['{ within: 5s }', '"ready" of service "a" does not say what to wait for'],
  ['{ tcp: 1, log: x }', '"ready" of service "a" has "tcp" and "log", but only one is possible'],
  ['5432', '"ready" of service "a" must be a map, but is the number 5432'],
  ['{ tcp: 0 }', '"ready.tcp" of service "a" cannot be "0": the port must be from 1 to 65535'],
  ['{ tcp: 65536 }', '"ready.tcp" of service "a" cannot be "65536": the port must be from 1 to 65535'],
  ['{ tcp: ":80" }', '"ready.tcp" of service "a" cannot be ":80": the host is missing'],
  ['{ tcp: "h:" }', '"ready.tcp" of service "a" cannot be "h:": the port must be from 1 to 65535'],
  ['{ tcp: "::1:80" }', '"ready.tcp" of service "a" cannot be "::1:80": it is neither a port nor host:port'],
  ['{ tcp: [80] }', '"ready.tcp" of service "a" must be a port or host:port, but is a list'],
  [
    '{ http: localhost }',
    '"ready.http" of service "a" cannot be "localhost": it does not start with http:// or https://',
  ],
  ['{ http: "http://:x" }', '"ready.http" of service "a" cannot be "http://:x": it is not a URL'],
  ['{ http: { status: 200 } }', '"ready.http" of service "a" has no "url"'],
  [
    '{ http: { url: "http://h", status: 99 } }',
    '"ready.http.status" of service "a" must be a whole number from 100 to 599, but is the number 99',
  ],
  ['{ log: "(" }', '"ready.log" of service "a" is not a regular expression: Unterminated group'],
  [
    '{ log: "x{9999}" }',
    '"ready.log" of service "a" cannot be used: it is too large once its counted repetitions are written out',
  ],
  ['{ log: { flags: i } }', '"ready.log" of service "a" has no "pattern"'],
  ['{ log: { pattern: x, flags: g } }', '"ready.log.flags" of service "a" must be "i", but is "g"'],
  ['{ log: "" }', '"ready.log" of service "a" cannot be "": it is empty'],
  ['{ notify: socket }', '"ready.notify" of service "a" must be "fd", "node" or "systemd", but is "socket"'],
  ['{ all: [] }', '"ready.all" of service "a" must be a list of conditions, but is empty'],
  ['{ all: { tcp: 1 } }', '"ready.all" of service "a" must be a list of conditions, but is a map'],
  ['{ any: [{ tcp: 1 }, {}] }', '"ready.any[1]" of service "a" does not say what to wait for'],
  ['{ log: x, owner: any }', '"owner" belongs to "tcp", "http" and "unix" only, not to "log"'],
  [
    '{ log: x, successes: 0 }',
    '"ready.successes" of service "a" must be a whole number, at least 1, but is the number 0',
  ],
  [
    '{ log: x, within: 0s }',
    '"ready.within" of service "a" must be "none" or a duration such as 250ms, 2s, 1m30s or 1h, longer than 0, but is "0s"',
  ],
  ['{ delay: 60s }', '"ready.delay" of service "a" is 1m, but it must be ready within 1m'],
  [
    '{ delay: 5 }',
    '"ready.delay" of service "a" must be a duration such as 250ms, 2s, 1m30s or 1h, but is the number 5',
  ],
];

for (const [condition, message] of WRONG) {
  test(`the condition ${condition} is refused with the reason`, async () => {
    const diagnostics = await badConfig(`services:\n  a:\n    command: x\n    ready: ${condition}\n`);
    assert.deepEqual(
      places(diagnostics).map((text) => text.replace(/^4:\d+ /, '')),
      [message],
    );
  });
}

test('a condition can have no deadline, at every place', async () => {
  const { ready } = await goodService('ready: { delay: 2m, within: none }');
  assert.equal(ready?.withinMs, undefined);
  const parts = await goodService('ready: { all: [{ delay: 1s, within: none }], within: none }');
  assert.ok(parts.ready?.kind === 'all');
  assert.deepEqual([parts.ready.withinMs, parts.ready.of[0]?.withinMs], [undefined, undefined]);
  const task = await goodService('type: task\nready: { log: x, within: none }');
  assert.equal(task.ready?.withinMs, undefined);
  const written = 'defaults: { ready: { delay: 1s, within: none } }\nservices:\n  a: { command: x }\n';
  assert.equal((await goodConfig(written)).services[0]?.ready?.withinMs, undefined);
});

for (const [status, wanted] of [
  ['[]', '3:30 "ready.http.status" of service "a" must be a list of statuses, but is empty'],
  ['[200, 99]', '3:36 "ready.http.status[1]" of service "a" must be'],
  ['all', '3:30 "ready.http.status" of service "a" must be'],
] as const) {
  test(`a status can not be ${status}`, async () => {
    const text = `services:\n  a:\n    ready: { http: { status: ${status}, url: "http://h/" } }\n    command: x\n`;
    const [told = ''] = places(await badConfig(text));
    assert.ok(told.startsWith(wanted), told);
  });
}

test('a pattern between slashes is warned of, with what to write', async () => {
  for (const [written, remedy] of [
    ['/ready/', 'Write "ready"'],
    ['/ready/i', 'Write { pattern: "ready", flags: i }'],
  ] as const) {
    const loaded = await loadText(`services: { a: { command: x, ready: { log: ${written} } } }`);
    assert.ok(loaded.ok);
    assert.deepEqual(
      loaded.warnings.map(({ severity, message, hint }) => [severity, message, hint]),
      [['warning', '"ready.log" of service "a" looks for the slashes around it as well', remedy]],
    );
  }
  assert.ok((await goodService('ready: { log: /var/log is there }')).ready);
});
