import assert from 'node:assert/strict';
import { test } from 'node:test';
import { styledSpans } from '../../support/styled-spans.ts';
import { xmlProblem } from '../../support/xml-problems.ts';
import { terminalSvg } from '../terminal-svg.ts';

function textsOf(svg: string): readonly string[] {
  return svg.match(/<text .*<\/text>/g) ?? [];
}

function pictureOf(...lines: readonly string[]): string {
  return terminalSvg({ title: 'a <title>', columns: 20, lines: styledSpans(lines) });
}

test('a style goes on until something ends it, in the next lines too', () => {
  assert.deepEqual(styledSpans(['a\x1b[1;32mb', 'c\x1b[39md\x1b[0me', '\x1b[38;5;208;48;2;1;2;255mf']), [
    [
      { text: 'a', style: {} },
      { text: 'b', style: { isBold: true, color: 2 } },
    ],
    [
      { text: 'c', style: { isBold: true, color: 2 } },
      { text: 'd', style: { isBold: true } },
      { text: 'e', style: {} },
    ],
    [{ text: 'f', style: { color: 208, background: '#0102ff' } }],
  ]);
});

test('each piece of text stands at its column, as wide as its columns, in its style', () => {
  const [first, second, third] = textsOf(
    pictureOf('ab\x1b[36m  漢字\x1b[0m', '\x1b[2mx\x1b[0m', '\x1b[91my'),
  );
  assert.match(first ?? '', /x="12" y="25" textLength="16" .*>ab</);
  assert.match(second ?? '', /x="44" y="25" textLength="32" .* class="c6">漢字</);
  assert.match(third ?? '', /x="12" y="43" .* class="d">x</);
  assert.match(pictureOf('', '', '\x1b[91my'), /y="61" .* class="c9">y</);
});

test('a background is a rectangle behind its text, and inverse swaps both', () => {
  const svg = pictureOf('\x1b[41m  a', '\x1b[0m\x1b[7mb\x1b[0m', '\x1b[38;5;208mc\x1b[38;5;244md');
  assert.match(svg, /<rect x="12" y="12" width="24" height="18" class="c1"\/>\n<text x="28"/);
  assert.match(svg, /<rect x="12" y="30" width="8" height="18" fill="#e6edf3"\/>\n<text .* fill="#0d1117">b/);
  assert.match(svg, /fill="#ff8700">c<.*\n<text .*fill="#808080">d/);
});

test('it is well-formed whatever is shown, and the same for the same window', () => {
  const lines = ['<&>"\' \x1b[1m]]>', 'é 👩‍💻 \u202e'];
  assert.equal(xmlProblem(pictureOf(...lines)), undefined);
  assert.equal(pictureOf(...lines), pictureOf(...lines));
});
