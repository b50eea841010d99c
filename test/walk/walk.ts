/**
 * A walk of random commands through a run of the real program, and what its record tells of it.
 *
 * Some commands are waited for, and some go on beside the next ones. At the end nothing misbehaves any more; when all has come to rest
 * the run is ended by a signal.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ServiceAnswer } from '../../src/control/protocol.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { createChance } from '../soak/random.ts';
import { configIn } from '../support/assert-record.ts';
import { assertFrame, parseRecord } from '../support/check-record.ts';
import { assertCommandLaws } from '../support/command-laws.ts';
import { ask } from '../support/control-client.ts';
import { runDelayMs } from '../support/run-delay.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { seenInRecord } from '../support/seen-in-record.ts';
import type { Simulated } from '../support/simulation.ts';
import { type Deed, nextDeed } from './deeds.ts';
import { BEHAVIOURS, configOf, FIRST, PROGRAM, program, SERVICES } from './graph.ts';

/** So many commands at most are under way beside the one that is waited for. */
const MOST_BESIDE = 3;
/** What a request can be told to have come to, by its status. */
const STATUSES = new Set([0, 1, 2, 3]);
/** In none of them a service stays. */
const IN_MOTION = new Set(['starting', 'stopping', 'cleaning', 'backoff']);

/** So often it is looked at without anything having happened: longer than any service here may take for anything. */
const MOST_IDLE = 100;

type Services = Simulated['graphs'][number]['services'];

export async function walk(t: TestContext, seed: number, steps: number): Promise<string> {
  const run = runOrderly(t, {
    args: ['up', '--record', 'run.jsonl'],
    files: { 'supervisor.yaml': configOf(FIRST, 0), [PROGRAM]: program },
  });
  const { folder } = run;
  const first = (await configIn(folder)).services;
  const reloads: Services[] = [];
  await run.line(/^orderly: web: ready/);
  const done = await walkOn(t, run, seed, steps, reloads);
  calm(folder);
  const quiet = await untilQuiet(t, run).catch((error: unknown) => {
    const record = readFileSync(join(folder, 'run.jsonl'), 'utf8');
    throw new Error(`${done.join('\n')}\n${error instanceof Error ? error.message : error}\n${record}`);
  });
  let lostMs = runDelayMs(run.pid);
  const looking = setInterval(() => {
    lostMs = Math.max(lostMs, runDelayMs(run.pid));
  }, 20);
  run.signal('SIGTERM');
  const { status, stderr, left } = await run.ended.finally(() => clearInterval(looking));
  const events = parseRecord(readFileSync(join(folder, 'run.jsonl'), 'utf8'));
  assert.doesNotMatch(stderr.join('\n'), /a bug/);
  const graphs = graphsOf(events, first, reloads);
  const seen = seenInRecord(events, { graphs, status, lostMs, alive: left.length });
  try {
    assertFrame(events);
    assertCommandLaws({ services: first }, seen, events.find(({ seq }) => seq === quiet)?.ms);
  } catch (error) {
    throw new Error(`${done.join('\n')}\n${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  }
  return `${done.length} deeds, ${events.length} events, ${reloads.length} reloads, status ${status}`;
}

/** What was done, a line each. */
async function walkOn(
  t: TestContext,
  run: OrderlyRun,
  seed: number,
  steps: number,
  reloads: Services[],
): Promise<readonly string[]> {
  const chance = createChance(seed);
  const done: string[] = [];
  const beside = new Set<Promise<void>>();
  let names: readonly string[] = SERVICES;
  for (let step = 1; step <= steps; step++) {
    const deed = nextDeed(chance, names);
    done.push(`${step} ${describe(deed)}`);
    if (deed.kind === 'reload') {
      writeFileSync(join(run.folder, 'supervisor.yaml'), configOf(deed.variant, step));
      const { services } = await configIn(run.folder);
      reloads.push(services);
      names = services.map(({ name }) => name);
    }
    const doing = perform(t, run, deed).catch((error: unknown) => {
      throw new Error(`${done.join('\n')}\n${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    });
    if (deed.kind !== 'command' || deed.waits) {
      await doing;
      continue;
    }
    beside.add(doing);
    void doing.then(() => beside.delete(doing));
    if (beside.size > MOST_BESIDE) await Promise.race(beside);
  }
  await Promise.all(beside);
  return done;
}

async function perform(t: TestContext, run: OrderlyRun, deed: Deed): Promise<void> {
  switch (deed.kind) {
    case 'command':
      return command(t, run, deed.args);
    case 'reload':
      return command(t, run, ['reload', ...deed.args]);
    case 'kill': {
      const pid = (await servicesOf(t, run)).find(({ service }) => service === deed.service)?.pid;
      if (pid !== undefined) kill(pid, deed.signal);
      return;
    }
    case 'join': {
      const joined = runOrderly(t, { args: ['up', deed.service], cwd: run.folder });
      await joined.line(/./);
      joined.signal('SIGINT');
      assert.ok([130, ...STATUSES].includes((await joined.ended).status));
      return;
    }
    case 'behave': {
      const path = join(run.folder, `${deed.service}.${deed.how}`);
      if (deed.isOn) writeFileSync(path, '');
      else rmSync(path, { force: true });
    }
  }
}

async function command(t: TestContext, run: OrderlyRun, args: readonly string[]): Promise<void> {
  const { status, stderr } = await ask(t, run, ...args);
  const isOwn = args[0] === 'run' && status === 5;
  assert.ok(isOwn || STATUSES.has(status), `${args.join(' ')}: status ${status}\n${stderr.join('\n')}`);
  assert.doesNotMatch(stderr.join('\n'), /a bug/);
}

async function servicesOf(t: TestContext, run: OrderlyRun): Promise<readonly ServiceAnswer[]> {
  const { stdout, stderr } = await ask(t, run, 'ps', '--json');
  assert.deepEqual(stderr, []);
  return JSON.parse(stdout.join('\n')) as readonly ServiceAnswer[];
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** From now on everybody behaves. */
function calm(folder: string): void {
  for (const service of [...SERVICES, 'extra'])
    for (const how of BEHAVIOURS) rmSync(join(folder, `${service}.${how}`), { force: true });
}

/**
 * The number of the last event, when nothing is in motion any more and nothing that was asked for is open; a wait may stay so. Throws if
 * that doesn't come
 * to be though nothing happens any more.
 */
async function untilQuiet(t: TestContext, run: OrderlyRun): Promise<number> {
  const read = () => parseRecord(readFileSync(join(run.folder, 'run.jsonl'), 'utf8'));
  let events = read();
  for (let idle = 0; ; ) {
    const settled = new Set(
      events.flatMap((event) => (event.type === 'request.settled' ? [event.request] : [])),
    );
    const open = events.filter(
      (event) => event.type === 'request.accepted' && event.kind !== 'wait' && !settled.has(event.request),
    );
    const services = await servicesOf(t, run);
    const moving = services.filter(({ state }) => IN_MOTION.has(state));
    const later = read();
    idle = later.length === events.length ? idle + 1 : 0;
    events = later;
    if (idle === 0) continue;
    if (open.length === 0 && moving.length === 0) return events.at(-1)!.seq;
    if (idle === MOST_IDLE) throw new Error(`It never came to rest: ${JSON.stringify({ open, moving })}`);
  }
}

/** What was in force from which event on: what the reload of that number found in the file, or what it was led back to. */
function graphsOf(
  events: readonly OrderlyEvent[],
  first: Services,
  reloads: readonly Services[],
): Simulated['graphs'] {
  const asked = events.flatMap((event) =>
    (event.type === 'request.accepted' || event.type === 'request.refused') && event.kind === 'reload'
      ? [event.request]
      : [],
  );
  const byGeneration = new Map<number, Services>([[1, first]]);
  const began = new Set<string>();
  const changes = events.flatMap((event) => {
    if (event.type !== 'graph.changed') return [];
    const isBack = began.has(event.request);
    began.add(event.request);
    const services = isBack ? byGeneration.get(event.base) : reloads[asked.indexOf(event.request)];
    assert.ok(services !== undefined, `nobody knows what ${event.request} brought`);
    byGeneration.set(event.generation, services);
    return [{ seq: event.seq, services }];
  });
  return [{ seq: 0, services: first }, ...changes];
}

function describe(deed: Deed): string {
  switch (deed.kind) {
    case 'command':
      return `orderly ${deed.args.join(' ')}${deed.waits ? '' : ' &'}`;
    case 'reload':
      return `orderly reload ${deed.args.join(' ')} ${JSON.stringify(deed.variant)}`;
    case 'kill':
      return `kill -${deed.signal} ${deed.service}`;
    case 'join':
      return `orderly up ${deed.service}, and leave`;
    case 'behave':
      return `${deed.isOn ? 'touch' : 'rm'} ${deed.service}.${deed.how}`;
  }
}
