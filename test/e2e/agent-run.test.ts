/**
 * The tool `run` of `orderly agent`, by the protocol's own client: a command in the graph that runs, bounded, and never
 * without the wish of whoever asked for it.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { type AgentClient, connectAgent, rawAgent } from '../support/agent-lab.ts';
import { isAlive } from '../support/process-lab.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const shop = `
services:
  db: { command: exec sleep 1000 }
  api: { command: exec sleep 1000, depends_on: [db] }
  mail: { command: exec sleep 1000, depends_on: [db], profiles: [mail] }
  sick: { command: exit 3, ready: { delay: 10s }, profiles: [sick], on_failure: ignore, restart: { policy: "no" } }
`;

async function runWithAgent(t: TestContext): Promise<{ readonly run: OrderlyRun } & AgentClient> {
  const run = runOrderly(t, { config: shop });
  await run.event('service.ready', { service: 'api' });
  return { run, ...(await connectAgent(t, run.folder)) };
}

async function endRun(run: OrderlyRun): Promise<void> {
  run.signal('SIGTERM');
  assert.equal((await run.ended).status, 143);
}

/** A command that tells its number in a file, once it does what is said. */
const telling = (script: string): readonly string[] => ['sh', '-c', `${script}; echo $$ > n; mv n pid; wait`];

/** The number that such a one has told. */
function pidIn({ folder }: OrderlyRun): Promise<number> {
  return until(() => {
    try {
      return Number(readFileSync(join(folder, 'pid'), 'utf8'));
    } catch {
      return undefined;
    }
  });
}

suite('a command that an agent runs', { concurrency: 3, timeout: 60_000 }, () => {
  test('is answered with its status, its last lines as they came, what it needed, and the next call', async (t) => {
    const { run, call } = await runWithAgent(t);
    const script =
      'echo "in $PWD with $1"; echo complaint >/dev/stderr; echo done > /dev/stdout; cat; exit $2';
    const good = await call('run', { command: ['sh', '-c', script, 'sh', 'a b;$(c)', '0'], needs: ['db'] });
    assert.deepEqual(good.text.split('\n'), [
      'it ended with status 0',
      `in ${run.folder} with a b;$(c)`,
      'complaint',
      'done',
      'what it needed is now: db ready',
      'next: status {} (shows what runs on)',
    ]);
    assert.equal(good.isError, false);
    assert.deepEqual([good.data.status, good.data.is_cut], [0, false]);
    const bad = await call('run', { command: ['sh', '-c', script, 'sh', 'x', '7'], needs: ['api'] });
    assert.equal(bad.isError, true);
    assert.match(bad.text, /^it ended with status 7\n.*\nnext: logs {"services":\["api"\]} \(/s);
    assert.ok(!run.events.some(({ type }) => type === 'service.stopping'));
    await endRun(run);
  });

  test('what was started for it goes after it, and what can not be ready is told with the call that tells why', async (t) => {
    const { run, call } = await runWithAgent(t);
    const good = await call('run', { command: ['true'], needs: ['mail'] });
    assert.match(
      good.text,
      /^it ended with status 0\nwhat it needed is now: mail (?:ready|stopping|stopped)\n/,
    );
    await run.event('service.ready', { service: 'mail' });
    await run.event('service.stopped', { service: 'mail' });
    const bad = await call('run', { command: ['true'], needs: ['sick'] });
    assert.match(
      bad.text,
      /^it ended with status 1\n.*Cannot run true: .*sick.*\nnext: why {"service":"sick"} \(/s,
    );
    await endRun(run);
  });

  test('what is not there is told before anything is started; a word is never the name of a service', async (t) => {
    const { run, call } = await runWithAgent(t);
    for (const [given, told] of [
      [
        { command: ['no-such-program'], needs: ['mail'] },
        /status 127\n.*"no-such-program" is not on the PATH/,
      ],
      [{ command: ['db'] }, /status 127\n.*"db" is not on the PATH/],
      [{ command: ['true'], needs: ['dbb'] }, /status 2\n.*there is no service of that name/s],
      [{ command: ['true'], needs: ['--budget=1s'] }, /status 2\n.*there is no service of that name/s],
      [{ command: ['--version'], needs: ['db'] }, /status 127\n.*"--version" is not on the PATH/],
      [{ command: [] }, /"command" must be a list of texts/],
      [{ command: 'true' }, /"command" must be a list of texts/],
      [{ needs: ['db'] }, /"command" is missing/],
    ] as const) {
      const { text, isError } = await call('run', given);
      assert.match(text, told, JSON.stringify(given));
      assert.equal(isError, true);
    }
    assert.ok(!run.events.some((event) => event.type === 'service.starting' && event.service === 'mail'));
    await endRun(run);
  });

  test('G9 output without an end is bounded, and what looks like the protocol is none', async (t) => {
    const { run, call } = await runWithAgent(t);
    const message = '{"jsonrpc":"2.0","id":1,"result":{}}';
    const script = `yes '${message}' | head -n 500000; printf '\\033[31m%0600d\\033[0m\\n' 1; echo '${message}'`;
    const { text, data } = await call('run', { command: ['sh', '-c', script], needs: ['db'] });
    const output = data.output as readonly string[];
    assert.deepEqual([output.length, output.at(-1)], [50, message]);
    assert.equal(output.at(-2), `${'0'.repeat(500)}…`);
    assert.match(text, /^it ended with status 0\n\(what it wrote before is left out\)\n/);
    assert.ok(text.length < 20_000);
    assert.equal((await call('status')).isError, false);
    await endRun(run);
  });

  test('RQ-12 one that takes too long is ended, and that is told', async (t) => {
    const { run, call } = await runWithAgent(t);
    const { text, isError } = await call('run', { command: ['sleep', '1000'], needs: ['db'], timeout_ms: 1 });
    assert.match(text, /^it ended with status 143: it took more than 1 ms: it was asked to end\n/);
    assert.equal(isError, true);
    await endRun(run);
  });

  test('one that does not obey is killed, with what it has started', async (t) => {
    const { run, client } = await runWithAgent(t);
    const given = new AbortController();
    const command = telling("trap '' TERM; sleep 1000 & echo $! > child");
    const running = client.callTool({ name: 'run', arguments: { command } }, { signal: given.signal });
    const pid = await pidIn(run);
    const child = Number(readFileSync(join(run.folder, 'child'), 'utf8'));
    given.abort();
    await assert.rejects(running);
    await until(() => !isAlive(pid) && !isAlive(child));
    await endRun(run);
  });

  test('one that nobody waits for any more is ended: by a cancellation, the end of stdin, the death of the agent', async (t) => {
    const command = telling('sleep 1000 & echo $! > child');
    for (const how of ['cancelled', 'stdin', 'killed'] as const) {
      const run = runOrderly(t, { config: shop });
      await run.event('service.ready', { service: 'api' });
      const raw = rawAgent(t, run.folder);
      const params = { name: 'run', arguments: { command, needs: ['mail'] } };
      raw.write({ id: 1, method: 'tools/call', params });
      const pid = await pidIn(run);
      assert.ok(isAlive(pid));
      const child = Number(readFileSync(join(run.folder, 'child'), 'utf8'));
      if (how === 'cancelled') raw.write({ method: 'notifications/cancelled', params: { requestId: 1 } });
      else if (how === 'stdin') raw.closeStdin();
      else raw.kill();
      await until(() => !isAlive(pid) && !isAlive(child));
      // What it needed was not wanted before.
      await run.event('service.stopped', { service: 'mail' });
      raw.closeStdin();
      const { rest } = await raw.ended;
      assert.deepEqual(
        rest.map(({ id }) => id),
        how === 'stdin' ? [1] : [],
      );
      if (how === 'stdin') assert.match(JSON.stringify(rest), /status 143: stdin has ended/);
      await endRun(run);
    }
  });

  test('without a run, or in one that goes down, nothing is started anew', async (t) => {
    const { run, call } = await runWithAgent(t);
    const command = telling(
      "trap 'until [ -e go ]; do sleep 0.05; done; exit 0' TERM; sleep 1000 & echo $! > child",
    );
    const running = call('run', { command, needs: ['db'] });
    const pid = await pidIn(run);
    run.signal('SIGTERM');
    await run.event('shutdown.requested');
    const late = call('run', { command: ['touch', 'late'], needs: ['db'] });
    assert.ok(isAlive(pid), 'what it needs waits for it');
    writeFileSync(join(run.folder, 'go'), '');
    assert.match(
      (await running).text,
      /^it ended with status 0\n.*the run goes down: asking the command to end/s,
    );
    assert.ok(!isAlive(Number(readFileSync(join(run.folder, 'child'), 'utf8'))));
    assert.match((await late).text, /status [12]\n/);
    assert.equal((await run.ended).status, 143);
    const { text, isError } = await call('run', { command: ['touch', 'late'], needs: ['db'] });
    assert.equal(isError, true);
    assert.match(text, /^Cannot run touch: .* doesn't run; start it with "orderly up"/);
    assert.throws(() => readFileSync(join(run.folder, 'late')), /ENOENT/);
  });
});
