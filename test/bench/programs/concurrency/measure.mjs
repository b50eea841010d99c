/**
 * node --expose-gc measure.mjs CONTENDER WORKLOAD: measures one workload of one contender, in a process that does nothing
 * else, and prints one number: microseconds for each of its operations, or bytes for what is measured in bytes. The
 * time is that of the processors, all threads together: none of the workloads waits for anything, and what else runs on
 * the machine does not count.
 *
 * CONTENDER is a module of this folder; each of its exported `workloads` is called with a number of operations, and is
 * warmed up before it is measured. One in bytes returns them itself, by the `heapUsed` that it is given.
 */
const WARM_UP_MS = 250;
const MEASURED_MS = 250;
const LEAST_ROUNDS = 3;

/** How many operations a round has. */
const OPERATIONS = {
  group: 1000,
  'outermost-group': 1000,
  shield: 5000,
  timeout: 1000,
  cancel: 2000,
  map: 10_000,
  queue: 50_000,
  'queue-of-1': 10_000,
  'iterated-queue': 20_000,
  lock: 5000,
  'contended-lock': 5000,
  'short-scopes': 100_000,
  'sleeping-task': 10_000,
};

/** Measured in bytes. */
const IN_BYTES = new Set(['short-scopes', 'sleeping-task']);

const [, , contender, name] = process.argv;
const { workloads } = await import(contender);
const workload = workloads[name];
const operations = OPERATIONS[name];

const result = IN_BYTES.has(name) ? await bytesOfOne() : await microsecondsOfOne();
process.stdout.write(`${result}\n`);

async function bytesOfOne() {
  // What is compiled and cached on the way belongs to no operation.
  await workload(operations / 10, heapUsed);
  return (await workload(operations, heapUsed)) / operations;
}

async function microsecondsOfOne() {
  await roundsFor(WARM_UP_MS);
  const times = (await roundsFor(MEASURED_MS)).toSorted((a, b) => a - b);
  return (1000 * times[times.length >> 1]) / operations;
}

/** The milliseconds of each round; at least so long, by the clock. */
async function roundsFor(ms) {
  const times = [];
  const end = performance.now() + ms;
  while (times.length < LEAST_ROUNDS || performance.now() < end) {
    const start = process.cpuUsage();
    await workload(operations);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  return times;
}

/** After whatever is ready has run, and all garbage has gone. */
async function heapUsed() {
  await new Promise((resolve) => setTimeout(resolve, 50));
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
