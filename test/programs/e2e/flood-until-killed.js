#!/usr/bin/env node
// Writes numbered lines without an end, notes after each write how many are out, and is killed soon after `bytes`.
import { spawn } from 'node:child_process';
import { openSync, writeSync } from 'node:fs';

const [name, progress, bytes] = process.argv.slice(2);
const note = openSync(progress, 'w');
const kill = `exec /bin/sh -c 'PATH=/bin:/usr/bin; sleep ${Math.random() / 100}; kill -KILL ${process.pid}'`;
const lines = (n) => Array.from({ length: 50 }, (_, k) => `${name} ${n + k} ${'x'.repeat((n + k) % 199)}\n`);
for (let n = 0, out = 0, dying = false; ; n += 50, writeSync(note, String(n).padStart(9), 0)) {
  out += writeSync(1, lines(n).join(''));
  if (out >= bytes && !dying) dying = spawn(kill, { stdio: 'ignore', shell: '/bin/sh' }) !== undefined;
}
