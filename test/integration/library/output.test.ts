/**
 * What the processes of a program's graph write, on a stdout that is read, that nobody reads any more, or that is read
 * slowly.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openWriter } from '../../../src/output/writers/open.ts';
import { exampleFolder } from '../../support/example-folder.ts';
import { programPath } from '../../support/programs.ts';
import { until } from '../../support/until.ts';

function runFlood(t: TestContext, who = 'process') {
  const mark = join(exampleFolder(t), 'mark');
  const child = spawn(process.execPath, [programPath('library/flood.mjs'), mark, who], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  return { child, mark, ended: once(child, 'exit') };
}

for (const who of ['process', 'function']) {
  test(`when nobody reads any more what a ${who} prints the graph goes down in order, clean-ups and all`, async (t) => {
    const { child, mark, ended } = runFlood(t, who);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await ended;
    assert.equal(code, 0);
    assert.equal(readFileSync(mark, 'utf8'), 'nobody reads the output any more');
  });
}

test('G7 G9 a reader that stops reading holds up nobody, and memory stays bounded', async (t) => {
  const { child, mark, ended } = runFlood(t);
  const rssMb = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
  await once(child.stdout, 'data');
  child.stdout.pause();
  const read = () => Number(/^rchar: (\d+)/m.exec(readFileSync(`/proc/${child.pid}/io`, 'utf8'))?.[1]);
  const before = read();
  // Five times as much as may be held, and more than that of what it would grow by.
  await until(() => read() - before > 40 * 1024 * 1024);
  assert.ok(rssMb() < 150, `${rssMb()} MB`);
  child.kill('SIGTERM');
  await ended;
  assert.equal(readFileSync(mark, 'utf8'), 'SIGTERM');
});

test('a writer that is closed lets go of its descriptor', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const nothing = () => undefined;
  const before = open();
  const { writer } = openWriter(1, { onDropped: nothing, onClosed: nothing, onTrouble: nothing });
  writer.close();
  writer.close();
  assert.equal(writer.write(Buffer.from('late\n')), false);
  await until(() => open() <= before);
});
