/**
 * The two proofs about output that are worth their time: nothing that reached a pipe is lost, whoever is killed when; and
 * a reader that is too slow costs neither memory nor the answer to a signal.
 *
 * `ORDERLY_FLOOD_MIB=100` makes the first one as large as it was meant to be.
 */
import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';

const MIB = Number(process.env.ORDERLY_FLOOD_MIB ?? 8);
const SERVICES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const within = (script: string) => ['sh', '-c', script, 'sh'];

function floods(log: (name: string) => string): string {
  const program = programPath('e2e/flood-until-killed.js');
  const services = SERVICES.map(
    (name) =>
      `  ${name}: { command: [${process.execPath}, ${program}, ${name}, ${name}.progress, "${MIB * 1024 * 1024}"], restart: "no", on_failure: ignore${log(name)} }`,
  );
  return `services:\n${services.join('\n')}\n`;
}

/** Lines one after the other, without holding the file in memory. */
function eachLine(path: string, look: (line: string) => void): void {
  const fd = openSync(path, 'r');
  const buffer = Buffer.alloc(1024 * 1024);
  let rest = '';
  for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer)) {
    const lines = (rest + buffer.toString('latin1', 0, length)).split('\n');
    rest = lines.pop()!;
    for (const line of lines) look(line);
  }
  closeSync(fd);
  assert.equal(rest, '', 'the last line is ended');
}

/** How many whole lines of each service there are, in order; the last one of each may be torn, since it was killed. */
function countWhole(look: (each: (line: string) => void) => void): ReadonlyMap<string, number> {
  const next = new Map<string, number>();
  const torn = new Map<string, string>();
  look((line) => {
    const name = line.slice(0, 1);
    assert.equal(torn.get(name), undefined, `more comes after a torn line of ${name}`);
    const n = next.get(name) ?? 0;
    const whole = `${name} ${n} ${'x'.repeat(n % 199)}`;
    if (line === whole) return void next.set(name, n + 1);
    assert.ok(whole.startsWith(line), `lost, torn or out of order: ${line}, not ${whole}`);
    torn.set(name, line);
  });
  return next;
}

function assertAllOut(folder: string, whole: ReadonlyMap<string, number>): void {
  for (const name of SERVICES) {
    const noted = Number(readFileSync(join(folder, `${name}.progress`), 'utf8'));
    assert.ok(noted > 100, `${name} wrote ${noted} lines`);
    const found = whole.get(name) ?? 0;
    assert.ok(found >= noted, `${name} had written ${noted} lines, of which ${found} are out`);
  }
}

const withoutPrefix = (look: (line: string) => void) => (line: string) => look(line.slice('a | '.length));

suite('floods', { timeout: 60_000 + MIB * 10_000 }, () => {
  for (const [by, env] of [
    ['FIFOs', {}],
    ['sockets', { PATH: '/nowhere' }],
  ] as const) {
    test(`G7: by ${by}, every line of ten services that are killed while they write comes out, in order`, async (t) => {
      const inside = ['/bin/sh', '-c', 'exec "$@" >out', 'sh'];
      const run = runOrderly(t, { config: floods(() => ''), inside, args: ['up'], env });
      const end = await run.ended;
      assert.equal(end.status, 0, end.stderr.join('\n'));
      const whole = countWhole((look) => eachLine(join(run.folder, 'out'), withoutPrefix(look)));
      assertAllOut(run.folder, whole);
    });
  }

  test('G7: with --backpressure a slow reader gets every one of them too, and so do the log files', async (t) => {
    const config = floods((name) => `, log: { file: ${name}.log, max_size: none }`);
    const inside = within(
      '{ "$@"; echo "status $?" >&2; } | { sleep 0.5; head -c 3000000; sleep 0.5; cat; } >out',
    );
    const run = runOrderly(t, { config, inside, args: ['up', '--backpressure'] });
    const end = await run.ended;
    assert.ok(end.stderr.includes('status 0'), end.stderr.join('\n'));
    assert.doesNotMatch(end.stderr.join('\n'), /dropped|missing/);
    assertAllOut(
      run.folder,
      countWhole((look) => eachLine(join(run.folder, 'out'), withoutPrefix(look))),
    );
    const files = (look: (line: string) => void) => {
      for (const name of SERVICES) eachLine(join(run.folder, `${name}.log`), look);
    };
    assertAllOut(run.folder, countWhole(files));
  });

  for (const [how, args] of [
    ['lines are dropped', []],
    ['services wait', ['--backpressure']],
  ] as const) {
    test(`G7 G9: where ${how} for a reader of 1 MB a second, memory stays under 100 MB, and a signal is answered in 100 ms`, async (t) => {
      const config = `services:\n${SERVICES.map((name) => `  ${name}: { command: exec yes "${name.repeat(99)}" }`).join('\n')}\n`;
      const answersMs: number[] = [];
      for (let round = 0; round < 3; round++) {
        const inside = within(`"$@" | ${process.execPath} ${programPath('e2e/read-slowly.js')}`);
        const run = runOrderly(t, { config, inside, args: ['up', '--record', 'run.jsonl', ...args] });
        await run.line(/j: ready/);
        // Long enough for what grows to be seen.
        if (round === 0) await run.line(/read 3 MB/);
        const { pid } = recorded(run.folder, 'run.started');
        const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
        assert.ok(peakKb < 100_000, `${peakKb} kB`);
        const askedMs = Date.now();
        process.kill(pid, 'SIGTERM');
        await run.ended;
        answersMs.push(Date.parse(recorded(run.folder, 'shutdown.requested').time) - askedMs);
      }
      t.diagnostic(`answered after ${answersMs.join(', ')} ms`);
      assert.ok(Math.min(...answersMs) <= 100, `${answersMs.join(', ')} ms`);
    });
  }
});

function recorded<Type extends OrderlyEvent['type']>(
  folder: string,
  type: Type,
): OrderlyEvent & { type: Type } {
  const lines = readFileSync(join(folder, 'run.jsonl'), 'utf8').trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as OrderlyEvent);
  return events.find((event) => event.type === type) as OrderlyEvent & { type: Type };
}
