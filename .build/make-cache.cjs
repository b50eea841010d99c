// node make-cache.cjs FOLDER orderly|client: runs that bundle in FOLDER once and keeps what V8 compiled for it.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { Script } = require('node:vm');

const folder = path.resolve(process.argv[2]);
const name = process.argv[3];
const bundle = path.join(folder, `${name}.cjs`);
const project = path.join(__dirname, 'warm-up.yaml');
const script = new Script(fs.readFileSync(bundle, 'latin1'), { filename: bundle });

// What it keeps of the run is nobody's last run.
const state = fs.mkdtempSync(path.join(os.tmpdir(), 'orderly-cache-'));
process.env.XDG_STATE_HOME = state;

process.on('exit', () => {
  fs.rmSync(state, { recursive: true });
  // A cache counts only with the flags it was made with: those of the start, which the program has changed since.
  if (name === 'orderly')
    for (const flag of ['--semi-space-growth-factor=2', '--opt']) require('node:v8').setFlagsFromString(flag);
  const cache = path.join(folder, `${name}-${process.versions.v8}-${process.arch}.cache`);
  fs.writeFileSync(cache, script.createCachedData());
});

function run(...words) {
  process.argv = [process.argv[0], bundle, ...words];
  const loaded = { exports: {} };
  script
    .runInThisContext()
    .call(
      loaded.exports,
      loaded.exports,
      require('node:module').createRequire(bundle),
      loaded,
      bundle,
      folder,
    );
  return loaded.exports;
}

if (name === 'orderly') run('up', '-f', project);
else void askWhatRuns();

/** A client keeps what it needs to ask a run: one that runs meanwhile. */
async function askWhatRuns() {
  const words = [path.join(__dirname, '..', 'bin', 'orderly.js'), 'up', '--ready-fd', '3', '-f', project];
  const env = { ...process.env, WARM_UP_SECONDS: '60' };
  const up = spawn(process.execPath, words, { env, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const ended = new Promise((resolve) => up.once('exit', resolve));
  await Promise.race([new Promise((resolve) => up.stdio[3].once('data', resolve)), ended]);
  const { exit } = process;
  // Each ends the program.
  process.exit = () => {
    throw new Error('the command is over');
  };
  for (const command of [['ps'], ['why', 'second'], ['restart', 'second']]) {
    await run(...command, '-f', project)
      .runAsClient()
      .catch(() => undefined);
  }
  up.kill();
  await ended;
  process.exit = exit;
}
