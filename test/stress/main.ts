/**
 * `npm run stress [-- --times 10 --hogs 2]`: the whole suite again and again beside processes that use the processors up.
 *
 * A test that fails here by chance is a fault, of the product or of the test. What each run wrote is in `build/stress`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { repositoryRoot } from '../support/repository-root.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '10' }, hogs: { type: 'string', default: '2' } },
});
const folder = join(repositoryRoot(), 'build', 'stress');
mkdirSync(folder, { recursive: true });

const hogs = Array.from({ length: Number(values.hogs) }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
);
const endHogs = () => hogs.forEach((hog: ChildProcess) => void hog.kill('SIGKILL'));
process.on('exit', endHogs);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));

let failed = 0;
for (let run = 1; run <= Number(values.times); run++) {
  const path = join(folder, `run-${run}.log`);
  const status = await runSuite(path);
  const lines = readFileSync(path, 'utf8').split('\n');
  const total = lines.filter((line) => /^ℹ (tests|pass|fail|cancelled|skipped) \d+$/.test(line));
  console.log(`run ${run}: status ${status}; ${total.map((line) => line.slice(2)).join(', ')}`);
  if (status === 0) continue;
  failed++;
  console.log(lines.slice(lines.findIndex((line) => line.includes('failing tests:'))).join('\n'));
}
console.log(`${values.times} runs beside ${hogs.length} hogs, ${failed} of them failed`);
// They would keep this program alive.
endHogs();
process.exitCode = failed === 0 ? 0 : 1;

/** Without building it anew. Resolves with its status. */
async function runSuite(path: string): Promise<number | null> {
  const out = createWriteStream(path);
  const suite = spawn('npm', ['test', '--ignore-scripts'], {
    cwd: repositoryRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  suite.stdout.pipe(out, { end: false });
  suite.stderr.pipe(out, { end: false });
  const [status] = (await once(suite, 'close')) as [number | null];
  out.end();
  await once(out, 'finish');
  return status;
}
