// node minimal-supervisor.cjs CONFIG.json: the least that a supervisor written for Node can do, the baseline of the benchmarks.
// Starts every service in a session of its own, passes SIGTERM on to their groups, and ends when they have. On demand: restarts
// at once, prefixes lines (whole chunks as latin1, which gives back any bytes), starts one after the other by notification.
'use strict';
const { spawn } = require('node:child_process');
const { readFileSync, writeSync } = require('node:fs');

const { services, capture, restart, chain } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const children = new Set();
let stopping = false;

function start(index) {
  const { name, argv } = services[index];
  const output = capture ? 'pipe' : 'ignore';
  const child = spawn(argv[0], argv.slice(1), {
    detached: true,
    stdio: ['ignore', output, output, chain ? 'pipe' : 'ignore'],
  });
  children.add(child);
  if (capture) for (const stream of [child.stdout, child.stderr]) prefixLines(stream, `${name} | `);
  if (chain) child.stdio[3].once('data', () => index + 1 < services.length && start(index + 1));
  child.on('exit', () => {
    children.delete(child);
    if (restart && !stopping) start(index);
  });
}

function prefixLines(stream, prefix) {
  const separator = `\n${prefix}`;
  let carry = '';
  stream.on('data', (chunk) => {
    const last = chunk.lastIndexOf(10);
    if (last === -1) {
      carry += chunk.latin1Slice();
      return;
    }
    const lines = chunk.latin1Slice(0, last).replaceAll('\n', separator);
    writeAll(Buffer.from(`${prefix}${carry}${lines}\n`, 'latin1'));
    carry = chunk.latin1Slice(last + 1);
  });
  stream.on('end', () => carry && writeAll(Buffer.from(`${prefix}${carry}\n`, 'latin1')));
}

function writeAll(bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

process.on('SIGTERM', () => {
  stopping = true;
  for (const { pid } of children) process.kill(-pid, 'SIGTERM');
});

if (chain) start(0);
else for (let index = 0; index < services.length; index++) start(index);
