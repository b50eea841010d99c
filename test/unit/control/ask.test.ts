/**
 * What a client hears of whoever answers at a socket, however that ends.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import {
  ask,
  follow,
  type Listener,
  NoAnswerError,
  WrongQuestionError,
} from '../../../src/control/client/ask.ts';

interface Place {
  readonly path: string;
  readonly server: Server;
}

/** Where every client will be answered so, once it has asked. */
function place(t: TestContext, answer: (client: Socket) => void): Place {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-ask-'));
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', () => answer(client));
  });
  t.after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { path: join(folder, 's'), server };
}

async function listening({ path, server }: Place): Promise<void> {
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

/** Of a run that has been there for long. */
async function answering(t: TestContext, answer: (client: Socket) => void): Promise<Listener> {
  const there = place(t, answer);
  await listening(there);
  return { socket: there.path, since: LONG_AGO };
}

const LONG_AGO = new Date(0).toISOString();

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

suite('asking at a socket', () => {
  test('CR-1 all that came before it broke off is heard, however late it is read', async (t) => {
    let client: Socket | undefined;
    const run = await answering(t, (asking) => {
      if (client !== undefined) return void asking.destroy();
      client = asking;
      asking.write(HEAD + chunk('one\ntwo\n'));
    });
    const heard: string[] = [];
    const reading = (async () => {
      for await (const line of follow(run, { method: 'GET', path: '/' })) {
        heard.push(line);
        if (line !== 'two') continue;
        const gone = new Promise((resolve) => client!.once('close', resolve));
        client!.write(chunk('three\n'), () => client!.destroy());
        await gone;
        // It has come by the time that a later answer has.
        await ask(run, { method: 'GET', path: '/' }).catch(() => undefined);
      }
    })();
    await assert.rejects(reading, (error) => error instanceof NoAnswerError);
    assert.deepEqual(heard, ['one', 'two', 'three']);
  });

  test('where nothing listens, or something else, that is told', async (t) => {
    const run = await answering(t, (client) => client.end('220 mail.example\r\n'));
    for (const [where, why] of [
      [{ ...run, socket: `${run.socket}.not` }, /^it listens nowhere/],
      [run, /^what listens there is something else$/],
      [await answering(t, (client) => client.destroy()), /^it broke off in the middle$/],
    ] as const)
      await assert.rejects(ask(where, { method: 'GET', path: '/' }), (error) => {
        assert.ok(error instanceof NoAnswerError);
        assert.match(error.message, why);
        return true;
      });
  });

  test('a run that has just begun is asked as soon as it listens; one that never does, not for ever', async (t) => {
    const there = place(t, (client) => client.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nso'));
    const run = { socket: there.path, since: new Date().toISOString() };
    const answer = ask(run, { method: 'GET', path: '/' });
    // What asked before this has failed by then.
    await new Promise((resolve) => connect(there.path).on('error', resolve));
    await listening(there);
    assert.deepEqual(await answer, { status: 200, text: 'so' });
    const since = new Date(Date.now() - 1_900).toISOString();
    const never = { socket: `${run.socket}.not`, since };
    await assert.rejects(ask(never, { method: 'GET', path: '/' }), /^NoAnswerError: it listens nowhere/);
    assert.ok(Date.now() - Date.parse(since) >= 2_000);
    const fromTomorrow = { ...never, since: new Date(Date.now() + 86_400_000).toISOString() };
    await assert.rejects(
      ask(fromTomorrow, { method: 'GET', path: '/' }),
      /^NoAnswerError: it listens nowhere/,
    );
  });

  test('a stream that was refused tells why', async (t) => {
    const body = '{"run":"x","error":{"code":"unknown-service","message":"there is no service"}}';
    const run = await answering(t, (client) =>
      client.end(`HTTP/1.1 404 Not Found\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
    );
    await assert.rejects(follow(run, { method: 'GET', path: '/' }).next(), (error) => {
      assert.ok(error instanceof WrongQuestionError && error.message === 'there is no service');
      return true;
    });
  });
});
