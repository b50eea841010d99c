/**
 * Random YAML documents for the law of the quick reader: values written in many layouts, and texts spoilt at random.
 */
import fc from 'fast-check';

const NASTY_WORDS = [
  'a: b: c',
  'key:value',
  '~',
  'null',
  'Null',
  'true',
  'False',
  'yes',
  'no',
  'on',
  '0',
  '-0',
  '+5',
  '007',
  '1.10',
  '1.5',
  '0o17',
  '0x1F',
  '1e3',
  '.inf',
  '-.inf',
  '.nan',
  '.5',
  '5.',
  '1_000',
  '12:30:00',
  '@x',
  '%x',
  '`x`',
  'a#b',
  'a #b',
  '#a',
  'http://x:80/y',
  'x:',
  ':x',
  '::',
  '- x',
  '-x',
  '--',
  '---',
  '...',
  '-',
  '?',
  '? x',
  '?x',
  '!!str x',
  '!x',
  '&a x',
  '*a',
  '<<',
  '|',
  '>',
  '|-',
  '>+',
  '[',
  ']',
  '{',
  '}',
  ',',
  'a,b',
  'a, b',
  '[a]x',
  '"',
  "'",
  "it's",
  'a"b',
  '\\',
  'é',
  '日本',
  '😀',
  '\u00a0x',
  'a  b',
  '$x',
  '${A:-b}',
  '=',
  '=x',
  '<x',
  '(x)',
  '^x$',
  '127.0.0.1:80',
  '[::1]:80',
  'x y z',
  '9007199254740993',
  '1.0000000000000000001',
  '__proto__',
  'constructor',
  '.',
  '/',
  '/x',
  '5s',
  '1m30s',
  ';',
];
const KEYS = [
  'a',
  'b',
  'c',
  'name',
  'run',
  'x-y',
  'A_B',
  'com.example/x',
  '1',
  'true',
  '$k',
  'a.b',
  '__proto__',
  '<<',
  '1e1',
];

/** One in `rare` choices is from the odd ones. */
const mostly = <T>(rare: number, usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: rare - 1, arbitrary: usual }, { weight: 1, arbitrary: odd });

const usualWord = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9._/-]{0,8}$/),
  fc.constantFrom(
    'node app.js',
    'http://x:80/y',
    '127.0.0.1:80',
    '5s',
    '$x',
    'a  b',
    "it's",
    'a#b',
    '-p',
    '--x=1',
    'é',
    '12:30:00',
  ),
);
const oddWord = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY_WORDS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);
const quoted = (word: fc.Arbitrary<string>) =>
  fc.oneof(
    word.map((text) => JSON.stringify(text)),
    word.map((text) => `'${text.replaceAll("'", "''")}'`),
  );

const gaps = ['', ' ', '\n        ', ' # note\n         ', '\n\n          '];
const indent = (lines: readonly string[], by: number) =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
const uniquely = <T>(
  entries: fc.Arbitrary<T>,
  keyOf: (entry: T) => string,
  rare: number,
  limits: { minLength?: number; maxLength: number },
) => mostly(rare, fc.uniqueArray(entries, { ...limits, selector: keyOf }), fc.array(entries, limits));

/** Documents of block collections in all layouts; about one choice in `rare` is odd, so most of them are valid. */
export function documents(rare: number): fc.Arbitrary<string> {
  const scalar = fc.oneof(
    mostly(rare, usualWord, oddWord),
    quoted(mostly(2, usualWord, oddWord)),
    mostly(rare, fc.nat().map(String), fc.double().map(String)),
    fc.constantFrom('true', 'null', 'false', '~', '1.5', '-3'),
  );
  const key = mostly(
    rare,
    fc.oneof(fc.stringMatching(/^[a-z_][\w.-]{0,6}$/), quoted(usualWord)),
    fc.oneof(fc.constantFrom(...KEYS), oddWord, quoted(oddWord)),
  );
  const gap = mostly(
    rare * 2,
    fc.constantFrom(...gaps),
    fc.constantFrom('\n', '\n ', '\n  ', '#x\n    ', ' # y\n'),
  );
  const colon = mostly(
    rare,
    fc.constantFrom(': ', ': ', ':\n        '),
    fc.constantFrom(':', ' : ', ':#', ':,'),
  );

  const { flow } = fc.letrec<{ flow: string; flowNode: string }>((tie) => ({
    flowNode: fc.oneof({ maxDepth: 3 }, scalar, tie('flow')),
    flow: fc.oneof(
      fc
        .tuple(
          fc.array(tie('flowNode'), { maxLength: 3 }),
          gap,
          gap,
          gap,
          mostly(4, fc.constant(''), fc.constant(',')),
        )
        .map(
          ([items, a, b, c, comma]) => `[${a}${items.join(`${b},${c}`)}${items.length > 0 ? comma : ''}${a}]`,
        ),
      fc
        .tuple(
          uniquely(fc.tuple(key, colon, tie('flowNode')), ([k]) => k, rare, { maxLength: 3 }),
          gap,
          gap,
        )
        .map(([pairs, a, b]) => `{${a}${pairs.map((pair) => pair.join('')).join(`,${b}`)}${a}}`),
      fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify([value])),
      mostly(
        rare,
        fc.constantFrom('[]', '{}', '[ ]', '[a, b,]', '{"a":1}'),
        fc.constantFrom('[a,,b]', '{a, b: }', '{a: 1, a: 2}', '[a: 1]', '{a:1}', '[[a]', '{a: 1]'),
      ),
    ),
  }));

  const literal = fc
    .tuple(
      mostly(
        rare,
        fc.constantFrom('|', '|-', '>', '>-', '| '),
        fc.constantFrom('|+', '|2', '|1-', '| # note', '|x'),
      ),
      fc.constantFrom('text', '# no comment', 'a: b', '- x'),
      fc.array(
        mostly(
          rare,
          fc.constantFrom('text', 'two words', '', '# no comment', '- x', 'last  '),
          fc.constantFrom('  deeper', ' ', '   '),
        ),
        { maxLength: 4 },
      ),
    )
    .map(([header, first, lines]) => [header, first, ...lines]);

  const tail = mostly(
    rare,
    fc.constantFrom('', '', ' ', ' # note', '  #'),
    fc.constantFrom('#x', ' x', ':', ' :'),
  );
  const between = mostly(
    rare,
    fc.constantFrom<string[]>([], [], [], [''], ['# note'], ['      # deep'], ['  ']),
    fc.constantFrom<string[]>(['  x'], ['-'], ['\t']),
  );
  const deeper = mostly(rare, fc.constantFrom(2, 4, 1, 3), fc.constantFrom(0));

  const { block } = fc.letrec<{ block: string[]; list: string[]; entry: [string, string[]]; item: string[] }>(
    (tie) => ({
      block: fc.oneof(
        { maxDepth: 4 },
        uniquely(tie('entry'), ([k]) => k, rare, { minLength: 1, maxLength: 4 }).map((entries) =>
          entries.flatMap(([, lines]) => lines),
        ),
        tie('list'),
      ),
      list: fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((items) => items.flat()),
      entry: fc.oneof(
        { maxDepth: 4 },
        fc
          .tuple(key, fc.oneof(scalar, flow), tail, between)
          .map(([k, v, t, extra]): [string, string[]] => [k, [`${k}: ${v}${t}`, ...extra]]),
        fc.tuple(key, tail).map(([k, t]): [string, string[]] => [k, [`${k}:${t}`]]),
        fc
          .tuple(key, literal, deeper)
          .map(([k, [header, ...lines], by]): [string, string[]] => [
            k,
            [`${k}: ${header}`, ...indent(lines, by)],
          ]),
        fc
          .tuple(key, tail, tie('list'))
          .map(([k, t, lines]): [string, string[]] => [k, [`${k}:${t}`, ...lines]]),
        fc
          .tuple(key, tail, between, tie('block'), deeper)
          .map(([k, t, extra, lines, by]): [string, string[]] => [
            k,
            [`${k}:${t}`, ...extra, ...indent(lines, by)],
          ]),
      ),
      item: fc.oneof(
        { maxDepth: 4 },
        fc.tuple(fc.oneof(scalar, flow), tail, between).map(([v, t, extra]) => [`- ${v}${t}`, ...extra]),
        fc.tuple(literal, deeper).map(([[header, ...lines], by]) => [`- ${header}`, ...indent(lines, by)]),
        fc
          .tuple(tie('entry'), tie('entry'), fc.constantFrom(1, 1, 2, 3))
          .map(([[, [first = '', ...rest]], [, second], spaces]) => [
            `-${' '.repeat(spaces)}${first}`,
            ...indent([...rest, ...second], 1 + spaces),
          ]),
        mostly(
          rare,
          fc.constant<string[]>(['-']),
          tie('list').map(([first, ...rest]) => [`- ${first}`, ...indent(rest, 2)]),
        ),
        fc.tuple(tail, tie('block'), deeper).map(([t, lines, by]) => [`-${t}`, ...indent(lines, by)]),
      ),
    }),
  );

  const head = mostly(
    rare,
    fc.constantFrom('', '', '---\n', '# note\n', '\n', '--- # x\n'),
    fc.constantFrom('%YAML 1.2\n---\n', '---\n---\n', '--- x\n', ' '),
  );
  const end = mostly(
    rare,
    fc.constantFrom('\n', '\n', '', '\n\n', '\n# end', '\n  # end\n'),
    fc.constantFrom('\n...\n', '\n---\n', '\n}'),
  );
  return fc.tuple(head, block, end).map(([first, lines, last]) => first + lines.join('\n') + last);
}

const INSERTS = [
  ' ',
  '  ',
  '\n',
  '\t',
  ':',
  ': ',
  '-',
  '- ',
  '#',
  ' #',
  '"',
  "'",
  ',',
  '[',
  ']',
  '{',
  '}',
  '&a ',
  '*a',
  '!',
  '|',
  '>',
  '?',
  '? ',
  '%',
  '@',
  '`',
  '\\',
  '\r\n',
  '\uFEFF',
  '---\n',
  '...\n',
  'x',
  '0',
  '~',
  '\n\n',
  '\n  ',
  '\u2028',
  '\u0085',
];

/** The documents given, with a few characters inserted, removed, swapped or lines indented otherwise. */
export function spoilt(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.tuple(
    fc.nat(),
    fc.constantFrom('insert', 'insert', 'delete', 'swap', 'indent', 'outdent', 'drop line', 'twice'),
    fc.constantFrom(...INSERTS),
  );
  return fc.tuple(texts, fc.array(change, { minLength: 1, maxLength: 3 })).map(([text, changes]) =>
    changes.reduce((before, [where, how, insert]) => {
      const at = where % (before.length + 1);
      const lineStart = before.lastIndexOf('\n', at - 1) + 1;
      const nextLine = before.indexOf('\n', at) === -1 ? before.length : before.indexOf('\n', at) + 1;
      switch (how) {
        case 'insert':
          return before.slice(0, at) + insert + before.slice(at);
        case 'delete':
          return before.slice(0, at) + before.slice(at + 1);
        case 'swap':
          return (
            before.slice(0, at) +
            before
              .slice(at, at + 2)
              .split('')
              .reverse()
              .join('') +
            before.slice(at + 2)
          );
        case 'indent':
          return `${before.slice(0, lineStart)} ${before.slice(lineStart)}`;
        case 'outdent':
          return before.slice(0, lineStart) + before.slice(lineStart).replace(/^ /, '');
        case 'drop line':
          return before.slice(0, lineStart) + before.slice(nextLine);
        default:
          return before.slice(0, nextLine) + before.slice(lineStart, nextLine) + before.slice(nextLine);
      }
    }, text),
  );
}
