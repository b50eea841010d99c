// Runs the bundle from V8's own code cache, if there is one for this Node: compiling the source again takes a third of
// the time from exec to the first service. Without one, or with another Node's, the source is compiled as usual.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const bundle = path.join(__dirname, 'orderly.cjs');

function readCache() {
  try {
    return fs.readFileSync(path.join(__dirname, `orderly-${process.versions.v8}-${process.arch}.cache`));
  } catch {
    return undefined; // another Node than the one it was built with
  }
}

const cachedData = readCache();
if (cachedData === undefined) require(bundle);
else {
  const source = require('node:module').wrap(fs.readFileSync(bundle, 'utf8'));
  const script = new Script(source, { filename: bundle, cachedData });
  script.runInThisContext().call(exports, exports, require, module, bundle, __dirname);
}
