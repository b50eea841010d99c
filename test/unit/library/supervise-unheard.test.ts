/** A failure of a graph that nobody awaits is not lost: it ends the program, as any unhandled rejection does. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { suite, test } from 'node:test';
import { cleanEnvironment } from '../../support/clean-environment.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

const FAILING = `
  import { defineService, supervise } from 'orderlyd';
  const run = supervise([
    defineService({ name: 'api', restart: 'no', async run({ started }) {
      if (IS_READY) started();
      throw new RangeError('no such tenant');
    } }),
  ]);
`;

interface End {
  readonly code: unknown;
  readonly stderr: string;
}

function endOf(program: string, isReady = true): Promise<End> {
  const text = program.replace('IS_READY', String(isReady));
  const options = { cwd: repositoryRoot(), env: cleanEnvironment() };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', text], options, (error, _, stderr) => {
      resolve({ code: error?.code ?? 0, stderr });
    });
  });
}

suite('a graph that nobody awaits', { concurrency: 2 }, () => {
  const unheard: readonly (readonly [law: string, program: string, error: RegExp])[] = [
    ['that fails ends the program', FAILING, /RangeError: no such tenant/],
    [
      'that fails after it was ready ends the program',
      `${FAILING} await run.ready;`,
      /RangeError: no such tenant/,
    ],
    [
      'that can not be ends the program',
      "import { supervise } from 'orderlyd'; supervise([]);",
      /There is no service to supervise/,
    ],
  ];
  for (const [law, program, error] of unheard) {
    test(law, async () => {
      const { code, stderr } = await endOf(program);
      assert.equal(code, 1);
      assert.match(stderr, error);
    });
  }

  test('is heard of by its readiness, if it fails before that', async () => {
    const end = await endOf(`${FAILING} await run.ready.catch((error) => console.error(error.name));`, false);
    assert.deepEqual(end, { code: 0, stderr: 'SupervisionError\n' });
  });

  test('is heard of by a stop, which waits for it', async () => {
    assert.deepEqual(await endOf(`${FAILING} await run.down();`), { code: 0, stderr: '' });
  });
});
