/**
 * `npm run soak [-- DURATION] [--seed N] [--keep]`: hours of harm in minutes, and then the question whether anything
 * is left of it.
 *
 * Thirty services of every kind run under random kills, stops, floods and a slow reader. The status is 1 if a process,
 * a zombie, a descriptor or memory stays, or if the record breaks a guarantee. `--keep` keeps the folder.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parseDuration } from '../../src/config/duration.ts';
import { configIn } from '../support/assert-record.ts';
import { checkRecord, parseRecord } from '../support/check-record.ts';
import { descendantsOf } from '../support/process-list.ts';
import { whatIsLeft } from './aftermath.ts';
import { createChaos } from './chaos.ts';
import { soakConfig } from './graph.ts';
import { type Level, levelOf, median, minimum, type Reading } from './plateau.ts';
import { createChance } from './random.ts';
import { startSupervisor } from './supervisor.ts';

const SERVICES = 30;
/** Harm, and then a rest in which to look. */
const HARM_MS = 8000;
const REST_MS = 4000;
const SETTLE_MS = 2000;
const STRIKE_MS = 150;
/** More than a budget of 12 s, a second, and clean-ups beyond their reserve. */
const END_MS = 25_000;
/** By then the heap has grown to what the slow readers of its output ask of it. */
const WARM_UP_MS = 75_000;
const RSS_MAY_GROW = (before: number): number => Math.max(8, before * 0.12);
/** Services that happen to run at the end and not before have three each. */
const DESCRIPTORS_MAY_GROW = (): number => 8;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, keep: { type: 'boolean', default: false } },
});
const durationMs = parseDuration(positionals[0] ?? '10m');
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (durationMs === undefined || positionals.length > 1 || !Number.isInteger(seed)) {
  console.error(
    'usage: npm run soak -- [DURATION] [--seed N] [--keep]\nsuch as: npm run soak -- 60s --seed 7',
  );
  process.exit(2);
}

console.log(`soaking for ${durationMs / 1000} s with --seed ${seed}`);
const chance = createChance(seed);
const supervisor = startSupervisor(soakConfig(chance, SERVICES));
const chaos = createChaos(chance, supervisor);
const rss: Reading[] = [];
const descriptors: Reading[] = [];
const troubles: string[] = [];
const startMs = performance.now();
const leftMs = (): number => startMs + durationMs - performance.now();

while (leftMs() > 0 && supervisor.isRunning) {
  const untilMs = performance.now() + Math.min(HARM_MS, leftMs());
  while (performance.now() < untilMs && supervisor.isRunning) {
    chaos.strike();
    await pause(chance.below(2 * STRIKE_MS));
  }
  chaos.relent();
  await rest();
}
if (!supervisor.isRunning) troubles.push('the supervisor ended by itself');
await finish();

/** Looks while nobody does any harm. What isn't there in one moment of the rest isn't there to stay. */
async function rest(): Promise<void> {
  await pause(SETTLE_MS);
  const zombies: ReadonlySet<number>[] = [];
  const open: number[] = [];
  const resident: number[] = [];
  for (let n = 0; n < 10 && supervisor.isRunning; n++) {
    await pause((REST_MS - SETTLE_MS) / 10);
    zombies.push(new Set(zombiesNow()));
    open.push(supervisor.descriptors());
    resident.push(supervisor.rssMb());
  }
  if (!supervisor.isRunning) return;
  const atMs = performance.now() - startMs;
  rss.push({ atMs, value: median(resident) });
  descriptors.push({ atMs, value: minimum(open) });
  const lasting = [...zombies[0]!].filter((pid) => zombies.every((each) => each.has(pid)));
  if (lasting.length > 0) troubles.push(`${lasting.length} zombies after ${(atMs / 1000).toFixed(0)} s`);
  const deeds = [...chaos.deeds].map(([deed, count]) => `${count} ${deed}`).join(', ');
  console.log(
    `${(atMs / 1000).toFixed(0)} s: ${deeds}; RSS ${median(resident).toFixed(1)} MB, ${minimum(open)} descriptors, ${(supervisor.bytesRead / 1e6).toFixed(0)} MB read`,
  );
}

/** Of the supervisor itself: those of services are their own affair. */
function zombiesNow(): readonly number[] {
  return descendantsOf(supervisor.pid)
    .filter(({ isZombie, ppid }) => isZombie && ppid === supervisor.pid)
    .map(({ pid }) => pid);
}

async function finish(): Promise<void> {
  const askedMs = performance.now();
  supervisor.readOn();
  supervisor.signal('SIGTERM');
  const status = await Promise.race([supervisor.ended, pause(END_MS, undefined, { ref: false })]);
  const tookMs = performance.now() - askedMs;
  if (status === undefined) {
    troubles.push(`the supervisor was not gone ${END_MS / 1000} s after SIGTERM`);
    supervisor.signal('SIGKILL');
  }
  troubles.push(...whatIsLeft(supervisor, chaos.sessions));

  const { services } = await configIn(supervisor.folder);
  const events = parseRecord(supervisor.record());
  troubles.push(...checkRecord(services, events).slice(0, 20));
  const finished = events.at(-1);
  if (finished?.type === 'run.finished' && finished.status !== status)
    troubles.push(`the status was ${status}, and the record says ${finished.status}`);
  if (finished?.type === 'run.finished' && finished.survivors.length > 0)
    troubles.push(`survivors: ${JSON.stringify(finished.survivors)}`);

  judgeLevel('RSS', 'MB', levelOf(rss, WARM_UP_MS, median, RSS_MAY_GROW));
  judgeLevel('open descriptors', '', levelOf(descriptors, 0, minimum, DESCRIPTORS_MAY_GROW));
  const starts = events.filter(({ type }) => type === 'service.starting').length;
  console.log(
    `${events.length} events, ${starts} starts; stopped after ${(tookMs / 1000).toFixed(1)} s with status ${status}`,
  );
  const complaints = supervisor.complaints().match(/^orderly: (?:a bug|\d+ lines|Cannot).*$/gm) ?? [];
  for (const complaint of complaints.slice(-5)) console.log(`it said: ${complaint}`);
  for (const trouble of troubles) console.log(`BROKEN: ${trouble}`);
  console.log(
    troubles.length === 0 ? 'nothing is left, and nothing grew' : `--seed ${seed} in ${supervisor.folder}`,
  );
  if (troubles.length > 0) process.exitCode = 1;
  else if (!values.keep) supervisor.dispose();
}

function judgeLevel(name: string, unit: string, level: Level | undefined): void {
  if (level === undefined) {
    console.log(`${name}: not judged, the run is too short`);
    return;
  }
  const { before, after, keeps } = level;
  console.log(`${name}: ${before.toFixed(1)} -> ${after.toFixed(1)} ${unit}`);
  if (!keeps) troubles.push(`${name} grew from ${before.toFixed(1)} to ${after.toFixed(1)} ${unit}`);
}
