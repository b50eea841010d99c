/**
 * Who is answered at the TCP listener: whoever knows the token and means this machine. Nobody else learns anything, and
 * all are bounded.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { Picture } from '../../../../src/control/picture/picture.ts';
import type { Controlled } from '../../../../src/control/server/controlled.ts';
import { serveTcp, type TcpServer } from '../../../../src/control/server/tcp/serve-tcp.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { exchange } from '../../../support/control-client.ts';

const TOKEN = 'the-token-of-this-run-0123456789';
const SECRET = 'r-of-which-nobody-shall-hear';
const SILENT_MS = 50;

interface Listener {
  readonly server: TcpServer;
  readonly port: number;
  /** Each line of a head after its first, without the end. */
  say(request: string, ...headers: readonly string[]): Promise<string>;
}

async function served(t: TestContext, silentMs?: number, run: Partial<Controlled> = {}): Promise<Listener> {
  const picture = new Picture();
  const started = {
    type: 'run.started',
    name: 'n',
    services: ['hidden-db'],
    dependencies: {},
    pid: 1,
  } as const;
  picture.apply({ seq: 1, time: '', ms: 0, ...started });
  const controlled = { run: SECRET, picture, nowMs: () => 0, ...run } as unknown as Controlled;
  const server = await serveTcp({ host: '127.0.0.1', port: 0 }, controlled, TOKEN, {
    ...(silentMs !== undefined && { silentMs }),
  });
  t.after(() => server.close(0));
  const { address } = server;
  return {
    server,
    port: address.port,
    say: (request, ...headers) => exchange(address, `${[request, ...headers].join('\r\n')}\r\n\r\n`),
  };
}

const bearer = `Authorization: Bearer ${TOKEN}`;

/** The status, having made sure that nothing is told that whoever has no token should not hear. */
function toldNothing(answer: string): string {
  assert.doesNotMatch(answer, /hidden-db|r-of-which|access-control/i, answer);
  return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'cut off';
}

suite('the TCP listener', { timeout: 30_000 }, () => {
  test('G9: without the token, or with another one, there is nothing but a refusal that says where it is', async (t) => {
    const { server, port, say } = await served(t);
    server.begin();
    const host = `Host: 127.0.0.1:${port}`;
    assert.match(await say('GET /v1/services HTTP/1.1', host, bearer), /^HTTP\/1\.1 200 .*hidden-db/s);
    assert.match(await say('GET /v1/services HTTP/1.1', host, bearer.replace('B', 'b')), /^HTTP\/1\.1 200 /);
    for (const given of [
      [],
      ['Authorization:'],
      ['Authorization: Bearer'],
      [`${bearer}x`],
      [bearer.slice(0, -1)],
      [bearer.toUpperCase()],
      [`Authorization: Basic ${TOKEN}`],
      [`Authorization: ${TOKEN}`],
      [`Authorization: Bearer Bearer ${TOKEN}`],
      [`Authorization: Bearer ${'x'.repeat(10_000)}`],
      ['Authorization: Bearer \u00ff\u0000'.replace('\u0000', '')],
      [`X-Authorization: Bearer ${TOKEN}`],
      [`Cookie: token=${TOKEN}`],
      // Of two none counts.
      ['Authorization: Bearer x', bearer],
      [bearer, 'Authorization: Bearer x'],
    ])
      for (const request of [
        'GET /v1/services HTTP/1.1',
        'GET /metrics HTTP/1.1',
        'GET /nothing/there HTTP/1.1',
        `GET /v1/services?token=${TOKEN} HTTP/1.1`,
        'OPTIONS /v1/services HTTP/1.1',
        'OPTIONS * HTTP/1.1',
        'HEAD /livez HTTP/1.1',
        'POST /livez HTTP/1.1',
        'GET /livez/ HTTP/1.1',
        'GET //livez HTTP/1.1',
        `GET http://localhost:${port}/v1/run HTTP/1.1`,
      ]) {
        const answer = await say(request, host, ...given);
        assert.equal(toldNothing(answer), '401', `${request} ${given}`);
        assert.match(answer, /www-authenticate: Bearer\r\n/);
      }
  });

  test('G9: probes need no token, and tell whoever has none only yes or no', async (t) => {
    const { server, port, say } = await served(t);
    server.begin();
    const host = `Host: localhost:${port}`;
    assert.match(await say('GET /livez HTTP/1.1', host), /^HTTP\/1\.1 200 .*\r\nok\n$/s);
    assert.match(await say('GET /readyz HTTP/1.1', host), /^HTTP\/1\.1 503 .*\r\nnot ready\n$/s);
    assert.match(await say('GET /readyz HTTP/1.1', host, bearer), /\r\nnot ready: hidden-db\n$/);
  });

  test('G9: a name that somebody else lets lead here, and a page of another origin, get nothing, token or not', async (t) => {
    const { server, port, say } = await served(t);
    server.begin();
    const own = `127.0.0.1:${port}`;
    const ok = await say('GET /v1/services HTTP/1.1', `Host: ${own}`, bearer, `Origin: http://${own}`);
    assert.match(ok, /^HTTP\/1\.1 200 /);
    assert.doesNotMatch(ok, /access-control/i);
    for (const path of ['/v1/services', '/livez', '/readyz', '/metrics']) {
      for (const host of ['evil.example', `evil.example:${port}`, `127.0.0.1:${port + 1}`, '127.0.0.1', ''])
        assert.equal(toldNothing(await say(`GET ${path} HTTP/1.1`, `Host: ${host}`, bearer)), '403', host);
      for (const origin of [
        ...['null', '', 'http://evil.example', `http://evil.example:${port}`, `https://${own}`],
        ...[`http://localhost:${port}`, `http://127.0.0.1:${port + 1}`, 'http://127.0.0.1', `http://${own}/`],
      ])
        for (const method of ['GET', 'POST', 'OPTIONS'])
          assert.equal(
            toldNothing(await say(`${method} ${path} HTTP/1.1`, `Host: ${own}`, bearer, `Origin: ${origin}`)),
            '403',
            `${method} ${origin}`,
          );
      const twice = await say(`GET ${path} HTTP/1.1`, `Host: ${own}`, 'Host: evil.example', bearer);
      assert.ok(['400', '403'].includes(toldNothing(twice)), twice);
      const two = [`Origin: http://${own}`, 'Origin: http://evil.example'];
      assert.equal(toldNothing(await say(`GET ${path} HTTP/1.1`, `Host: ${own}`, bearer, ...two)), '403');
      const whole = `GET http://evil.example${path} HTTP/1.1`;
      assert.equal(toldNothing(await say(whole, `Host: ${own}`, bearer)), '403');
      assert.equal(toldNothing(await say(`GET ${path} HTTP/1.0`, bearer)), '403');
    }
    const preflight = [
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: authorization',
    ];
    const asked = await say(
      'OPTIONS /v1/requests HTTP/1.1',
      `Host: ${own}`,
      'Origin: http://e',
      ...preflight,
    );
    assert.equal(toldNothing(asked), '403');
    assert.match(await say('OPTIONS /v1/run HTTP/1.1', `Host: ${own}`, bearer), /^HTTP\/1\.1 405 /);
  });

  test('G9: garbage and half requests end as at the socket, and name no run', async (t) => {
    const { server, say, port } = await served(t, SILENT_MS);
    server.begin();
    assert.equal(toldNothing(await say('\u0000\u0001 garbage')), '400');
    assert.equal(toldNothing(await say('GET / HTTP/1.1', `X: ${'x'.repeat(100_000)}`)), '400');
    assert.equal(toldNothing(await say('GET / HTTP/1.1')), '400', 'HTTP/1.1 without any host');
    for (const half of ['', 'G', `POST /v1/plan HTTP/1.1\r\nHost: localhost:${port}\r\n${bearer}\r\n`]) {
      const client = connect(server.address);
      client.write(half);
      await once(client.resume(), 'close');
    }
  });

  test('G9: of what has no token the body is not read, however long it is', async (t) => {
    const { server, port } = await served(t);
    server.begin();
    const client = connect(server.address);
    const head = `POST /v1/requests HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 1000000000\r\n\r\n`;
    let answer = '';
    client.on('error', () => undefined).setEncoding('utf8');
    client.on('data', (part: string) => {
      answer += part;
    });
    client.write(`${head}{"kind"`);
    await once(client, 'close');
    assert.equal(toldNothing(answer), '401');
  });

  test('G9: whatever bytes come without the token, nothing is told, and whoever has it is served after that', async (t) => {
    const { server, port, say } = await served(t, SILENT_MS);
    server.begin();
    const part = fc.constantFrom(
      ...[
        'GET',
        'POST',
        'OPTIONS',
        'CONNECT',
        ' ',
        '/v1/services',
        '/metrics',
        '/readyz',
        '*',
        'http://',
        'HTTP/1.1',
      ],
      ...[
        '\r\n',
        '\r\n\r\n',
        '\n',
        '\r',
        `Host: localhost:${port}`,
        'Host: x',
        'Authorization: Bearer ',
        'Bearer',
      ],
      ...['Origin: null', 'Connection: Upgrade', 'Upgrade: websocket', 'Expect: 100-continue', 'Cookie: a=b'],
      ...[
        'Transfer-Encoding: chunked',
        'Content-Length: 3',
        '0',
        'ffffffff',
        ': ',
        '\t',
        '\0',
        '{}',
        TOKEN.slice(1),
      ],
    );
    const whole = fc
      .array(part, { maxLength: 6 })
      .map((parts) => `GET /v1/services HTTP/1.1\r\nHost: localhost:${port}\r\n${parts.join('')}\r\n\r\n`);
    const bytes = fc.oneof(
      fc.array(part, { maxLength: 20 }).map((parts) => parts.join('')),
      whole,
    );
    const statuses = new Set<string>();
    await assertAsyncProperty(
      fc.asyncProperty(bytes, async (text) => {
        statuses.add(toldNothing(await exchange(server.address, text)));
      }),
      { numRuns: 400, interruptAfterTimeLimit: 4_000 },
    );
    assert.ok(statuses.has('401') && statuses.has('400'), [...statuses].join());
    const good = await say('GET /v1/services HTTP/1.1', `Host: localhost:${port}`, bearer);
    assert.match(good, /^HTTP\/1\.1 200 /);
  });

  test('each of several requests on one connection must have the token', async (t) => {
    const { server, port, say } = await served(t);
    server.begin();
    const first = `GET /v1/run HTTP/1.1\r\nHost: localhost:${port}\r\n\r\nGET /v1/services HTTP/1.1`;
    const answers = await say(first, `Host: localhost:${port}`, bearer);
    assert.equal(toldNothing(answers), '401');
  });

  test('whoever comes before the run begins waits, and is answered then', async (t) => {
    const { server, port, say } = await served(t);
    let isAnswered = false;
    const asked = say('GET /readyz HTTP/1.1', `Host: localhost:${port}`).finally(() => {
      isAnswered = true;
    });
    // In the same loop another listener answers twice, to who has come later.
    const other = await served(t);
    other.server.begin();
    for (let count = 0; count < 2; count++)
      assert.match(await other.say('GET /livez HTTP/1.1', `Host: localhost:${other.port}`), /200 OK/);
    assert.equal(isAnswered, false);
    server.begin();
    assert.match(await asked, /^HTTP\/1\.1 503 /);
  });

  test('two listeners at one port: the second one is told', async (t) => {
    const { port } = await served(t);
    await assert.rejects(serveTcp({ host: '127.0.0.1', port }, {} as Controlled, TOKEN), {
      code: 'EADDRINUSE',
    });
  });
});
