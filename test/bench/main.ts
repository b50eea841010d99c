/**
 * `npm run bench [-- workload...]`: what orderly costs, next to a minimal supervisor and Node itself, and what its library
 * costs, next to others; as one table.
 *
 * A missed goal is told, not punished: the status is 1 only if something could not be measured. For Linux.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { boot } from './boot.ts';
import { chain } from './chain.ts';
import { client } from './client.ts';
import { concurrency } from './concurrency.ts';
import { fanOut } from './fan-out.ts';
import type { Figure } from './figure.ts';
import { firstSignal } from './first-signal.ts';
import { health } from './health.ts';
import { idle } from './idle.ts';
import { logs } from './logs.ts';
import { memory } from './memory.ts';
import { watchNoise } from './noise.ts';
import { restart } from './restart.ts';
import { renderMarkdown, renderText } from './table.ts';
import type { Workload } from './workload.ts';

const WORKLOADS: ReadonlyMap<string, Workload> = new Map([
  ['boot', boot],
  ['chain', chain],
  ['fan-out', fanOut],
  ['logs', logs],
  ['memory', memory],
  ['idle', idle],
  ['restart', restart],
  ['first-signal', firstSignal],
  ['client', client],
  ['health', health],
  ['concurrency', concurrency],
]);
const USAGE = `usage: npm run bench -- [--reps N] [--markdown] [workload...]\nworkloads: ${[...WORKLOADS.keys()].join(', ')}`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { reps: { type: 'string', default: '7' }, markdown: { type: 'boolean', default: false } },
});
const repetitions = Number(values.reps);
const unknown = positionals.filter((name) => !WORKLOADS.has(name));
if (unknown.length > 0 || !(repetitions >= 1)) {
  console.error(USAGE);
  process.exit(2);
}

const noise = watchNoise();
const figures: Figure[] = [];
for (const name of positionals.length > 0 ? positionals : WORKLOADS.keys()) {
  console.error(`measuring ${name} ...`);
  try {
    figures.push(...(await WORKLOADS.get(name)!(repetitions)));
  } catch (error) {
    console.error(`Cannot measure ${name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
console.log(values.markdown ? renderMarkdown(figures) : renderText(figures));
console.log(
  `Medians of ${repetitions} runs (fewer of long ones, taken in turns); Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown processor'}`,
);
for (const complaint of noise.report()) console.log(complaint);
