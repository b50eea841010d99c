/**
 * `npm run fuzz [-- --frames 1000000 --seed 1]`: the helper, built with the sanitizers for addresses and undefined behaviour,
 * is told frames at random: sound ones in every order, cut ones, hostile ones; also with few descriptors, processes or
 * memory. It may refuse, and end with a status of its own; it may not crash, hang, or leave a process behind.
 *
 * It prints its seed. A session ends with the first frame that is no frame, so there are some thousand of them.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFrameReader, type Told } from '../../src/process/helper/wire.ts';
import { findMarked, killMarked } from '../support/marked-processes.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import { type Random, randomFrames, randomFrom } from './frames.ts';

const { values } = parseArgs({
  options: { frames: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
console.log(`seed ${seed}`);
const random = randomFrom(seed);
const folder = mkdtempSync(join(tmpdir(), 'orderly-fuzz-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const helper = build();

/** What it runs short of; each is a limit of `prlimit`. The sanitizer takes memory of its own, so that is limited by failing forks. */
const SHORTAGES = [
  [],
  [],
  ['--nofile=12'],
  ['--nofile=16'],
  ['--nofile=40'],
  ['--nproc=1'],
  ['--fsize=0'],
] as const;
/** The ends that it knows (`src/native/README.md`). */
const ENDS = new Set([0, 2, 3]);
const PATIENCE_MS = 60_000;

/** What may be told of a slot after the last thing that was. */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  nothing: ['forked', 'refused'],
  forked: ['executed', 'refused'],
  executed: ['ended'],
  refused: ['forked', 'refused'],
  ended: ['forked', 'refused'],
};

let told = 0;
let sessions = 0;
const heard = new Map<string, number>();
const statuses = new Map<number, number>();
for (; told < Number(values.frames); sessions++) await session();
console.log(`${told} frames in ${sessions} sessions`);
console.log(`ends: ${listed(statuses)}; heard: ${listed(heard)}`);
for (const kind of ['forked', 'executed', 'refused', 'ended'])
  if (!heard.has(kind)) fail(`nothing was ever ${kind}: this proves nothing`);

async function session(): Promise<void> {
  const mark = `${process.pid}-fuzz-${sessions}`;
  const shortage = SHORTAGES[random.below(SHORTAGES.length)]!;
  const limited = shortage.length === 0 ? [helper] : ['prlimit', ...shortage, helper];
  const [program = '', ...args] = limited;
  const child = spawn(program, args, {
    env: {
      PATH: process.env.PATH,
      ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=0:exitcode=99',
      UBSAN_OPTIONS: 'halt_on_error=1:exitcode=98',
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const read = createFrameReader();
  const hear = listener();
  child.stdout.on('data', (chunk: Buffer) => read(chunk).forEach(hear));
  child.stdin.on('error', () => {});
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const { frames, mayLeave } = randomFrames(random, mark, helper);
  told += frames.length;
  await write(child, random, frames);
  const [status, signal] = await within(closed, () => fail(`it hangs in session ${sessions}`));
  if (signal !== null || !ENDS.has(status ?? -1) || errors !== '')
    fail(`session ${sessions} ended with ${signal ?? status}:\n${errors}`);
  statuses.set(status!, (statuses.get(status!) ?? 0) + 1);
  const left = findMarked(`ORDERLY_MARK=${mark}`);
  killMarked(`ORDERLY_MARK=${mark}`);
  if (left.length > 0 && !mayLeave) fail(`session ${sessions} left ${left.length} processes`);
}

/** In pieces that are cut anywhere. */
async function write({ stdin }: ChildProcess, by: Random, frames: readonly Buffer[]): Promise<void> {
  const bytes = Buffer.concat(frames);
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + by.below(by.chance(0.2) ? 16 : 10_000));
    stdin?.write(bytes.subarray(at, end));
    // So that what was spawned is executed, and ends.
    if (by.chance(0.3)) await new Promise((resolve) => setTimeout(resolve, by.below(10)));
    at = end;
  }
  stdin?.end();
}

/** Hears one session: of each slot everything comes in its order. */
function listener(): (told: Told) => void {
  const last = new Map<number, string>();
  return (told) => {
    const { kind } = told;
    heard.set(kind, (heard.get(kind) ?? 0) + 1);
    if (!('slot' in told) || kind === 'not-alone') return;
    const before = last.get(told.slot) ?? 'nothing';
    if (AFTER[before]?.includes(kind) !== true) fail(`session ${sessions}: ${kind} after ${before}`);
    last.set(told.slot, kind);
  };
}

async function within<Result>(happening: Promise<Result>, late: () => never): Promise<Result> {
  const timer = setTimeout(late, PATIENCE_MS);
  try {
    return await happening;
  } finally {
    clearTimeout(timer);
  }
}

function build(): string {
  const sources = join(repositoryRoot(), 'src/native');
  const output = join(folder, 'helper');
  const files = readdirSync(sources).filter((name) => name.endsWith('.c'));
  const flags = ['-std=gnu11', '-O1', '-g', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
  const made = spawnSync('gcc', [...flags, '-o', output, ...files.map((name) => join(sources, name))], {
    stdio: 'inherit',
  });
  if (made.status !== 0) fail('it takes gcc with its sanitizers');
  return output;
}

function listed(counts: ReadonlyMap<unknown, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}

function fail(why: string): never {
  console.error(`${why}\nseed ${seed}`);
  process.exit(1);
}
