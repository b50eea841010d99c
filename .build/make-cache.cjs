// node make-cache.cjs FOLDER orderly|client: runs that bundle in FOLDER once and keeps what V8 compiled for it.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const folder = path.resolve(process.argv[2]);
const name = process.argv[3];
const bundle = path.join(folder, `${name}.cjs`);
const script = new Script(fs.readFileSync(bundle, 'latin1'), { filename: bundle });

process.on('exit', () => {
  // A cache counts only with the flags it was made with: those of the start, which the program has changed since.
  if (name === 'orderly') require('node:v8').setFlagsFromString('--semi-space-growth-factor=2');
  const cache = path.join(folder, `${name}-${process.versions.v8}-${process.arch}.cache`);
  fs.writeFileSync(cache, script.createCachedData());
});
const words = name === 'client' ? ['ls'] : ['up', '-f', path.join(__dirname, 'warm-up.yaml')];
process.argv = [process.argv[0], bundle, ...words];
const loaded = { exports: {} };
script
  .runInThisContext()
  .call(loaded.exports, loaded.exports, require('node:module').createRequire(bundle), loaded, bundle, folder);
if (name === 'client') loaded.exports.runAsClient();
