// node .build/bundle.js
// Bundles the command line into dist/: one CommonJS file that loads fast, and each heavy package in a file of its
// own, loaded when it is needed. An ES module bundle of the same takes about 10 ms longer to start.
import childProcess, { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const outdir = 'dist';
const lazy = ['chalk', 'yaml'];
// Commands that run no services: whoever runs some doesn't load them.
const lazyCommands = ['timeline', 'completion', 'help'];
// Parts of commands that others don't load.
const lazyParts = {
  agent: 'src/cli/client/agent/agent.ts',
  'names-in-files': 'src/cli/client/names-in-files.ts',
  importers: 'src/importers/import-text.ts',
};
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
  // What package.json says of side effects is said of what programs import, not of the sources.
  ignoreAnnotations: true,
  // Less text to keep in memory; names stay, for the stack of a bug.
  minifyWhitespace: true,
  minifySyntax: true,
  // import() of a file beside the bundle becomes require(): the loader of ES modules alone costs more than the file.
  supported: { 'dynamic-import': false },
};

const besideTheBundle = {
  name: 'beside-the-bundle',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(${lazy.join('|')})$`) }, ({ path }) => ({
      path: `./${path}.cjs`,
      external: true,
    }));
    onResolve(
      { filter: new RegExp(`^\\./(${lazyCommands.join('|')}|client)\\.ts$`) },
      ({ path, importer, kind }) =>
        kind === 'dynamic-import' && /\/src\/(?:cli\/program|main)\.ts$/.test(importer)
          ? { path: path.replace('.ts', '.cjs'), external: true }
          : undefined,
    );
    for (const [name, file] of Object.entries(lazyParts)) {
      onResolve({ filter: new RegExp(`/${basename(file)}$`) }, ({ kind }) =>
        kind === 'dynamic-import' ? { path: `./${name}.cjs`, external: true } : undefined,
      );
    }
    // Its binary lies in a package of its own: it can't be bundled.
    onResolve({ filter: /^koffi$/ }, ({ path }) => ({ path, external: true }));
  },
};

// The parser of the command line loads what starts processes, for commands that are programs of their own; we have none.
const processesWhenUsed = {
  name: 'processes-when-used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path, namespace }) =>
      namespace === 'when-used' ? { path, external: true } : { path, namespace: 'when-used' },
    );
    onLoad({ filter: /.*/, namespace: 'when-used' }, () => ({
      contents: Object.keys(childProcess)
        .map(
          (name) =>
            `Object.defineProperty(exports, '${name}', { enumerable: true, get: () => require('node:child_process').${name} });`,
        )
        .join('\n'),
    }));
  },
};

// What `bin/orderly.js` runs: one function, of what a module is handed.
const started = {
  ...common,
  charset: 'ascii',
  banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
  footer: { js: '})' },
};

await Promise.all([
  build({
    ...started,
    entryPoints: { orderly: 'src/main.ts' },
    outdir,
    outExtension: { '.js': '.cjs' },
    define: { ORDERLY_VERSION: JSON.stringify(version) },
    plugins: [besideTheBundle],
  }),
  build({
    ...common,
    entryPoints: {
      ...Object.fromEntries(lazyCommands.map((name) => [name, `src/cli/${name}.ts`])),
      ...lazyParts,
    },
    outdir,
    outExtension: { '.js': '.cjs' },
    plugins: [besideTheBundle],
  }),
  build({
    ...started,
    entryPoints: { client: 'src/client.ts' },
    outdir,
    outExtension: { '.js': '.cjs' },
    define: { ORDERLY_VERSION: JSON.stringify(version) },
    plugins: [besideTheBundle, processesWhenUsed],
  }),
  build({
    ...common,
    entryPoints: Object.fromEntries(lazy.map((name) => [name, name])),
    outdir,
    outExtension: { '.js': '.cjs' },
  }),
]);
// The library: a module for each name that programs import. They share what they have in common, so that there is one kernel
// with one idea of where a task is. Whole, they load several times as fast as the files that they are made of.
rmSync(`${outdir}/lib/chunks`, { recursive: true, force: true });
// What another version of Node was built for is of an older bundle.
for (const file of existsSync(outdir) ? readdirSync(outdir) : [])
  if (file.endsWith('.cache')) rmSync(`${outdir}/${file}`);
await build({
  ...common,
  entryPoints: ['index', 'concurrency/index', 'service/index'].map((name) => ({
    in: `src/${name}.ts`,
    out: name,
  })),
  outdir: `${outdir}/lib`,
  format: 'esm',
  splitting: true,
  supported: {},
  packages: 'external',
  chunkNames: 'chunks/[name]-[hash]',
  // It is read where a program's trace leads.
  minifyWhitespace: false,
  minifySyntax: false,
});

for (const name of ['orderly', 'client']) {
  const [foreign] = /.{0,40}[^\0-\x7f]/.exec(readFileSync(`${outdir}/${name}.cjs`, 'utf8')) ?? [];
  if (foreign !== undefined)
    throw new Error(`write it as an escape, ${name}.cjs is read as ASCII: ${JSON.stringify(foreign)}`);
  const cached = spawnSync(process.execPath, ['.build/make-cache.cjs', outdir, name], { encoding: 'utf8' });
  if (cached.status === 0) continue;
  process.stderr.write(cached.stderr);
  throw new Error('the code cache could not be made');
}
