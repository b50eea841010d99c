/**
 * What a client hears of whoever answers at a socket, however that ends.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { ask, follow, NoAnswerError, WrongQuestionError } from '../../../src/control/client/ask.ts';

/** A socket at which every client is answered so, once it has asked. */
async function answering(t: TestContext, answer: (client: Socket) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-ask-'));
  const path = join(folder, 's');
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', () => answer(client));
  });
  t.after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return path;
}

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

suite('asking at a socket', () => {
  test('CR-1 all that came before it broke off is heard, however late it is read', async (t) => {
    let client: Socket | undefined;
    const path = await answering(t, (asking) => {
      if (client !== undefined) return void asking.destroy();
      client = asking;
      asking.write(HEAD + chunk('one\ntwo\n'));
    });
    const heard: string[] = [];
    const reading = (async () => {
      for await (const line of follow(path, { method: 'GET', path: '/' })) {
        heard.push(line);
        if (line !== 'two') continue;
        const gone = new Promise((resolve) => client!.once('close', resolve));
        client!.write(chunk('three\n'), () => client!.destroy());
        await gone;
        // It has come by the time that a later answer has.
        await ask(path, { method: 'GET', path: '/' }).catch(() => undefined);
      }
    })();
    await assert.rejects(reading, (error) => error instanceof NoAnswerError);
    assert.deepEqual(heard, ['one', 'two', 'three']);
  });

  test('where nothing listens, or something else, that is told', async (t) => {
    const path = await answering(t, (client) => client.end('220 mail.example\r\n'));
    for (const [where, why] of [
      [`${path}.not`, /^it listens nowhere/],
      [path, /^what listens there is something else$/],
      [await answering(t, (client) => client.destroy()), /^it broke off in the middle$/],
    ] as const)
      await assert.rejects(ask(where, { method: 'GET', path: '/' }), (error) => {
        assert.ok(error instanceof NoAnswerError);
        assert.match(error.message, why);
        return true;
      });
  });

  test('a stream that was refused tells why', async (t) => {
    const body = '{"run":"x","error":{"code":"unknown-service","message":"there is no service"}}';
    const path = await answering(t, (client) =>
      client.end(`HTTP/1.1 404 Not Found\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
    );
    await assert.rejects(follow(path, { method: 'GET', path: '/' }).next(), (error) => {
      assert.ok(error instanceof WrongQuestionError && error.message === 'there is no service');
      return true;
    });
  });
});
