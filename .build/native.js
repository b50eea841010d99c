// node .build/native.js
// Makes the helper for this machine, and for others that a cross compiler is there for: static, so that it runs whatever C
// library the system has. Without a compiler there is none, and everything works as before, slower.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';

const outdir = 'dist/native';
const sources = readdirSync('src/native')
  .filter((name) => name.endsWith('.c'))
  .map((name) => `src/native/${name}`);
const flags = ['-std=gnu11', '-O2', '-static', '-s', '-Wall', '-Wextra', '-Wconversion'];

// The first of each that works: musl's is a tenth of the size.
const own = { x64: ['x86_64-linux-musl-gcc'], arm64: ['aarch64-linux-musl-gcc'] };
const cross = { x64: ['x86_64-linux-gnu-gcc'], arm64: ['aarch64-linux-gnu-gcc'] };
const here = ['musl-gcc', 'cc', 'gcc', 'clang'];

rmSync(outdir, { recursive: true, force: true });
if (process.platform === 'linux') {
  mkdirSync(outdir, { recursive: true });
  for (const arch of ['x64', 'arm64']) {
    const compilers = [...own[arch], ...(arch === process.arch ? here : []), ...cross[arch]];
    const output = `${outdir}/helper-linux-${arch}`;
    const made = compilers.find((compiler) => compile(compiler, output));
    if (made === undefined && arch === process.arch)
      console.warn(
        'There is no C compiler that works: orderly does without its helper, and starts services slower.',
      );
  }
}

function compile(compiler, output) {
  const { error, status, stderr } = spawnSync(compiler, [...flags, '-o', output, ...sources], {
    encoding: 'utf8',
  });
  if (error !== undefined) return false;
  // What it warns of is a fault of ours; that it can't link is its own affair.
  if (/: (?:warning|error): /.test(stderr) && /src\/native/.test(stderr)) process.stderr.write(stderr);
  return status === 0;
}
