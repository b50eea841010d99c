/** What programs get when they install the package: what is public, and nothing that a bundler can't leave out. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { cleanEnvironment } from '../../support/clean-environment.ts';
import { links, readText } from '../../support/manual.ts';
import { NPM_PACK } from '../../support/npm-pack.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

const run = promisify(execFile);
const NAMES = ['orderlyd', 'orderlyd/concurrency', 'orderlyd/service'];

interface Packed {
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

let packing: Promise<Packed> | undefined;

function packed(): Promise<Packed> {
  packing ??= run('npm', [...NPM_PACK, '--dry-run', '--json'], {
    cwd: repositoryRoot(),
    env: cleanEnvironment(),
  }).then(({ stdout }) => (JSON.parse(stdout) as [Packed])[0]);
  return packing;
}

/** What is there to be read. */
const READ =
  /^(?:README\.md|LICENSE|CHANGELOG\.md|supervisor\.yaml\.example|src\/(?:(?:concurrency|native|service)\/)?README\.md|src\/manual\/(?:[\w-]+\.md|pictures\/[\w-]+\.svg)|dist\/man\/[\w.]+\.\d|examples\/[\w-]+\/[\w.-]+)$/;

test('the package holds the program, the modules that can be imported, their declarations, and what is read alone', async () => {
  const { files, unpackedSize } = await packed();
  const paths = files.map(({ path }) => path);
  assert.deepEqual(paths.filter((path) => path.endsWith('.d.ts')).sort(), [
    'dist/lib/concurrency/index.d.ts',
    'dist/lib/index.d.ts',
    'dist/lib/service/index.d.ts',
  ]);
  const known =
    /^(?:package\.json|bin\/(?:orderly\.js|orderly-init|package\.json)|dist\/[\w.-]+\.(?:cjs|cache)|dist\/native\/helper-linux-(?:x64|arm64)|dist\/(?:openapi|supervisor\.schema)\.json|dist\/lib\/(?:\w+\/)?[\w-]+\.(?:js|d\.ts))$/;
  assert.deepEqual(
    paths.filter((path) => !known.test(path) && !READ.test(path)),
    [],
  );
  const sizeOf = (which: RegExp): number =>
    files.filter(({ path }) => which.test(path)).reduce((sum, { size }) => sum + size, 0);
  // Compiled code is as large as this Node makes it.
  const cached = sizeOf(/\.cache$/);
  const read = sizeOf(READ);
  // A tenth of this with musl.
  const helpers = files.filter(({ path }) => path.startsWith('dist/native/'));
  assert.deepEqual(
    helpers.filter(({ size }) => size > 900_000),
    [],
  );
  const program = unpackedSize - cached - read - sizeOf(/^dist\/native\//);
  assert.ok(program < 3_000_000, `${program} bytes, and ${cached} of compiled code`);
  assert.ok(read < 800_000, `${read} bytes to read`);
});

test('every link and picture of README, manual and references leads to something in the package', async () => {
  const { files } = await packed();
  const paths = files.map(({ path }) => path);
  const pages = paths.filter((path) => /^(?:README|src\/.*)\.md$/.test(path));
  assert.ok(pages.length > 20);
  const broken = pages.flatMap((page) =>
    links(readText(page))
      .filter((link) => !/^(?:[a-z]+:|#)/.test(link))
      .filter((link) => {
        const target = normalize(join(dirname(page), link.replace(/#.*/, '')));
        return !paths.some((path) => path === target || path.startsWith(`${target}/`));
      })
      .map((link) => `${page}: ${link}`),
  );
  assert.deepEqual(broken, []);
});

test('the manual pages that package.json names are in the package', async () => {
  const { man } = JSON.parse(readText('package.json')) as { readonly man: readonly string[] };
  const paths = (await packed()).files.map(({ path }) => path);
  assert.deepEqual(
    man.filter((page) => !paths.includes(page)),
    [],
  );
  assert.ok(man.length > 1);
});

test('declarations name no file of the sources, and the compiler finds nothing wrong with them', async () => {
  for (const folder of ['', 'concurrency', 'service']) {
    const text = readFileSync(join(repositoryRoot(), 'dist/lib', folder, 'index.d.ts'), 'utf8');
    const sources = [...text.matchAll(/from '([^']+)'/g)].map(([, source]) => source!);
    assert.deepEqual(
      sources.filter((source) => !/^node:|^\.\/concurrency\/index\.js$/.test(source)),
      [],
    );
  }
  const tsc = join(repositoryRoot(), 'node_modules/.bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', 'node'];
  const lib = ['--lib', 'es2023,esnext.disposable', '--ignoreConfig'];
  const files = ['index', 'concurrency/index', 'service/index'].map((name) => `dist/lib/${name}.d.ts`);
  await run(tsc, [...options, ...lib, ...files], { cwd: repositoryRoot() });
});

for (const name of NAMES) {
  test(`a bundler leaves out ${name} where nothing of it is used`, async () => {
    const bundled = async (contents: string): Promise<string> => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: repositoryRoot() },
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'node',
        packages: 'bundle',
        logLevel: 'silent',
        external: ['yaml', 'koffi'],
      });
      return outputFiles[0]!.text;
    };
    assert.ok((await bundled(`import * as all from '${name}'; console.log(all);`)).length > 1000);
    assert.ok((await bundled(`import * as all from '${name}'; console.log('alone');`)).length < 100);
  });
}

test('require gives what import does', async (t) => {
  if (!('require_module' in process.features)) return t.skip('this Node can not require a module');
  const names = NAMES.map((name) => `Object.keys(require('${name}')).length`).join(', ');
  const program = `console.log(JSON.stringify([${names}]))`;
  const { stdout } = await run(process.execPath, ['--input-type=commonjs', '-e', program], {
    cwd: repositoryRoot(),
    env: cleanEnvironment(),
  });
  const imported = await Promise.all(NAMES.map(async (name) => Object.keys(await import(name)).length));
  assert.deepEqual(JSON.parse(stdout), imported);
});
