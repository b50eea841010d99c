import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { QUEUE_CAP_BYTES } from '../../../../src/output/writers/bounded-writer.ts';

const program = fileURLToPath(new URL('./programs/flood-terminal.js', import.meta.url));
const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false;

test('G7, G9: a terminal that stands still never blocks, holds no more than the cap, and accounts for every line', {
  skip: hasScript ? false : 'needs util-linux script',
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderly-tty-'));
  const server = createServer();
  server.listen(join(dir, 'socket'));
  const command = `${JSON.stringify(process.execPath)} ${JSON.stringify(program)} ${JSON.stringify(join(dir, 'socket'))}`;
  // Nobody reads what `script` passes on, so its pipe fills, then its terminal.
  const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    const said = createInterface(socket)[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await said.next()).value);
    const stalled = await next();
    assert.deepEqual([stalled.isTty, stalled.shared, stalled.full], [true, true, true]);
    assert.ok(stalled.pending <= QUEUE_CAP_BYTES);

    const received: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => void received.push(chunk));
    socket.write('go on\n');
    const told = await next();
    await once(child, 'close');

    const lines = Buffer.concat(received).toString().split('\r\n').slice(0, -1);
    assert.equal(lines.pop(), 'the last');
    for (const line of lines) assert.match(line, /^\d{6}x{92}$/, 'no line is torn');
    assert.equal(lines.length + told.dropped, 200_000, 'what did not arrive was counted');
    assert.equal(told.closed, 0);
  } finally {
    child.kill('SIGKILL');
    server.close();
    rmSync(dir, { recursive: true });
  }
});
