/**
 * Many processes that want the same project at the same moment.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const CONTENDERS = 24;
const ROUNDS = 20;

interface Contender {
  readonly child: ChildProcess;
  say(line: string): void;
  hear(): Promise<string>;
}

function startContender(t: TestContext, folder: string): Contender {
  const program = fileURLToPath(new URL('../../support/contend.js', import.meta.url));
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    child,
    say: (line) => void child.stdin!.write(`${line}\n`),
    hear: async () => String((await lines.next()).value),
  };
}

test('G11: of 24 that want a project at once exactly one gets it, every time, and none after a kill keeps it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-contenders-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const all = Array.from({ length: CONTENDERS }, () => startContender(t, folder));
  for (const each of all) assert.equal(await each.hear(), 'here');
  for (let round = 0; round < ROUNDS; round++) {
    // The last round's winner is killed in every fourth: what it leaves must not be in the way.
    for (const each of all) each.say(`project ${round % 4 === 3 ? round - 1 : round}`);
    const results = await Promise.all(all.map((each) => each.hear()));
    const winners = all.filter((_, index) => results[index] === 'ours');
    assert.equal(winners.length, 1, results.join('\n'));
    const [winner] = winners;
    assert.ok(results.every((result) => result === 'ours' || /^taken by \d+$/.test(result)));
    if (round % 4 === 2) {
      winner!.child.kill('SIGKILL');
      await new Promise((resolve) => winner!.child.once('exit', resolve));
      all.splice(all.indexOf(winner!), 1);
    } else {
      winner!.say('end');
      assert.equal(await winner!.hear(), 'ended');
    }
  }
  const left = readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)));
  assert.equal(
    left.length,
    ROUNDS / 4,
    'the claims of those that were killed are left to the next run, no others',
  );
});
