/**
 * Masking of bytes as they come: held against the plain definition, which looks at the whole at once.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { Automaton } from '../../../src/secrets/automaton.ts';
import { MaskedStream, maskText } from '../../../src/secrets/mask.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { runs } from '../../support/runs.ts';

/** Each run of bytes that any secret covers is three stars. */
function wholeMasked(text: string, secrets: readonly string[]): string {
  const isCovered = Array.from({ length: text.length }, () => false);
  for (const secret of secrets)
    for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + 1))
      isCovered.fill(true, at, at + secret.length);
  let masked = '';
  for (const [at, covered] of isCovered.entries()) {
    if (!covered) masked += text[at];
    else if (isCovered[at - 1] !== true) masked += '***';
  }
  return masked;
}

function automatonOf(secrets: readonly string[]): Automaton {
  return new Automaton(secrets.map((secret) => Buffer.from(secret, 'latin1')));
}

function chunksOf(text: string, cuts: readonly number[]): readonly Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].sort((a, b) => a - b);
  return at.slice(1).map((to, index) => Buffer.from(text.slice(at[index], to), 'latin1'));
}

function streamed(secrets: readonly string[], chunks: readonly Buffer[]): string {
  const automaton = automatonOf(secrets);
  const stream = new MaskedStream(() => automaton);
  const passed = chunks.map((chunk) => Buffer.from(stream.push(chunk)));
  return Buffer.concat([...passed, stream.end()]).toString('latin1');
}

/** Few letters: secrets overlap, and begin again and again. */
const letters = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength, maxLength });
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 2, maxLength: 7 });
const secretsOf = fc.array(word, { minLength: 1, maxLength: 5 });
const cutsOf = fc.array(fc.nat(), { maxLength: 12 });
const textOf = fc.array(fc.oneof(letters(0, 6), word), { maxLength: 12 }).map((parts) => parts.join(''));

suite('a masked stream', () => {
  test('is the same however it was cut, and what the plain definition gives', () => {
    assertProperty(
      fc.property(secretsOf, textOf, cutsOf, (secrets, text, cuts) => {
        const masked = streamed(secrets, chunksOf(text, cuts));
        assert.equal(masked, wholeMasked(text, secrets));
        for (const secret of secrets) assert.ok(!masked.includes(secret), secret);
      }),
      runs(2_000),
    );
  });

  test('of bytes of any kind passes on all that is no secret', () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((all) => Buffer.from(all).toString('latin1'));
    const some = fc.array(fc.uint8Array({ minLength: 2, maxLength: 5 }), { maxLength: 4 });
    assertProperty(
      fc.property(bytes, some, fc.array(fc.nat(), { maxLength: 6 }), cutsOf, (rest, found, places, cuts) => {
        const secrets = found.map((all) => Buffer.from(all).toString('latin1'));
        const text = places.reduce((before, place) => {
          const at = place % (before.length + 1);
          return before.slice(0, at) + (secrets[place % secrets.length] ?? '') + before.slice(at);
        }, rest);
        assert.equal(streamed(secrets, chunksOf(text, cuts)), wholeMasked(text, secrets));
      }),
      runs(1_000),
    );
  });

  test('holds back no more than what is the beginning of a secret', () => {
    assertProperty(
      fc.property(secretsOf, textOf, cutsOf, (secrets, text, cuts) => {
        const automaton = automatonOf(secrets);
        const stream = new MaskedStream(() => automaton);
        let given = '';
        let passed = '';
        for (const chunk of chunksOf(text, cuts)) {
          given += chunk.toString('latin1');
          passed += stream.push(chunk).toString('latin1');
          const begun = secrets.flatMap((secret) =>
            Array.from({ length: secret.length - 1 }, (_, at) => secret.slice(0, at + 1)),
          );
          const held = Math.max(
            0,
            ...begun.filter((part) => given.endsWith(part)).map(({ length }) => length),
          );
          const all = wholeMasked(given, secrets);
          assert.ok(all.startsWith(passed), `${all} begins with ${passed}`);
          // What is masked may still grow into what comes; of the rest nothing else is held back.
          assert.ok(all.slice(passed.length).replaceAll('***', '').length <= held);
          if (held === 0) assert.equal(passed, all);
        }
      }),
      runs(500),
    );
  });

  test('gives the very chunk where nothing is secret, and where it has none', () => {
    const chunk = Buffer.from('nothing of the kind\n');
    assert.equal(new MaskedStream(() => undefined).push(chunk), chunk);
    const automaton = automatonOf(['sesame']);
    assert.equal(new MaskedStream(() => automaton).push(chunk), chunk);
  });

  test('finds what has become secret meanwhile, and goes on with what it holds', () => {
    let automaton: Automaton | undefined = automatonOf(['sesame']);
    const stream = new MaskedStream(() => automaton);
    const passed = [stream.push(Buffer.from('ses')).toString()];
    automaton = automatonOf(['sesame', 'esau', 'same']);
    passed.push(stream.push(Buffer.from('au sesa')).toString(), stream.push(Buffer.from('me.')).toString());
    passed.push(stream.end().toString());
    assert.equal(passed.join(''), 's*** ***.');
  });
});

suite('a masked text', () => {
  const mask = (text: string, ...secrets: readonly string[]) =>
    maskText(new Automaton(secrets.map((secret) => Buffer.from(secret))), text);

  test('is the same text where there is none', () => {
    assert.equal(mask('ready after 3 ms', 'sesame'), 'ready after 3 ms');
  });

  test('shows nothing of a secret that was cut off', () => {
    assert.equal(mask('psql postgres://me:open-ses…', 'open-sesame'), 'psql postgres://me:***…');
    assert.equal(mask('was op… and open-sesame', 'open-sesame'), 'was op… and ***');
  });

  test('keeps characters of several bytes', () => {
    assert.equal(mask('grün: schlüssel … ß', 'schlüssel'), 'grün: *** … ß');
  });
});
