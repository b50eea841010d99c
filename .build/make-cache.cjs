// node make-cache.cjs FOLDER: runs the bundle in FOLDER once on a small graph and keeps what V8 compiled for it.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const folder = path.resolve(process.argv[2]);
const bundle = path.join(folder, 'orderly.cjs');
const script = new Script(require('node:module').wrap(fs.readFileSync(bundle, 'utf8')), { filename: bundle });

process.on('exit', () => {
  // A cache counts only with the flags it was made with: those of the start, which the program has changed since.
  require('node:v8').setFlagsFromString('--semi-space-growth-factor=2');
  const cache = path.join(folder, `orderly-${process.versions.v8}-${process.arch}.cache`);
  fs.writeFileSync(cache, script.createCachedData());
});
process.argv = [process.argv[0], bundle, 'up', '-f', path.join(__dirname, 'warm-up.yaml')];
script
  .runInThisContext()
  .call(exports, exports, require('node:module').createRequire(bundle), module, bundle, folder);
