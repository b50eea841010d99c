/**
 * The transcript of a day in the manual is what happens: its files are written, its commands typed, and what comes back is compared,
 * but for times, process ids and the like.
 */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { orderlyBin } from '../support/orderly-bin.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

/** A block of code of the page: its language, what stands beside that, and its lines. */
interface Block {
  readonly language: string;
  readonly about: string;
  readonly lines: readonly string[];
}

/** A command that was typed, and what it has to say. */
interface Open {
  readonly typed: string;
  readonly run: OrderlyRun;
  readonly expected: string[];
}

const PAGE = readFileSync(join(repositoryRoot(), 'src/manual/a-day.md'), 'utf8');
/** The home of whoever has the day. */
const HOME = '/home/ada';
/** Who is waited for when it is asked is a matter of the moment. */
const BY_CHANCE = /^waiting for /;

test('a day with orderly goes as the manual tells', { timeout: 120_000 }, async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'orderly-day-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, 'shop');
  const bin = join(home, 'bin');
  for (const each of [folder, bin]) mkdirSync(each);
  writeFileSync(join(bin, 'orderly'), `#!/bin/sh\nexec "${process.execPath}" "${orderlyBin}" "$@"\n`);
  chmodSync(join(bin, 'orderly'), 0o755);
  const terminals = { first: terminal(t, home), second: terminal(t, home) };
  for (const { language, about, lines } of blocksOf(PAGE)) {
    if (language === 'console') await terminals[about === 'second terminal' ? 'second' : 'first'](lines);
    else writeFileSync(join(folder, about), `${lines.join('\n')}\n`);
  }
});

/** Types what a block has after `$`, and holds what comes against the lines that follow. What a block leaves open goes on. */
function terminal(t: TestContext, home: string): (lines: readonly string[]) => Promise<void> {
  const { PATH = '' } = process.env;
  const env = { HOME: home, XDG_STATE_HOME: undefined, PATH: `${join(home, 'bin')}:${PATH}` };
  let open: Open | undefined;

  const end = async (): Promise<void> => {
    if (open === undefined) return;
    const { typed, run, expected } = open;
    open = undefined;
    const { stdout } = await run.ended;
    assert.deepEqual(alike(stdout, home), alike(expected, home), typed);
  };

  return async (lines) => {
    for (const line of lines) {
      const typed = line.startsWith('$ ') ? line.slice(2) : undefined;
      if (typed !== undefined) {
        await end();
        const instead = ['sh', '-c', `exec 2>&1; ${typed}`];
        const cwd = join(home, 'shop');
        const run = runOrderly(t, { instead, cwd, env, ownGroup: true, mayLeaveProcesses: true });
        open = { typed, run, expected: [] };
      } else if (line === '^C') {
        await seen(open!, home);
        open!.run.signal('SIGINT');
      } else open!.expected.push(line);
    }
    if (open !== undefined && isLeftOpen(lines)) await seen(open, home);
    else await end();
  };

  function isLeftOpen(lines: readonly string[]): boolean {
    return open?.typed === 'orderly up' && !lines.includes('^C');
  }
}

/** Resolves when as many lines like the last one have come as are expected. */
async function seen({ run, expected }: Open, home: string): Promise<void> {
  const [last = ''] = alike(expected.slice(-1), home);
  let missing = alike(expected, home).filter((line) => line === last).length;
  await run.firstLine((line) => alike([line], home)[0] === last && --missing === 0);
}

/** The lines without what differs from day to day: times, process ids, names of folders, the width of columns. */
function alike(lines: readonly string[], home: string): readonly string[] {
  return lines
    .filter((line) => !BY_CHANCE.test(line))
    .map((line) =>
      line
        .replaceAll(home, HOME)
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
        .replaceAll(/\bshop-[0-9a-f]{8}\b/g, 'shop-ID')
        .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, 'TIME')
        .replaceAll(/\(pid \d+\b/g, '(pid N')
        .replace(/^(\S+ +(?:ready|failed) .*?)\b\d{2,}$/, '$1N')
        .replaceAll(/ +/g, ' ')
        .trimEnd(),
    );
}

function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\S+) ?(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', about = '', text = '']) => ({ language, about, lines: text.split('\n').slice(0, -1) }),
  );
}
