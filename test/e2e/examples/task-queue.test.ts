import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { CancelScope, taskGroup } from 'orderlyd/concurrency';
import { exampleFolder } from '../../support/example-folder.ts';
import { examplePath } from '../../support/example-path.ts';
import { startExample } from '../../support/example-process.ts';

const ITEMS = 10_000;
const env = { TASKS_TELL_MS: '5', TASKS_WORK_MS: '3', TASKS_WORKERS: '50' };

interface Run {
  readonly accepted: number;
  readonly done: number;
  readonly failed: number;
  readonly returned: number;
  readonly withProducer: number;
  readonly left: number;
}

/** Runs the program on what is in the folder; stops it once so many are done, if asked to. */
async function runOnce(
  t: TestContext,
  folder: string,
  stopAt: number | undefined,
  more: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const program = startExample(t, 'task-queue/main.mjs', { env: { ...env, ...more, TASKS_FOLDER: folder } });
  if (stopAt !== undefined) {
    await program.lineWhere(
      `${stopAt} done`,
      (line) => Number(/^(\d+) done/.exec(line)?.[1] ?? -1) >= stopAt,
    );
    program.signal('SIGTERM');
  }
  const { status, lines, stderr } = await program.ended;
  assert.deepEqual([status, stderr], [0, '']);
  const text = lines.join('\n');
  const [, begun = ''] = /^(\d+) items/.exec(text) ?? [];
  const account = /^(\d+) accepted = (\d+) done \+ (\d+) failed \+ (\d+) returned\n(\d+) were/m.exec(text);
  assert.ok(account, text);
  const [accepted = 0, done = 0, failed = 0, returned = 0, withProducer = 0] = account.slice(1).map(Number);
  const left = unfinished(folder).length;
  assert.equal(accepted, done + failed + returned);
  assert.equal(accepted + withProducer, Number(begun));
  assert.equal(left, failed + returned + withProducer);
  assert.match(lines.at(-1)!, left === 0 ? /^nothing is left$/ : new RegExp(`^${left} items are left`));
  return { accepted, done, failed, returned, withProducer, left };
}

function unfinished(folder: string): readonly { readonly id: number }[] {
  const path = join(folder, 'unfinished.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
}

/** The ids of the items that are done, over all runs. */
function done(folder: string): readonly number[] {
  return readFileSync(join(folder, 'done.txt'), 'utf8').split('\n').slice(0, -1).map(Number);
}

/** At any moment between two runs: each item is done once, or left once. */
function assertNothingLostNothingTwice(folder: string): void {
  const ids = [...done(folder), ...unfinished(folder).map(({ id }) => id)];
  assert.deepEqual(
    ids.toSorted((a, b) => a - b),
    Array.from({ length: ITEMS }, (_, id) => id),
  );
}

test('stopped at any moment and started again until all is done: nothing is lost, nothing done twice', async (t) => {
  const seed = Number(process.env.ORDERLY_SEED ?? Date.now() % 1_000_000);
  const moments = [0, 1 + (seed % 2000), 2000 + (seed % 3000)];
  t.diagnostic(`ORDERLY_SEED=${seed}: stopped at ${moments.join(', ')} done in a run`);
  const folder = exampleFolder(t);
  const runs: Run[] = [];
  for (const moment of moments) {
    // With no time for what is queued, it is returned.
    runs.push(await runOnce(t, folder, moment, { TASKS_STOP_MS: '0' }));
    assertNothingLostNothingTwice(folder);
  }
  while (unfinished(folder).length > 0) {
    runs.push(await runOnce(t, folder, undefined));
    assertNothingLostNothingTwice(folder);
  }
  // What fails, fails once: the last run was for that alone.
  assert.ok(runs.length <= moments.length + 2);
  assert.equal(done(folder).length, ITEMS);
  assert.equal(existsSync(join(folder, 'unfinished.json')), false);
  assert.ok(runs.some(({ returned }) => returned > 0) && runs.some(({ withProducer }) => withProducer > 0));
  assert.equal(
    runs.reduce((sum, run) => sum + run.failed, 0),
    Math.ceil(ITEMS / 97),
  );
});

test('told to stop with time for it, it works on what it has accepted, and returns nothing', async (t) => {
  const folder = exampleFolder(t);
  const { returned, withProducer } = await runOnce(t, folder, 1, { TASKS_STOP_MS: '60000' });
  assert.equal(returned, 0);
  assert.ok(withProducer > 0);
  assertNothingLostNothingTwice(folder);
});

test('the queue never holds more than its size, and the producer waits', async (t) => {
  const program = startExample(t, 'task-queue/main.mjs', {
    env: { ...env, TASKS_FOLDER: exampleFolder(t), TASKS_ITEMS: '2000', TASKS_SIZE: '100' },
  });
  const { lines } = await program.ended;
  const queued = lines.flatMap((line) => Number(/(\d+) queued$/.exec(line)?.[1] ?? []));
  assert.equal(Math.max(...queued), 100);
  assert.ok(Number(/which waited (\d+) ms/.exec(lines.join('\n'))?.[1]) > 0);
});

interface OpenJournal {
  add(id: number): Promise<void>;
  close(): Promise<void>;
}
const { Journal }: { Journal: { open(path: string, options: { isNew: boolean }): Promise<OpenJournal> } } =
  await import(pathToFileURL(examplePath('task-queue', 'journal.mjs')).href);

test('what is done is written down, even if it is cancelled in that moment', async (t) => {
  const folder = exampleFolder(t);
  const journal = await Journal.open(join(folder, 'done.txt'), { isNew: true });
  const scope = new CancelScope();
  await scope.run(() =>
    taskGroup((group) => {
      for (let id = 0; id < 20; id++) group.startSoon(() => journal.add(id));
      group.startSoon(() => scope.cancel());
    }),
  );
  await journal.close();
  assert.deepEqual(done(folder), [...Array(20).keys()]);
});
