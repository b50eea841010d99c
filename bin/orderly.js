#!/usr/bin/env node
// Runs the bundle from V8's own code cache, if there is one for this Node: compiling the source again takes a third of
// the time from exec to the first service. Without one, or with another Node's, the source is compiled as usual.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const dist = path.join(__dirname, '..', 'dist');

// They load nothing of what runs services.
const CLIENT_COMMANDS = new Set(
  'ps logs why start stop restart signal wait scale reload down events health ls agent init import complete'.split(
    ' ',
  ),
);
const name = CLIENT_COMMANDS.has(process.argv[2]) ? 'client' : 'orderly';

// The first move of a process between cgroups waits until every processor has been somewhere else, up to 30 ms where all
// of them are busy. To move to where we are already lets that time pass while the program is loaded (`early-cgroup.ts`).
function wakeMoves() {
  try {
    const own = /^0::(.*)$/m.exec(fs.readFileSync('/proc/self/cgroup', 'latin1'));
    for (const mount of own === null ? [] : ['/sys/fs/cgroup', '/sys/fs/cgroup/unified']) {
      fs.open(`${mount}${own[1]}/cgroup.procs`, fs.constants.O_WRONLY, (refused, fd) => {
        if (!refused) fs.write(fd, '0', () => fs.close(fd));
      });
    }
  } catch {
    // No Linux, or no /proc.
  }
}

// Nobody moves where there is the helper; and while somebody does, nothing can be forked.
const helper = path.join(dist, 'native', `helper-${process.platform}-${process.arch}`);
const moves = process.env.ORDERLY_HELPER === 'off' || !fs.existsSync(helper);
if (moves && name === 'orderly' && process.argv.some((word) => word === 'up' || word === 'run')) wakeMoves();

function readCache(bundle) {
  try {
    return fs.readFileSync(path.join(dist, `${bundle}-${process.versions.v8}-${process.arch}.cache`));
  } catch {
    return undefined; // another Node than the one it was built with
  }
}

const loaded = new Map();

// A bundle is a function already, and nothing but ASCII: wrapping a megabyte, or decoding it, takes milliseconds.
function load(bundle) {
  const before = loaded.get(bundle);
  if (before !== undefined) return before.exports;
  const filename = path.join(dist, `${bundle}.cjs`);
  const cachedData = readCache(bundle);
  const script = new Script(fs.readFileSync(filename, 'latin1'), { filename, cachedData });
  const module = { exports: {} };
  loaded.set(bundle, module);
  script.runInThisContext().call(module.exports, module.exports, requireFrom, module, filename, dist);
  return module.exports;
}

// What runs services becomes a client when it is asked to.
function requireFrom(id) {
  if (id === './client.cjs') return load('client');
  return require(id.startsWith('./') ? path.join(dist, id) : id);
}

if (name === 'client') load(name).runAsClient();
else load(name);
