import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPalette, PLAIN_PALETTE, wantsColor } from '../../../../src/output/terminal/palette.ts';

type Env = Readonly<Record<string, string>>;

const table: readonly (readonly [
  name: string,
  isTty: boolean,
  flag: boolean | undefined,
  env: Env,
  wants: boolean,
])[] = [
  ['a terminal', true, undefined, {}, true],
  ['no terminal', false, undefined, {}, false],
  ['a terminal without colours', true, undefined, { TERM: 'dumb' }, false],
  ['NO_COLOR', true, undefined, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', true, undefined, { NO_COLOR: '' }, true],
  ['FORCE_COLOR without a terminal', false, undefined, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0', true, undefined, { FORCE_COLOR: '0' }, false],
  ['FORCE_COLOR and NO_COLOR', true, undefined, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ['--color against everything', false, true, { NO_COLOR: '1' }, true],
  ['--no-color against everything', true, false, { FORCE_COLOR: '1' }, false],
];

for (const [name, isTty, flag, env, wants] of table) {
  test(`colours: ${name}: ${wants ? 'yes' : 'no'}`, () =>
    assert.equal(wantsColor({ isTty, flag, env }), wants));
}

test('without colours every text comes back as it is', async () => {
  const palette = await createPalette({ isTty: false, flag: undefined, env: {} });
  assert.equal(palette, PLAIN_PALETTE);
  assert.equal(palette.bad(palette.services[0]!('x')), 'x');
});

test('with colours they are there whatever the process thinks of its own output', async () => {
  const palette = await createPalette({ isTty: true, flag: undefined, env: {} });
  assert.equal(palette.bad('x'), '\x1b[31mx\x1b[39m');
  assert.equal(new Set(palette.services.map((paint) => paint('x'))).size, palette.services.length);
});

test('a style is its words one after the other; a colour by its parts is the nearest that the terminal has', async () => {
  const styled = async (style: string, env: Env) =>
    (await createPalette({ isTty: true, flag: undefined, env })).styled(style)('x');
  assert.equal(await styled('blue', {}), '\x1b[34mx\x1b[39m');
  assert.equal(await styled('bgBlue.bold', {}), '\x1b[44m\x1b[1mx\x1b[22m\x1b[49m');
  assert.equal(await styled('#ff0000', {}), '\x1b[91mx\x1b[39m');
  assert.equal(await styled('#ff0000', { COLORTERM: 'truecolor' }), '\x1b[38;2;255;0;0mx\x1b[39m');
  assert.equal(await styled('bg#ff0000', { COLORTERM: '24bit' }), '\x1b[48;2;255;0;0mx\x1b[49m');
  assert.equal(PLAIN_PALETTE.styled('blue')('x'), 'x');
});
