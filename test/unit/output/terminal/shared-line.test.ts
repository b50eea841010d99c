/** Nobody owns a terminal that many share. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { createPrefixer } from '../../../../src/output/lines/prefixer.ts';
import { forSharedTerminal } from '../../../../src/output/terminal/shared-line.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const latin1 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const shared = (text: string): string =>
  Buffer.from(forSharedTerminal(latin1(text)), 'latin1').toString('utf8');

const ESC = '\x1b';

suite('a line on a shared terminal', () => {
  for (const [name, written, shown] of [
    ['plain text', 'a\tb é 漢 \u{1f600}', 'a\tb é 漢 \u{1f600}'],
    ['a style that is ended', `${ESC}[31mred${ESC}[0m x`, `${ESC}[31mred${ESC}[0m x`],
    ['a style that is left open', `${ESC}[1;38;5;200mred`, `${ESC}[1;38;5;200mred${ESC}[0m`],
    [
      'a link',
      `${ESC}]8;;http://h/${ESC}\\text${ESC}]8;;${ESC}\\`,
      `${ESC}]8;;http://h/${ESC}\\text${ESC}]8;;${ESC}\\`,
    ],
    [
      'a link that is left open',
      `${ESC}]8;;http://h/\x07text`,
      `${ESC}]8;;http://h/\x07text${ESC}]8;;${ESC}\\`,
    ],
    ['a cleared screen', `${ESC}[2J${ESC}[3J${ESC}[Hup`, 'up'],
    ['a reset terminal', `${ESC}cup`, 'up'],
    ['another screen, no cursor', `${ESC}[?1049h${ESC}[?25lup`, 'up'],
    ['moves', `a${ESC}[5A${ESC}[10;3Hb${ESC}[s${ESC}[u`, 'ab'],
    ['a title', `${ESC}]0;mine\x07up${ESC}]2;mine${ESC}\\`, 'up'],
    ['a title by C1', '\x9d0;mine\x9cup', '0;mineup'],
    ['a sequence by C1', '\x9b2Jup', 'up'],
    ['a mouse, a paste mode, a scroll region', `${ESC}[?1000h${ESC}[?2004h${ESC}[1;5rup`, 'up'],
    ['another character set', `${ESC}(0up`, 'up'],
    ['characters that move', 'a\b\b\v\fb', 'ab'],
    ['a line end of Windows', 'up\r', 'up'],
    ['a line that writes over itself', '10%\r50%\r100%', '100%'],
    ['the same by its commands', `10%${ESC}[2K${ESC}[1G50%${ESC}[2K${ESC}[G100%`, '100%'],
    ['a sequence that is not finished', `up${ESC}[`, 'up'],
    ['several lines', `${ESC}[2Ja\nb${ESC}[31m\r\n10%\r20%`, `a\nb${ESC}[31m${ESC}[0m\n20%`],
  ] as const) {
    test(name, () => assert.equal(shared(written), shown));
  }

  test('a line of nothing but returns takes no longer than another one', () => {
    const returns = '\r'.repeat(1024 * 1024);
    const timer = process.cpuUsage();
    assert.deepEqual([shared(`${returns}x`), shared(returns)], ['x', '']);
    assert.ok(process.cpuUsage(timer).user < 2_000_000);
  });

  test('whatever is written, nothing but styles and links is left of commands, and no style is left on', () => {
    const pieces = [
      '\x1b',
      '[',
      ']',
      '8;;',
      '0m',
      '31m',
      '2J',
      '\x07',
      '\\',
      '\x9b',
      '\x9c',
      'a',
      '\r',
      '\n',
      ';',
      '?25l',
    ];
    assertProperty(
      fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
        for (const line of shared(parts.join('')).split('\n')) {
          const rest = line.replace(/\x1b\[[\d;:]*m|\x1b\]8;[^\x07\x1b]*(?:\x07|\x1b\\)/g, '');
          assert.doesNotMatch(rest, /[\x1b\x9b\r]/);
          const styles = line.match(/\x1b\[[\d;:]*m/g) ?? [];
          if (styles.length > 0) assert.match(styles.at(-1)!, /^\x1b\[0*m$/);
        }
      }),
    );
  });

  test('lines are tamed whole, however they were written, and their prefix is not', () => {
    const written: string[] = [];
    const prefixer = createPrefixer({
      prefixOf: (service) => `${ESC}[36m${service} |${ESC}[39m `,
      write: (lines) => void written.push(lines.toString()),
      tame: forSharedTerminal,
    });
    for (const byte of Buffer.from(`10%\r2${ESC}[2J0%\né${ESC}[31m\nlast${ESC}[H`))
      prefixer.add('a', 1, 'stdout', Buffer.from([byte]));
    prefixer.end();
    const prefix = `${ESC}[36ma |${ESC}[39m `;
    assert.equal(written.join(''), `${prefix}20%\n${prefix}é${ESC}[31m${ESC}[0m\n${prefix}last\n`);
  });
});
