/**
 * orderly at the duties of PID 1, each as `npm run conformance` asks it of small inits too.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { judge } from '../conformance/check.ts';
import { canUnshare } from '../conformance/container.ts';
import { contenders, orderly, orderlyInit } from '../conformance/contender.ts';
import { duties } from '../conformance/duties.ts';
import { hasHelper } from '../support/has-helper.ts';
import { needs } from '../support/needs.ts';

/** Every start costs a tenth of a second; `npm run conformance` tries all of them. */
const CODES = [0, 1, 2, 3, 70, 125, 126, 127, 128, 143, 254, 255];

const skip = canUnshare() ? false : 'no process namespace can be made here';

const tini = contenders.find(({ name }) => name === 'tini')!;
const skipTini = skip || needs('tini');

suite('G5 G8 G12: the duties of PID 1', { concurrency: 2, timeout: 90_000, skip }, () => {
  for (const one of hasHelper ? [orderly, orderlyInit] : [orderly])
    for (const duty of duties(CODES).filter(({ isFigure }) => !isFigure)) {
      test(`${one.name} as PID 1: ${duty.name}`, async () => {
        assert.deepEqual(await judge(duty, one), { kind: 'holds' });
      });
    }
});

// Checks that everybody passes, or nobody, show nothing.
test('tini passes every check but those of orphans that need their time, and of Ctrl-Z', {
  skip: skipTini,
}, async () => {
  const failed: string[] = [];
  for (const duty of duties(CODES).filter(({ isFigure }) => !isFigure))
    if ((await judge(duty, tini)).kind === 'fails') failed.push(duty.name);
  assert.equal(failed.length, 4, failed.join('; '));
  for (const name of failed) assert.match(name, /^waits for |Ctrl-Z/);
});
