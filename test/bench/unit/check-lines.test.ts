/**
 * The checker of the flood must see every kind of damage: a benchmark that trusts a blind one proves nothing.
 */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkLines, LINE_BYTES } from '../check-lines.ts';

const NAMES = ['s000', 's001'];
const COUNT = 12;

function line(name: string, number: number): string {
  const start = `${name} ${String(number).padStart(8, '0')} `;
  const filler = Array.from({ length: LINE_BYTES - 1 - start.length }, (_, at) =>
    String.fromCharCode(97 + (at % 26)),
  );
  return `${name} | ${start}${filler.join('')}\n`;
}

/** The lines of both services, in turns. */
function whole(): string[] {
  return Array.from({ length: COUNT }, (_, number) => NAMES.map((name) => line(name, number))).flat();
}

function check(text: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-bench-'));
  const file = join(folder, 'output');
  writeFileSync(file, text);
  const fd = openSync(file, 'r');
  try {
    checkLines(fd, { names: NAMES, count: COUNT });
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
}

test('lines of several services in any mixture pass, as long as each has all of its own in order', () => {
  check(whole().join(''));
  check(whole().toSorted().join(''));
});

const DAMAGE: Readonly<Record<string, (lines: string[]) => string>> = {
  'a lost line': (lines) => lines.toSpliced(6, 1).join(''),
  'a lost last line': (lines) => lines.slice(0, -1).join(''),
  'a line that came twice': (lines) => lines.toSpliced(6, 0, lines[6]!).join(''),
  'two lines of one service in the wrong order': (lines) =>
    lines.with(4, lines[6]!).with(6, lines[4]!).join(''),
  'a torn line': (lines) =>
    lines
      .toSpliced(5, 1, lines[5]!.slice(0, 40), lines[5]!.slice(40))
      .join('')
      .replace(lines[6]!.slice(0, 9), ''),
  'a changed byte': (lines) => lines.with(9, lines[9]!.replace('klm', 'kLm')).join(''),
  'a line end too many': (lines) => `${lines.join('')}\n`,
  'a line of nobody': (lines) => `${lines.join('')}${line('s002', 0)}`,
};

for (const [name, damage] of Object.entries(DAMAGE)) {
  test(`${name} is found`, () => {
    assert.throws(() => check(damage(whole())), /^Error: The output is (damaged|incomplete)/);
  });
}
