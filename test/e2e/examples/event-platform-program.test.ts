/** The example event-platform as a real program: left alone, stopped by signals at moments of its progress, and failing. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { startExample } from '../../support/example-process.ts';
import { assertFlushedLast, assertOrderKept } from '../../support/platform-run.ts';

suite('the program', { concurrency: 4 }, () => {
  const jobsAccount = /^(\d+) jobs = (\d+) results \+ 0 lost - 0 twice$/;
  const eventsAccount = /^(\d+) published = (\d+) sent \+ 0 lost - 0 twice$/;
  const isWhole = (lines: readonly string[]) =>
    jobsAccount.test(lines.at(-2) ?? '') && eventsAccount.test(lines.at(-1) ?? '');

  /** How many jobs and events there were. */
  function assertAccount(lines: readonly string[]): readonly number[] {
    return [jobsAccount, eventsAccount].map((account, index) => {
      const [, total, out] = account.exec(lines.at(index - 2) ?? '') ?? assert.fail(lines.join('\n'));
      assert.equal(total, out);
      return Number(total);
    });
  }
  /** With the sizes of the batches between the steps. */
  const logOf = (lines: readonly string[]) =>
    lines.flatMap((line): (string | number)[] => {
      const sent = /^ {2}sent (\d+)/.exec(line)?.[1];
      if (sent !== undefined) return [Number(sent)];
      return /^(start|stop)/.test(line) ? [line] : [];
    });
  const stepsOf = (lines: readonly string[]) => lines.filter((line) => /^(start|stop)/.test(line));

  test('left alone it ends by itself, in order, and nothing is lost', async (t) => {
    const { status, lines, stderr } = await startExample(t, 'event-platform/main.mjs').ended;
    assert.deepEqual([status, stderr], [0, '']);
    assertOrderKept({ steps: stepsOf(lines) });
    assert.equal(stepsOf(lines).length, 32);
    const [jobs = 0, events = 0] = assertAccount(lines);
    assert.ok(jobs > 20 && events > jobs);
    assertFlushedLast({ log: logOf(lines) }, 20);
  });

  const moments = [
    /^starting producer/,
    /^starting throughput/,
    /^started coordinator/,
    /sent \d+/,
    /throughput [1-9]/,
    /^stopping coordinator/,
    /^stopping worker-1/,
    /^stopping bridge/,
    /^stopping producer/,
  ];
  for (const moment of moments) {
    test(`SIGTERM at ${moment}: left in reverse, nothing is lost`, async (t) => {
      const run = startExample(t, 'event-platform/main.mjs');
      await run.line(moment);
      run.signal('SIGTERM');
      const { status, lines, stderr } = await run.ended;
      assert.deepEqual([status, stderr], [0, '']);
      assertOrderKept({ steps: stepsOf(lines) });
      assertAccount(lines);
      assertFlushedLast({ log: logOf(lines) }, 20);
    });
  }

  test('a second Ctrl-C cuts short what is left, in order', async (t) => {
    const run = startExample(t, 'event-platform/main.mjs');
    await run.line(/throughput [1-9]/);
    run.signal('SIGINT');
    await run.line(/stopping coordinator/);
    run.signal('SIGINT');
    const { status, lines, stderr } = await run.ended;
    assert.equal(stderr, '');
    assertOrderKept({ steps: stepsOf(lines) });
    assert.equal(status, isWhole(lines) ? 0 : 1);
  });

  test('the fifth fails to start: four are left in reverse, and it ends with status 1', async (t) => {
    const { status, lines } = await startExample(t, 'event-platform/main.mjs', { args: ['backlog'] }).ended;
    assert.equal(status, 1);
    assertOrderKept({ steps: stepsOf(lines) });
    assert.deepEqual(stepsOf(lines).at(-8), 'stopping throughput');
    assert.ok(lines.includes('The platform failed: Task group "services" failed: Cannot start "backlog"'));
  });
});
