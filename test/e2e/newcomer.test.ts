/**
 * The first session of somebody who knows nothing yet: what `npm pack` makes is installed in an empty project, and used there as the
 * README says. And the lock file, by which `npm ci` installs a fresh clone.
 *
 * What the package needs comes from the registry. Where that can't be reached nothing can be installed: those tests are skipped.
 */
import assert from 'node:assert/strict';
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, type TestContext, test } from 'node:test';
import { removeClaimsOn } from '../support/claims-on.ts';
import { CTRL_C, insideTerminal, press } from '../support/inside-terminal.ts';
import { readText } from '../support/manual.ts';
import { NPM_PACK } from '../support/npm-pack.ts';
import { render } from '../support/render.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { type OrderlyEnd, type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** That there is a newer npm is told at times, and is nothing of ours. */
const env = { npm_config_update_notifier: 'false', TERM: 'xterm' };
const QUIET = ['--no-audit', '--no-fund'];

/** What `npm run up` prints itself: these before, and nothing after. */
const BANNER = ['> shop@1.0.0 up', '> orderly up'];

const server = `const server = require('node:http').createServer((_, answer) => answer.end('hello'));
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port));
`;
const visit = `fetch('http://127.0.0.1:' + process.argv[2]).then((answer) => answer.text()).then(console.log);
`;

const folder = mkdtempSync(join(tmpdir(), 'orderly-newcomer-'));
const project = join(folder, 'shop');
const configFile = join(project, 'supervisor.yaml');

after(() => {
  removeClaimsOn(project);
  rmSync(folder, { recursive: true, force: true });
});

function manifestOf(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest;
}

function start(t: TestContext, cwd: string, ...instead: readonly string[]): OrderlyRun {
  return runOrderly(t, { cwd, env, instead });
}

/** Runs it in the project. */
function inProject(t: TestContext, ...command: readonly string[]): Promise<OrderlyEnd> {
  return start(t, project, ...command).ended;
}

/** As the README has it: ours by its long name, and nothing else. */
function orderly(t: TestContext, ...args: readonly string[]): Promise<OrderlyEnd> {
  return inProject(t, 'npx', '--no-install', 'orderlyd', ...args);
}

function written(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

interface Installation {
  /** Of `npm install`; undefined: it was not tried. */
  readonly end: OrderlyEnd | undefined;
  /** Why it was not. */
  readonly skipped: string;
}

let installing: Promise<Installation> | undefined;

/** Once for all tests. */
function installed(t: TestContext): Promise<Installation> {
  installing ??= install(t);
  return installing;
}

async function install(t: TestContext): Promise<Installation> {
  // What an earlier try has kept would answer without the registry.
  const once = ['--fetch-retries=0', '--fetch-timeout=5000', '--cache', join(folder, 'nothing-kept')];
  const asked = await start(t, folder, 'npm', 'view', 'yaml', 'version', ...once).ended;
  if (asked.status !== 0)
    return { end: undefined, skipped: `the registry can not be reached: ${asked.stderr[0]}` };
  const packing = [...NPM_PACK, '--pack-destination', folder, repositoryRoot()];
  const packed = await start(t, folder, 'npm', ...packing).ended;
  assert.equal(packed.status, 0, packed.stderr.join('\n'));
  mkdirSync(project);
  assert.equal((await inProject(t, 'npm', 'init', '-y')).status, 0);
  const scripts = { dev: 'node server.js', up: 'orderly up' };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ ...manifestOf(project), scripts }));
  writeFileSync(join(project, 'server.js'), server);
  writeFileSync(join(project, 'visit.js'), visit);
  const archive = join('..', packed.stdout.at(-1)!);
  const told = [...QUIET, '--prefer-offline', '--foreground-scripts'];
  return { end: await inProject(t, 'npm', 'install', '--save-dev', archive, ...told), skipped: '' };
}

suite('a newcomer', { timeout: 120_000 }, () => {
  test('the package is installed, under both names, and runs no script for that', async (t) => {
    const { end, skipped } = await installed(t);
    if (end === undefined) return t.skip(skipped);
    assert.equal(end.status, 0, end.stderr.join('\n'));
    assert.deepEqual(
      end.stdout.filter((line) => line.startsWith('> orderlyd@')),
      [],
    );
    const ours = manifestOf(join(project, 'node_modules/orderlyd'));
    const hooks = ['preinstall', 'install', 'postinstall'];
    assert.deepEqual(
      hooks.filter((hook) => hook in ours.scripts),
      [],
    );
    // Newer ones name each package that has scripts.
    assert.deepEqual(
      end.stderr.filter((line) => /^npm (?!warn install-scripts)/.test(line)),
      [],
    );
    for (const name of ['orderly', 'orderlyd'])
      accessSync(join(project, 'node_modules/.bin', name), constants.X_OK);
    const version = await orderly(t, '--version');
    assert.deepEqual([version.status, version.stdout, version.stderr], [0, [ours.version], []]);
  });

  test('G5 G8: init, up by a script of npm, and Ctrl-C at a terminal', async (t) => {
    const { end: ready, skipped } = await installed(t);
    if (ready === undefined) return t.skip(skipped);
    const made = await orderly(t, 'init');
    assert.deepEqual([made.status, made.stderr], [0, []]);
    assert.match(made.stdout[0] ?? '', /^wrote supervisor\.yaml: its service "app" runs: npm run dev$/);
    const first = readFileSync(configFile, 'utf8');
    const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(first) ?? [];
    assert.ok(existsSync(join(project, schema)), schema);
    const checked = await orderly(t, 'check');
    assert.deepEqual([checked.status, checked.stdout.at(-1), checked.stderr], [0, 'nothing wrong', []]);

    const known = first.replace(/^ {4}# ready: .*$/m, "    ready: { log: 'listening on .*:(?<port>\\d+)' }");
    assert.notEqual(known, first);
    writeFileSync(
      configFile,
      `${known}  visit: { type: task, command: "node visit.js \${app.port}", depends_on: [app] }\n`,
    );
    const run = start(t, project, ...insideTerminal(), 'npm', 'run', 'up');
    await run.line(/all 2 ready after/);
    press({ folder: project }, CTRL_C);
    const end = await run.ended;
    assert.deepEqual([end.status, end.stderr], [130, []]);
    const shown = written(render(end.stdout.join('\n').replace('^C', '')));
    assert.ok(shown.includes('visit | hello'), shown.join('\n'));
    assert.match(shown.at(-1) ?? '', /^orderly: stopped after .*: SIGINT$/);
    assert.deepEqual(
      shown.filter((line) => !/^(?:orderly:|app +\||visit +\|)/.test(line)),
      BANNER,
    );
  });

  test('G10: a mistake is told with its place and its remedy, and nothing is started', async (t) => {
    const { end: ready, skipped } = await installed(t);
    if (ready === undefined) return t.skip(skipped);
    const good = 'services:\n  app:\n    command: npm run dev\n  mark: { command: touch started }\n';
    writeFileSync(configFile, good.replace('command', 'comand'));
    const told = [
      'supervisor.yaml:3:5: Unknown key "comand" in service "app"',
      '      comand: npm run dev',
      '      ^~~~~~',
      '  Did you mean "command"?',
    ];
    const refused = await inProject(t, 'npm', 'run', 'up');
    assert.deepEqual([refused.status, written(refused.stdout), refused.stderr], [2, BANNER, told]);
    assert.ok(!existsSync(join(project, 'started')));
    const checked = await orderly(t, 'check');
    assert.deepEqual([checked.status, checked.stdout, checked.stderr], [2, [], told]);

    writeFileSync(configFile, good);
    const mended = await orderly(t, 'check');
    assert.deepEqual([mended.status, mended.stdout.at(-1), mended.stderr], [0, 'nothing wrong', []]);
  });
});

suite('a fresh clone', { timeout: 60_000 }, () => {
  /** What `npm ci` says of the lock file beside such a manifest. What fits is known without the registry. */
  async function clean(t: TestContext, manifest: object): Promise<OrderlyEnd> {
    const cwd = mkdtempSync(join(folder, 'clone-'));
    copyFileSync(join(repositoryRoot(), 'package-lock.json'), join(cwd, 'package-lock.json'));
    writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
    return start(t, cwd, 'npm', 'ci', '--dry-run', '--ignore-scripts', '--offline', ...QUIET).ended;
  }

  test('is installed by npm ci: the lock file fits package.json', async (t) => {
    const manifest = manifestOf(repositoryRoot());
    const end = await clean(t, manifest);
    assert.deepEqual([end.status, end.stderr], [0, []]);
    const other = { ...manifest, dependencies: { ...manifest.dependencies, yaml: '^1.0.0' } };
    assert.equal((await clean(t, other)).status, 1);
  });

  test('is not changed by npm install: what the lock file says of the package itself is true', () => {
    const lock = JSON.parse(readText('package-lock.json')) as {
      readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    const told = lock.packages[''] ?? {};
    const manifest = JSON.parse(readText('package.json')) as Readonly<Record<string, unknown>>;
    assert.deepEqual(told, Object.fromEntries(Object.keys(told).map((key) => [key, manifest[key]])));
    const locked = ['name', 'version', 'dependencies', 'devDependencies', 'optionalDependencies', 'engines'];
    assert.deepEqual(
      locked.filter((key) => !(key in told)),
      [],
    );
  });
});
