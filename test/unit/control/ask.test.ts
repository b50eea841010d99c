/**
 * What a client hears of whoever answers at a socket, however that ends.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { createClientWorld } from '../../../src/client.ts';
import {
  ask,
  follow,
  type Listener,
  NoAnswerError,
  WrongQuestionError,
} from '../../../src/control/client/ask.ts';
import { RUN } from '../../support/fake-client.ts';

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

async function answering(t: TestContext, answer: (client: Socket) => void): Promise<Listener> {
  const there = place(t, answer);
  await listening(there);
  return { socket: there.path, client: 'test', mayListenBy: async () => false };
}

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

  test('a run that has just begun is asked as soon as it listens', async (t) => {
    const there = place(t, (client) => client.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nso'));
    let tries = 0;
    const mayListenBy = async (): Promise<boolean> => {
      tries += 1;
      if (tries === 2) await listening(there);
      return true;
    };
    const answer = await ask(
      { socket: there.path, client: 'test', mayListenBy },
      { method: 'GET', path: '/' },
    );
    assert.deepEqual([answer, tries], [{ status: 200, text: 'so' }, 2]);
  });

  test('one that never listens is not waited for when it is older than two seconds, or of tomorrow', async (t) => {
    const world = createClientWorld({ print: () => undefined, complain: () => undefined });
    const run = { ...RUN, socket: place(t, () => undefined).path };
    for (const ageMs of [1_900, 10_000, -86_400_000]) {
      const since = new Date(Date.now() - ageMs).toISOString();
      const asked = world.ask({ ...run, since }, { method: 'GET', path: '/' });
      await assert.rejects(asked, /^NoAnswerError: it listens nowhere/);
      if (ageMs > 0) assert.ok(Date.now() - Date.parse(since) >= 2_000);
    }
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
