/**
 * Which commands the words of `orderly all` are. The rows on shortcuts, wildcards and placeholders are what the manual of
 * concurrently 9 says of them (docs/cli/shortcuts.md, docs/cli/passthrough-arguments.md), in our own examples.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Asked, commands, problems } from './plan.ts';

const LINT = ['lint:js', 'lint:ts', 'lint:fix:js', 'lint:fix:ts', 'build'];
const DEV = ['start', 'dev-web', 'dev-api', 'dev'];

interface Row extends Asked {
  readonly name: string;
  readonly commands: readonly string[];
}

function holds(rows: readonly Row[]): void {
  for (const { name, commands: expected, ...asked } of rows)
    test(name, () => assert.deepEqual(commands(asked), expected));
}

suite('shortcuts', () => {
  holds([
    ...(
      [
        ['npm', 'npm run'],
        ['pnpm', 'pnpm run'],
        ['yarn', 'yarn run'],
        ['bun', 'bun run'],
        ['node', 'node --run'],
        ['deno', 'deno task'],
      ] as const
    ).map(([runner, written]) => ({
      name: `${runner}:x is ${written} x, by the name of the script`,
      words: [`${runner}:build`],
      scripts: ['build'],
      commands: [`build: ${written} build`],
    })),
    {
      name: 'what follows the script stays as it is',
      words: ['npm:build -- --watch "$DIR"'],
      scripts: ['build'],
      commands: ['build: npm run build -- --watch "$DIR"'],
    },
    {
      name: 'a star stands for the scripts that fit, in the order of the file, by what it stands for',
      words: ['npm:dev-*'],
      scripts: DEV,
      commands: ['web: npm run dev-web', 'api: npm run dev-api'],
    },
    {
      name: 'a star for nothing gives the name of the script',
      words: ['npm:dev*'],
      scripts: ['dev', 'dev2'],
      commands: ['dev: npm run dev', '2: npm run dev2'].toReversed(),
    },
    {
      name: 'what is in (!…) leaves out',
      words: ['yarn:lint:*(!fix)'],
      scripts: LINT,
      commands: ['js: yarn run lint:js', 'ts: yarn run lint:ts'],
    },
    {
      name: 'a pattern that is written out is one too, with its arguments',
      words: ['npm run dev-* -- --port 0'],
      scripts: DEV,
      commands: ['web: npm run dev-web -- --port 0', 'api: npm run dev-api -- --port 0'],
    },
    {
      name: 'a star elsewhere is for the shell',
      words: ['npm run build -- src/*', 'ls *'],
      scripts: [],
      commands: ['npm: npm run build -- src/*', 'ls: ls *'],
    },
    {
      name: 'a script whose name means something to a shell is quoted',
      words: ['npm:b*'],
      scripts: ['b $(rm) it'],
      commands: ["rm-it: npm run 'b $(rm) it'"],
    },
    {
      name: 'a name before a pattern stands before what the star stands for',
      words: ['npm:dev-*'],
      names: 'my-',
      scripts: DEV,
      commands: ['my-web: npm run dev-web', 'my-api: npm run dev-api'],
    },
    {
      name: 'Deno has its own tasks, and the scripts of the package behind them',
      words: ['deno:dev-*'],
      files: { '/app/deno.jsonc': '{ // mine\n "tasks": { "dev-sass": "x", /* a "comment" */ }, }' },
      scripts: DEV,
      commands: ['sass: deno task dev-sass', 'web: deno task dev-web', 'api: deno task dev-api'],
    },
    {
      name: 'the package is that of the folder or of the nearest one above it, as for npm',
      words: ['npm:dev-*'],
      cwd: '/app/src/deep',
      scripts: DEV,
      commands: ['web: npm run dev-web', 'api: npm run dev-api'],
    },
    {
      name: 'a script that an option looks for elsewhere is not looked for here',
      words: ['npm:dev -w web', 'pnpm:dev --filter web'],
      scripts: [],
      commands: ['dev-0: npm run dev -w web', 'dev-1: pnpm run dev --filter web'],
    },
    {
      name: 'yarn and bun run programs too, and npm has two scripts of its own',
      words: ['yarn:tsc', 'bun:server.ts', 'npm:env'],
      names: 'a,b',
      commands: ['a: yarn run tsc', 'b: bun run server.ts', 'env: npm run env'],
      scripts: [],
    },
    {
      name: 'quotes around a whole word fall, and others stay',
      words: ['"echo hi"', "'echo ho'", '"my prog" "my arg"'],
      commands: ['echo-0: echo hi', 'echo-1: echo ho', 'my: "my prog" "my arg"'],
    },
    {
      name: 'what is behind -- are commands, without -P',
      words: ['a'],
      behind: ['b', '{1}'],
      commands: ['a: a', 'b: b', '1: {1}'].toSorted((one) => (one.startsWith('1') ? -1 : 0)),
    },
  ]);
});

suite('what is behind --, with -P', () => {
  const passed = (command: string, ...behind: readonly string[]): string =>
    commands({ words: [command], behind, names: 'x', passthroughArguments: true })[0]!.slice(3);

  test('one, all, and all as one', () => {
    assert.equal(passed('echo {1}', 'a', 'b'), 'echo a');
    assert.equal(passed('echo {2}{1}', 'a', 'b'), 'echo ba');
    assert.equal(passed('echo {@}', 'a', 'b c'), "echo a 'b c'");
    assert.equal(passed('echo {*}', 'a', 'b c'), "echo 'a b c'");
  });

  test('each is one word for the shell, whatever is in it', () => {
    assert.equal(passed('echo {1}', "it's $HOME"), "echo 'it'\\''s $HOME'");
    assert.equal(passed('echo {1}', ''), "echo ''");
  });

  test('what is missing is nothing, and what stands behind a backslash is meant', () => {
    assert.equal(passed('echo {3}', 'a'), 'echo ');
    assert.equal(passed('echo {@}{*}{1}'), 'echo ');
    assert.equal(passed('echo \\{1} \\{@} \\{*} {0} ${HOME} {a}', 'a'), 'echo {1} {@} {*} {0} ${HOME} {a}');
  });
});

suite('names', () => {
  holds([
    {
      name: 'they are given in order, and the others are made of the first word',
      words: ['node api.js', 'PORT=1 ./bin/serve --all', 'php artisan serve'],
      names: 'api',
      commands: ['api: node api.js', 'serve: PORT=1 ./bin/serve --all', 'php: php artisan serve'],
    },
    {
      name: 'those that would be one have their number too',
      words: ['node a.js', 'sh x', 'node b.js'],
      commands: ['node-0: node a.js', 'sh: sh x', 'node-2: node b.js'],
    },
    {
      name: 'scripts that would be one have their whole names',
      words: ['npm:a-*', 'npm:b-*'],
      scripts: ['a-js', 'b-js', 'b-css'],
      commands: ['a-js: npm run a-js', 'b-js: npm run b-js', 'css: npm run b-css'],
    },
    {
      name: 'a made one gives way to a given one',
      words: ['node a.js', 'node b.js'],
      names: ',node',
      commands: ['node-0: node a.js', 'node: node b.js'],
    },
    {
      name: 'another separator',
      words: ['a', 'b'],
      names: 'x|y',
      nameSeparator: '|',
      commands: ['x: a', 'y: b'],
    },
    {
      name: 'by number, if that is what stands before the lines',
      words: ['a', 'b'],
      names: 'x,y',
      prefix: 'index',
      commands: ['0: a', '1: b'],
    },
    {
      name: 'a command of which nothing could be a name',
      words: ['((:))', '$X'],
      commands: ['command: ((:))', 'X: $X'],
    },
  ]);
});

suite('what is wrong is told all at once, a sentence each', () => {
  const rows: readonly (readonly [string, Asked, readonly RegExp[]])[] = [
    ['no command', { words: [] }, [/^Name the commands to run/]],
    [
      'nothing but arguments',
      { words: [], behind: ['a'], passthroughArguments: true },
      [/^Name the commands/],
    ],
    ['an empty command', { words: ['a', ' '] }, [/^A command is empty/]],
    [
      'an unknown script, and a pattern that fits nothing',
      { words: ['npm:dve', 'npm:x-*', 'npm:dev'], scripts: ['dev'] },
      [
        /^Cannot run "npm:dve": "\/app\/package.json" has no script "dve"; Did you mean "dev"\?$/,
        /^Cannot run "npm:x-\*": no script of "\/app\/package.json" fits; it has dev$/,
      ],
    ],
    ['no package', { words: ['npm:dev'] }, [/^Cannot run "npm:dev": there is no package.json in "\/app"/]],
    [
      'a package that is none',
      { words: ['npm:dev'], files: { '/app/package.json': '{ scripts' } },
      [/^Cannot run "npm:dev": "\/app\/package.json" is no JSON: /],
    ],
    ['no scripts', { words: ['npm:d*'], files: { '/app/package.json': '[]' } }, [/fits; it has none$/]],
    ['no expression', { words: ['npm:d*(!\\)'], scripts: ['d'] }, [/leaves out is no regular expression/]],
    ['a name twice', { words: ['a', 'b'], names: 'x,x' }, [/^Two commands are called "x"/]],
    [
      'a name that can be none',
      { words: ['a'], names: 'a b' },
      [/^The name "a b" of --names must be letters/],
    ],
    ['more names than commands', { words: ['a'], names: 'x,y' }, [/^--names has 2 names for one command/]],
  ];
  for (const [name, asked, expected] of rows)
    test(name, () => {
      const told = problems(asked);
      assert.equal(told.length, expected.length, told.join('\n'));
      for (const [index, one] of expected.entries()) assert.match(told[index]!, one);
    });
});
