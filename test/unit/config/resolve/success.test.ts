/**
 * The key `success`, and `log.color`.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badConfig, goodConfig, goodService, places } from '../load.ts';

const services = 'services:\n  web: { command: x }\n  test: { command: y }\n';

test('success is all, first, last, or a list of services', async () => {
  for (const [written, read] of [
    ['', undefined],
    ['success: all\n', undefined],
    ['success: first\n', 'first'],
    ['success: last\n', 'last'],
    ['success: [test]\n', ['test']],
  ] as const) {
    assert.deepEqual((await goodConfig(`${written}${services}`)).success, read, written);
  }
});

test('success of what is no service, of nothing, or of another word is an error at its place', async () => {
  for (const [written, message] of [
    ['success: [web, tset]', '1:16 "success" names "tset", which is no service'],
    ['success: []', '1:10 "success" names no service'],
    ['success: any', '1:10 "success" must be "all", "first" or "last", but is "any"'],
  ] as const) {
    assert.deepEqual(places(await badConfig(`${written}\n${services}`)), [message]);
  }
});

test('log.color is made of words and of parts', async () => {
  for (const color of ['blue', 'bgBlue.bold', 'cyanBright', '"#23de43"', '"bg#202020.white"']) {
    assert.equal((await goodService(`log: { color: ${color} }`)).log.color, color.replaceAll('"', ''));
  }
  for (const [written, why] of [
    ['bleu', /"bleu" is no colour. Did you mean "blue"\?/],
    ['blue.', /"" is no colour/],
    ['constructor', /"constructor" is no colour/],
    ['"#12"', /"#12" is no colour. Known are names/],
  ] as const) {
    const wrong = await badConfig(`services: { a: { command: x, log: { color: ${written} } } }`);
    assert.match(places(wrong).join('\n'), why);
  }
});
