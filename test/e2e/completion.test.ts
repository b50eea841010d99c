/**
 * `orderly completion`: the printed scripts in real shells, which ask the real program what there is.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { ask } from '../support/control-client.ts';
import { needs } from '../support/needs.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

const shop = `
services:
  db: { command: exec sleep 1000, labels: { tier: data } }
  api: { command: exec sleep 1000, labels: { team: web } }
`;

/** What is proposed for a line that ends where the last of these words does; in the order of the shell. */
type Propose = (run: OrderlyRun, ...words: readonly string[]) => Promise<readonly string[]>;

const THE_PROGRAM = 'orderly() { "$NODE" "$ORDERLY" "$@"; }';

interface Shell {
  readonly name: 'bash' | 'zsh' | 'fish';
  /** Puts what is proposed for its arguments on lines of stdout. */
  readonly driver: string;
  readonly args: readonly string[];
}

// Completion proper needs a terminal: the function is called as the shell would call it.
const SHELLS: readonly Shell[] = [
  {
    name: 'bash',
    args: ['--norc', '-c'],
    driver: `${THE_PROGRAM}
      eval "$(orderly completion bash)"
      [[ $(complete -p orderly) == *'-F _orderly orderly' ]] || exit 9
      COMP_WORDS=(orderly "$@") COMP_CWORD=$# COMP_LINE="orderly $*"
      COMP_LINE=\${COMP_LINE// : /:} COMP_POINT=\${#COMP_LINE}
      _orderly
      printf '%s\\n' "\${COMPREPLY[@]}"`,
  },
  {
    name: 'zsh',
    args: ['-f', '-c'],
    // What belongs to its editor stands here as it would be called.
    driver: `${THE_PROGRAM}
      compdef() { [[ $1 == _orderly ]] || exit 9; }
      compset() { words[CURRENT]=\${words[CURRENT]#*=}; }
      offer() { for one in "$@"; do [[ $one == "$words[CURRENT]"* ]] && print -r -- $one; done; }
      compadd() { shift; offer "$@"; }
      _describe() { offer "\${(@)\${(P@)2}%%:*}"; }
      _files() { offer *(N); }
      _command_names() { offer \${(k)commands}; }
      eval "$(orderly completion zsh)"
      words=(orderly "$@") CURRENT=$(($# + 1))
      _orderly; true`,
  },
  {
    name: 'fish',
    args: ['--no-config', '-c'],
    driver: `function orderly; $NODE $ORDERLY $argv; end
      orderly completion fish | source
      complete -C (string join ' ' -- orderly $argv) | string replace -r '\\t.*' ''; true`,
  },
];

function proposing(t: TestContext, { name, args, driver }: Shell): Propose {
  const env = { NODE: process.execPath, ORDERLY: orderlyBin };
  return async (run, ...words) => {
    const instead = [name, ...args, driver, ...(name === 'fish' ? [] : [name]), ...words];
    const { status, stdout, stderr } = await runOrderly(t, { instead, env, cwd: run.folder }).ended;
    assert.deepEqual([status, stderr], [0, []]);
    return stdout.filter((line) => line !== '').map((line) => line.trim());
  };
}

/** A folder with a configuration that nobody runs. */
function atRest(t: TestContext, config = shop): OrderlyRun {
  return runOrderly(t, { config, args: ['schema'], files: { 'a file.yaml': config, 'b.jsonl': '' } });
}

suite('completion', { concurrency: 2, timeout: 60_000 }, () => {
  for (const shell of SHELLS) {
    const skip = needs(shell.name);
    test(`of ${shell.name}: commands, options and their values, of the command that is typed`, {
      skip,
    }, async (t) => {
      const run = atRest(t);
      const propose = proposing(t, shell);
      assert.deepEqual((await propose(run, 'st')).toSorted(), ['start', 'stop']);
      assert.deepEqual((await propose(run, '-f', 'x.yaml', 'rel')).toSorted(), ['reload']);
      assert.deepEqual((await propose(run, 'logs', '--t')).toSorted(), ['--tail', '--timestamps']);
      assert.deepEqual((await propose(run, 'restart', 'db', '--with')).toSorted(), ['--with-dependents']);
      assert.deepEqual((await propose(run, 'wait', '--for', 'st')).toSorted(), ['stopped']);
      // Bash tells an equals sign as a word of its own.
      const joined = shell.name === 'bash' ? ['--for', '=', 'st'] : ['--for=st'];
      assert.match((await propose(run, 'wait', ...joined)).join(' '), /^(?:--for=)?stopped$/);
      assert.deepEqual((await propose(run, 'graph', '--format', 'm')).toSorted(), ['mermaid']);
      assert.deepEqual(await propose(run, 'check', '--output', 'j'), ['json']);
      assert.deepEqual((await propose(run, 'completion', '')).toSorted(), ['bash', 'fish', 'zsh']);
      assert.deepEqual((await propose(run, 'help', 'sto')).toSorted(), ['stop', 'stopping']);
      assert.deepEqual(await propose(run, 'stop', '--grace', ''), []);
      assert.ok((await propose(run, 'timeline', 'b.')).includes('b.jsonl'));
      assert.ok((await propose(run, 'up', '--record', 'b')).includes('b.jsonl'));
      assert.ok((await propose(run, 'exec', 'db', '--', 'ech')).includes('echo'));
      assert.ok(!(await propose(run, '')).includes('complete'));
    });

    test(`of ${shell.name}: names and labels of what runs, else of the file`, { skip }, async (t) => {
      const propose = proposing(t, shell);
      const rest = atRest(t);
      assert.deepEqual((await propose(rest, 'up', '')).toSorted(), ['api', 'db']);
      assert.deepEqual((await propose(rest, 'up', 'd')).toSorted(), ['db']);
      assert.deepEqual((await propose(rest, 'ps', '-l', 't')).toSorted(), [
        ...['team', 'team=web', 'tier', 'tier=data'],
      ]);
      const run = runOrderly(t, { config: shop.replace('api:', 'web:') });
      await run.event('service.ready', { service: 'web' });
      const elsewhere = join(run.folder, 'supervisor.yaml');
      assert.deepEqual((await propose(rest, 'stop', '--file', elsewhere, '')).toSorted(), ['db', 'web']);
      assert.deepEqual((await propose(run, 'logs', '-f', 'w')).toSorted(), ['web']);
      assert.deepEqual((await propose(run, 'up', '--exit-code-from', 'd')).toSorted(), ['db']);
      await ask(t, run, 'down');
      await run.ended;
    });

    test(`of ${shell.name}: a name with a colon in it is finished, not begun anew`, { skip }, async (t) => {
      const config =
        'services: { "npm:dev": { command: x }, "npm:test": { command: x }, web: { command: x } }';
      const propose = proposing(t, shell);
      const run = atRest(t, config);
      // Bash tells a colon as a word of its own, and puts in what is behind it.
      const typed = shell.name === 'bash' ? ['npm', ':', 'd'] : ['npm:d'];
      const finished = shell.name === 'bash' ? 'dev' : 'npm:dev';
      assert.deepEqual(await propose(run, 'stop', ...typed), [finished]);
      assert.deepEqual((await propose(run, 'stop', '')).toSorted(), ['npm:dev', 'npm:test', 'web']);
    });

    test(`of ${shell.name}: scripts of the package, for commands that run side by side`, {
      skip,
    }, async (t) => {
      const propose = proposing(t, shell);
      const scripts = '{ "scripts": { "dev": "x", "dev:api": "x", "test": "x" } }';
      const run = runOrderly(t, { args: ['schema'], files: { 'package.json': scripts } });
      assert.deepEqual((await propose(run, 'all', '')).toSorted(), ['npm:dev', 'npm:dev:api', 'npm:test']);
      assert.deepEqual(await propose(run, 'all', '-k', 'pnpm:dev', 'bu'), [
        ...['bun:dev', 'bun:dev:api', 'bun:test'],
      ]);
      // Bash tells a colon as a word of its own, and puts in what is behind it.
      const typed = (script: string) => (shell.name === 'bash' ? ['npm', ':', script] : [`npm:${script}`]);
      const before = shell.name === 'bash' ? '' : 'npm:';
      assert.deepEqual((await propose(run, 'all', ...typed('d'))).toSorted(), [
        ...[`${before}dev`, `${before}dev:api`],
      ]);
      if (shell.name === 'bash') assert.deepEqual(await propose(run, 'all', '"npm:t'), ['npm:test']);
      assert.deepEqual(await propose(run, 'all', 'php'), []);
    });

    // A shell may expand what it is given.
    test(`of ${shell.name}: no file that somebody else wrote is executed by looking at it`, {
      skip,
    }, async (t) => {
      const propose = proposing(t, shell);
      const run = atRest(
        t,
        `
services:
  fine: { command: x, labels: { a: "$(touch harm)", b: "\`touch harm\`" } }
  "$(touch harm)": { command: x }
  "x y": { command: x }
  "; touch harm": { command: x }
  -rf: { command: x }
`,
      );
      assert.deepEqual(await propose(run, 'start', ''), ['fine']);
      assert.deepEqual((await propose(run, 'ps', '-l', '')).toSorted(), ['a', 'b']);
      assert.ok(!existsSync(join(run.folder, 'harm')));
    });
  }

  test('nothing is said where there is nothing, or it is wrong', async (t) => {
    for (const config of ['services: [', 'services: { a', '- 1', undefined]) {
      const args = ['complete', 'services', '--', 'ps', ''];
      const { status, stdout, stderr } = await runOrderly(
        t,
        config === undefined ? { args } : { args, config },
      ).ended;
      assert.deepEqual([status, stdout, stderr], [0, [], []]);
    }
    const { status, stderr } = await runOrderly(t, { args: ['completion', 'tcsh'] }).ended;
    assert.equal(status, 2);
    assert.match(stderr.join('\n'), /bash, zsh, fish/);
  });
});
