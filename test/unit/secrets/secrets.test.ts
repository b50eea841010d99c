/**
 * What counts as secret, and in what it is masked.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { StreamName } from '../../../src/events/event.ts';
import { Secrets } from '../../../src/secrets/secrets.ts';

function secretsOf(variables: Readonly<Record<string, string>>): Secrets {
  const looksSecret = (name: string) => name.includes('TOKEN');
  const secrets = new Secrets({ looksSecret, known: new Set(['postgres']) });
  secrets.add(Object.entries(variables));
  return secrets;
}

suite('what is secret', () => {
  const TEXTS: readonly (readonly [
    variables: Readonly<Record<string, string>>,
    text: string,
    shown: string,
  ])[] = [
    [{ A: 'sesame' }, 'it is sesame.', 'it is ***.'],
    [{ A: 'short' }, 'it is short.', 'it is short.'],
    [{ A_TOKEN: 'four' }, 'it is four.', 'it is ***.'],
    [{ A_TOKEN: 'yes' }, 'oh yes', 'oh yes'],
    [{ A: '  in blanks ' }, '(in blanks)', '(***)'],
    [{ A: 'first line\r\n\nsecond line\nend' }, 'end second line, first line', 'end ***, ***'],
    [{ A: 'with "quotes"' }, 'it said {"a":"with \\"quotes\\""}', 'it said {"a":"***"}'],
    [{ A: 'p@ss/word' }, 'pg://me:p%40ss%2Fword@db', 'pg://me:***@db'],
    [{ DB_USER: 'postgres' }, 'needs postgres', 'needs postgres'],
    [{ A: 'sesame', B: 'amelie' }, 'sesamelie', '***'],
  ];

  for (const [variables, text, shown] of TEXTS)
    test(`${JSON.stringify(variables)} in ${JSON.stringify(text)}`, () => {
      assert.equal(secretsOf(variables).text(text), shown);
    });

  test('is so for good, whatever comes later', () => {
    const secrets = secretsOf({ A: 'sesame-1' });
    secrets.add([['A', 'sesame-2']]);
    assert.equal(secrets.text('sesame-1 sesame-2 sesame-3'), '*** *** sesame-3');
  });
});

suite('facts', () => {
  test('are masked but for the names by which programs find each other', () => {
    const { data } = secretsOf({ A: 'orders', B: 'sesame' });
    const fact = {
      ...{ type: 'service.failed', service: 'orders', cause: 'no orders', due_to: 'orders' },
      output: ['a sesame', 'b'],
      values: { name: 'sesame', orders: 'x' },
      services: [{ service: 'orders', why: 'sesame' }],
      definitions: { orders: { labels: { team: 'orders' } } },
    };
    assert.deepEqual(data(fact), {
      ...{ type: 'service.failed', service: 'orders', cause: 'no ***', due_to: 'orders' },
      output: ['a ***', 'b'],
      values: { name: '***', orders: 'x' },
      services: [{ service: 'orders', why: '***' }],
      definitions: { orders: { labels: { team: 'orders' } } },
    });
  });

  test('in which nothing is secret are the very same', () => {
    const fact = { type: 'run.note', text: 'nothing', values: { a: 'b' } };
    assert.equal(secretsOf({ A: 'sesame' }).data(fact), fact);
    assert.equal(secretsOf({}).data(fact), fact);
  });
});

suite('output', () => {
  test('has a stream each, and what was held comes before its end', () => {
    const got: string[] = [];
    const sink = secretsOf({ A: 'sesame' }).output((stream, chunk) =>
      got.push(`${stream} ${chunk ?? 'ends'}`),
    );
    const write = (stream: StreamName, text?: string) =>
      sink(stream, text === undefined ? undefined : Buffer.from(text));
    write('stdout', 'open ses');
    write('stderr', 'ame');
    write('stdout', 'ame, ses');
    write('stdout');
    write('stderr');
    assert.deepEqual(got, [
      ...['stdout open ', 'stderr ame', 'stdout ***, ', 'stdout ses', 'stdout ends', 'stderr ends'],
    ]);
  });

  test('is handed on as it is as long as nothing is secret, and masked from then on', () => {
    const secrets = secretsOf({});
    const got: Buffer[] = [];
    const sink = secrets.output((_stream, chunk) => got.push(chunk ?? Buffer.alloc(0)));
    const chunk = Buffer.from('sesame');
    sink('stdout', chunk);
    secrets.add([['A', 'sesame']]);
    sink('stdout', chunk);
    assert.equal(got[0], chunk);
    assert.deepEqual(got.slice(1).join(''), '***');
  });

  test('in whole lines needs no stream', () => {
    const { lines } = secretsOf({ A: 'sesame' });
    assert.equal(lines(Buffer.from('a sesame\nses')).toString(), 'a ***\nses');
  });
});
