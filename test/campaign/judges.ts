/**
 * What the account of each example has to say, whenever it was told to stop.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

export interface Stopped {
  readonly status: number;
  readonly lines: readonly string[];
  readonly stderr: string;
  readonly folder: string;
  readonly signal: NodeJS.Signals;
}

export interface Judge {
  readonly env: (folder: string, seed: number) => Readonly<Record<string, string>>;
  /** The first line by which it hears signals. */
  readonly begun: RegExp;
  /** Left alone it takes longer than that, or has ended by itself. */
  readonly withinMs: number;
  readonly signals: readonly NodeJS.Signals[];
  /** Another signal changes nothing. */
  readonly mayInsist: boolean;
  /** Returns what it adds up to, in words. */
  readonly assertAddsUp: (stopped: Stopped) => string;
}

const asked = ['SIGINT', 'SIGTERM'] as const;

export const judges: Readonly<Record<string, Judge>> = {
  'market-data': {
    // Time enough for a busy machine: it is about what adds up.
    env: (folder, seed) => ({
      MARKET_OUTPUT: join(folder, 'quotes.jsonl'),
      MARKET_SEED: `${seed}`,
      MARKET_BUDGET_MS: '30000',
      MARKET_FINISH_MS: '1500',
    }),
    begun: /^polling/,
    withinMs: 3000,
    signals: asked,
    mayInsist: true,
    assertAddsUp({ status, lines, stderr, folder }) {
      assert.deepEqual([status, stderr], [0, ''], lines.join('\n'));
      const [started, ok, failed, timedOut, cancelled] = numbersOf(lines, /^polls:/);
      assert.equal(started, ok! + failed! + timedOut! + cancelled!);
      const quotes = readFileSync(join(folder, 'quotes.jsonl'), 'utf8').split('\n');
      assert.equal(quotes.pop(), '', 'the last line is whole');
      const sequences = quotes.map((line) => (JSON.parse(line) as { readonly sequence: number }).sequence);
      assert.equal(new Set(sequences).size, ok, 'each result is in the file, once');
      assert.equal(sequences.length, ok);
      assert.deepEqual(numbersOf(lines, /^open:/), [0, 0, 0]);
      return `${ok} results`;
    },
  },
  'task-queue': {
    env: (folder) => ({ TASKS_FOLDER: folder, TASKS_STOP_MS: '50' }),
    begun: /^\d+ items/,
    withinMs: 4000,
    signals: asked,
    mayInsist: true,
    assertAddsUp({ status, lines, stderr, folder }) {
      assert.deepEqual([status, stderr], [0, ''], lines.join('\n'));
      const [accepted, done, failed, returned] = numbersOf(lines, /^\d+ accepted = /);
      assert.equal(accepted, done! + failed! + returned!);
      const left = existsSync(join(folder, 'unfinished.json'))
        ? (JSON.parse(readFileSync(join(folder, 'unfinished.json'), 'utf8')) as readonly {
            readonly id: number;
          }[])
        : [];
      const ids = readFileSync(join(folder, 'done.txt'), 'utf8').split('\n').slice(0, -1).map(Number);
      const all = [...ids, ...left.map(({ id }) => id)].toSorted((a, b) => a - b);
      assert.deepEqual(
        all,
        Array.from({ length: 10_000 }, (_, id) => id),
        'each is done once, or left once',
      );
      return `${done} done, ${left.length} left`;
    },
  },
  'risk-watch': {
    env: () => ({}),
    begun: /exchange: place/,
    withinMs: 2000,
    signals: asked,
    mayInsist: true,
    assertAddsUp({ status, lines, stderr }) {
      assert.deepEqual([status, stderr], [0, ''], lines.join('\n'));
      assert.equal(lines.filter((line) => / {2}risk-off/.test(line)).length, 1, 'one way out');
      assert.match(lines.at(-1) ?? '', /^\d+ requests; the book is flat but for the hedges$/);
      return 'flat';
    },
  },
  'event-platform': {
    env: () => ({}),
    begun: /^starting producer/,
    withinMs: 2200,
    signals: asked,
    mayInsist: false,
    assertAddsUp({ status, lines, stderr }) {
      assert.deepEqual([status, stderr], [0, ''], lines.join('\n'));
      const [jobs, results] = numbersOf(lines, /^\d+ jobs = \d+ results \+ 0 lost - 0 twice$/);
      const [published, sent] = numbersOf(lines, /^\d+ published = \d+ sent \+ 0 lost - 0 twice$/);
      assert.deepEqual([results, sent], [jobs, published]);
      return `${jobs} jobs, ${published} events`;
    },
  },
  'service-lifecycle': {
    env: () => ({}),
    begun: /pending$/,
    withinMs: 2200,
    signals: [...asked, 'SIGHUP'],
    mayInsist: false,
    assertAddsUp({ status, lines, stderr, signal }) {
      assert.equal(stderr, '');
      // It ends by itself after two seconds.
      assert.ok(
        [0, 128 + constants.signals[signal]].includes(status),
        `status ${status}\n${lines.join('\n')}`,
      );
      const [accepted, worked, stored] = numbersOf(lines, /orders accepted/);
      assert.deepEqual([worked, stored], [accepted, accepted]);
      assert.ok(!lines.some((line) => /killed|failed|unhealthy/.test(line)), lines.join('\n'));
      return `${accepted} orders`;
    },
  },
};

function numbersOf(lines: readonly string[], pattern: RegExp): readonly number[] {
  const line = lines.find((each) => pattern.test(each));
  assert.ok(line, `no line like ${pattern} in:\n${lines.join('\n')}`);
  return line.match(/\b\d+\b/g)?.map(Number) ?? [];
}
