/**
 * What services wrote, for those who ask later, or listen.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { LogHistory } from '../../../src/control/server/log-history.ts';
import { assertProperty } from '../../support/assert-property.ts';

type Write = readonly [service: string, text: string | undefined, attempt?: number];

/** Each write is one millisecond later. */
function createLab() {
  let ms = 0;
  const history = new LogHistory({ time: () => `t${ms}`, ms: () => ms });
  const write = (...[service, text, attempt = 1]: Write): void => {
    ms += 1;
    const chunk = text === undefined ? undefined : Buffer.from(text);
    history.add(service, attempt, 'stdout', chunk);
    chunk?.fill('?');
  };
  return { history, write };
}

suite('what services wrote', () => {
  test('whole lines come in the order in which they were finished, each with its service, instance and moment', () => {
    const { history, write } = createLab();
    write('a', 'one\ntw');
    write('b', 'uno\n');
    write('a', 'o\n', 1);
    write('a', 'three\nunfinished', 2);
    assert.deepEqual(
      history.lines().map(({ service, attempt, ms, text }) => [service, attempt, ms, text]),
      [
        ['a', 1, 1, 'one'],
        ['b', 1, 2, 'uno'],
        ['a', 1, 3, 'two'],
        ['a', 2, 4, 'three'],
      ],
    );
    assert.deepEqual(
      history.lines(new Set(['b'])).map(({ text }) => text),
      ['uno'],
    );
    assert.deepEqual(history.lines(new Set(['c'])), []);
  });

  test('what is unfinished when its stream ends is a line', () => {
    const { history, write } = createLab();
    write('a', 'half');
    assert.deepEqual(history.lines(), []);
    write('a', undefined);
    assert.deepEqual(
      history.lines().map(({ text }) => text),
      ['half'],
    );
  });

  test('the last line is that of the instance, however much others wrote since', () => {
    const { history, write } = createLab();
    write('a', 'first\nlast of one\n', 1);
    write('a', 'x\n'.repeat(1_000), 2);
    write('a', 'last of two\nunfinished', 2);
    assert.equal(history.lastLine('a', 1), 'last of one');
    assert.equal(history.lastLine('a', 2), 'last of two');
    assert.equal(history.lastLine('a', 3), undefined);
    assert.equal(history.lastLine('b', 1), undefined);
  });

  test('a listener hears lines that end from now on, also those that had begun before', () => {
    const { history, write } = createLab();
    write('a', 'old\nbeg');
    const heard: string[] = [];
    const leave = history.listen((lines) => {
      for (const { service, text, ms } of lines) heard.push(`${service} ${text} ${ms}`);
    });
    write('b', 'other\n');
    write('a', 'un\nnext\n');
    leave();
    write('a', 'unheard\n');
    assert.deepEqual(heard, ['b other 2', 'a begun 3', 'a next 3']);
  });

  test('a second listener hears the same from its beginning on, and goes on when the first has left', () => {
    const { history, write } = createLab();
    const [first, second]: [string[], string[]] = [[], []];
    const leave = history.listen((lines) => void first.push(...lines.map(({ text }) => text)));
    write('a', 'one\nha');
    history.listen((lines) => void second.push(...lines.map(({ text }) => text)));
    leave();
    write('a', 'lf\n');
    assert.deepEqual([first, second], [['one'], ['half']]);
  });

  test('when all have left and one comes again, nothing is told twice or torn', () => {
    const { history, write } = createLab();
    history.listen(() => undefined)();
    write('a', 'one\ntw');
    const heard: string[] = [];
    history.listen((lines) => void heard.push(...lines.map(({ text }) => text)));
    write('a', 'o\n');
    assert.deepEqual(heard, ['two']);
  });

  test('the last so many lines are the end of all of them', () => {
    const writes = fc.array(
      fc.tuple(
        fc.constantFrom('a', 'b'),
        fc.constantFrom(
          ...[
            'x\n',
            'y',
            'one\ntwo\n',
            'ha\nlf',
            '\n\n',
            undefined,
            'z\n'.repeat(700),
            'w'.repeat(50_000),
            `${'w'.repeat(65_000)}\nu\nv`,
          ],
        ),
        fc.integer({ min: 1, max: 2 }),
        fc.constantFrom('stdout', 'stderr'),
      ),
      { maxLength: 25 },
    );
    assertProperty(
      fc.property(writes, fc.constantFrom(0, 1, 2, 5, 800), (all, most) => {
        let ms = 0;
        const history = new LogHistory({ time: () => `t${ms}`, ms: () => ms });
        for (const [service, text, attempt, stream] of all) {
          ms += 1;
          history.add(service, attempt, stream, text === undefined ? undefined : Buffer.from(text));
        }
        for (const service of ['a', 'b']) {
          const whole = history.lines(new Set([service]));
          const few = history.lines(new Set([service]), most);
          const count = Math.min(most, whole.length);
          assert.ok(few.length >= count, `${few.length} of ${count}`);
          if (count > 0) assert.deepEqual(few.slice(-count), whole.slice(-count));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('G9: of a flood of tiny lines asking for the last ones looks only at those', () => {
    const { history, write } = createLab();
    for (let chunk = 0; chunk < 10; chunk++) write('a', 'x\n'.repeat(30_000));
    const lines = history.lines(undefined, 100);
    assert.ok(lines.length >= 100 && lines.length <= 110, `${lines.length}`);
  });
});
