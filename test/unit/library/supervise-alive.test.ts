/** A graph that has not ended keeps its program alive, and one that has keeps nothing. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { cleanEnvironment } from '../../support/clean-environment.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

const IMPORTS = `
  import { defineService, supervise } from 'orderlyd';
  import { CancelScope, untilAborted } from 'orderlyd/concurrency';
  const waits = (name) => defineService({
    name,
    async run({ started, shutdown }) { started(); await untilAborted(shutdown); },
    cleanup: () => console.log(name, 'cleaned up'),
  });
`;

interface End {
  readonly status: unknown;
  readonly output: string;
}

/** Runs the program; SIGTERM comes when it has printed `up`. */
async function endOf(program: string): Promise<End> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', IMPORTS + program], {
    cwd: repositoryRoot(),
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    if (output === 'up\n') child.kill('SIGTERM');
  });
  const [status] = await once(child, 'close');
  return { status, output };
}

suite('a graph and the life of its program', { concurrency: 2 }, () => {
  test('functions that only wait keep it alive until they are asked to stop, and cleaned up after', async () => {
    const { status, output } = await endOf(`
      const run = supervise([waits('a')]);
      void run.ready.then(() => console.log('up'));
      void run.then((report) => console.log('status', report.status));
    `);
    assert.deepEqual({ status, output }, { status: 0, output: 'up\na cleaned up\nstatus 143\n' });
  });

  test('a graph that nobody hears signals for does so too', async () => {
    const { output } = await endOf(`
      const over = new AbortController();
      process.once('SIGTERM', () => over.abort());
      const run = supervise([waits('a')], { signals: [], signal: over.signal });
      void run.ready.then(() => console.log('up'));
      await run;
      console.log('over');
    `);
    assert.equal(output, 'up\na cleaned up\nover\n');
  });

  test('once it has ended, or never began, nothing is left that keeps it alive', async () => {
    const { status, output } = await endOf(`
      const run = supervise([waits('a')]);
      await run.ready;
      await run.down();
      await supervise([]).catch((error) => console.log(error.name));
      const scope = new CancelScope();
      await scope.run(() => {
        const cut = supervise([waits('b')]);
        void cut.ready.then(() => scope.cancel());
        return cut;
      });
      console.log(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length);
    `);
    assert.deepEqual(
      { status, output },
      { status: 0, output: 'a cleaned up\nConfigurationError\nb cleaned up\n0\n' },
    );
  });
});
