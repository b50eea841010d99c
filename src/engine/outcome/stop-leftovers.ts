/**
 * The last thing before the end of a run: whatever of it is alive and belongs to no service any more is asked, waited
 * for within the budget, and killed.
 *
 * What somebody else left, who entered the container, is told, gets a second, and changes no status.
 *
 * When this returns nothing of the run is alive, or what is has been recorded by name. Call it shielded, when every
 * life has ended; where nothing is left it costs one look.
 */
import { CancelScope, moveOnAfter, now, wait } from '../../concurrency/index.ts';
import type { Survivor } from '../../events/event.ts';
import { KILL_MS } from '../../graph/stop-limits.ts';
import type { LeftProcess } from '../../process/ports.ts';
import { survivorsNow } from '../instance/lingering.ts';
import type { Run } from '../run/run.ts';

const KILL_AGAIN_MS = 50;
/** How long they may take to end before they are talked of. */
const QUIET_MS = 100;
/** A look takes milliseconds. */
const LOOK_MS = 1_000;
/** How often it is looked whether only foreign processes are left. */
const STRANGERS_LOOK_MS = 250;
/** What foreign processes get until they are killed; with that they cost a second. */
const FOREIGN_MS = 700;
/** The rest is counted. */
const NAMED = 5;

export async function stopLeftovers(run: Run): Promise<void> {
  const left = await lookForMore(run);
  if (left.length === 0) return;
  const foreign = left.filter(isForeign);
  const own = left.filter((one) => !isForeign(one));
  const askedAtMs = now();
  if (foreign.length > 0) tellOfForeign(run, foreign);
  if (own.length === 0) run.ports.leftovers.ask('SIGTERM');
  else await stopOwn(run, own);
  const stay = own.length === 0 ? foreign : (await lookForMore(run)).filter(isForeign);
  if (stay.length === 0) return;
  if (foreign.length === 0) tellOfForeign(run, stay);
  await stopForeign(run, askedAtMs + FOREIGN_MS);
}

async function stopOwn(run: Run, own: readonly Survivor[]): Promise<void> {
  // Nothing was going down until now: this is what the budget of the plan is for.
  run.shutdown.request({ kind: 'done' });
  if (await askAll(run, own)) return;
  const reason = run.shutdown.deadlines.lastKillReason();
  const text = `left behind and had to be killed: ${describe(await lookForOwn(run))}: ${reason}`;
  run.record.unclean.push({ service: '', kind: 'left-behind', text });
  run.announce({ type: 'run.note', text: `killing what the services left behind: ${reason}` });
  await killAll(run);
}

/** Whoever entered the container and left something behind: no service waits for it, and the status isn't its. */
function tellOfForeign(run: Run, foreign: readonly Survivor[]): void {
  const who = foreign.length === 1 ? 'is no process of a service' : 'are no processes of services';
  const text = `stopping what somebody else left in this container: ${describe(foreign)}, which ${who}`;
  run.announce({ type: 'run.note', text });
}

/** They have been asked. */
async function stopForeign({ ports: { leftovers }, announce }: Run, killAtMs: number): Promise<void> {
  const gone = (): Promise<boolean> => wait(leftovers.gone()).then(() => true);
  if ((await moveOnAfter(Math.max(0, killAtMs - now()), gone)) === true) return;
  leftovers.kill();
  if ((await moveOnAfter(KILL_MS, gone)) === true) return;
  const stuck = describe(await leftovers.look());
  announce({
    type: 'run.note',
    text: `what somebody else left in this container outlives SIGKILL: ${stuck}`,
  });
}

function isForeign({ isForeign: is }: LeftProcess): boolean {
  return is === true;
}

/** What is alive beyond those that are recorded as having outlived SIGKILL. */
async function lookForMore(run: Run): Promise<readonly LeftProcess[]> {
  const known = await survivorsNow(run);
  const left = await look(run);
  return left.filter(({ pid }) => !known.some((survivor) => survivor.pid === pid));
}

/** None if the system has nothing left to look with. */
async function look({ ports }: Run): Promise<readonly LeftProcess[]> {
  return (await moveOnAfter(LOOK_MS, () => wait(ports.leftovers.look()))) ?? [];
}

async function lookForOwn(run: Run): Promise<readonly Survivor[]> {
  return (await lookForMore(run)).filter((one) => !isForeign(one));
}

/** Resolves when nothing is left, or only what is foreign. */
async function ownGone(run: Run): Promise<void> {
  for (;;) {
    const gone = moveOnAfter(STRANGERS_LOOK_MS, () => wait(run.ports.leftovers.gone()).then(() => true));
    if ((await gone) === true) return;
    const left = await lookForMore(run);
    if (left.length > 0 && left.every(isForeign)) return;
  }
}

/** Resolves with whether they have ended; a budget that shrinks meanwhile is obeyed. */
async function askAll(run: Run, left: readonly Survivor[]): Promise<boolean> {
  const { deadlines } = run.shutdown;
  const patience = new CancelScope({ name: 'grace of what was left behind' });
  let gone = false;
  await deadlines.limitPatience(undefined, patience, async () => {
    run.ports.leftovers.ask('SIGTERM');
    const waited = moveOnAfter(QUIET_MS, () => ownGone(run).then(() => true));
    if ((await waited) !== true) {
      run.announce({
        type: 'run.note',
        text: `waiting for what the services left behind: ${describe(left)}`,
      });
      await ownGone(run);
    }
    gone = true;
  });
  return gone;
}

async function killAll(run: Run): Promise<void> {
  const { leftovers } = run.ports;
  const endMs = now() + KILL_MS;
  while (now() < endMs) {
    leftovers.kill();
    if (await moveOnAfter(KILL_AGAIN_MS, () => wait(leftovers.gone()).then(() => true))) return;
  }
  const survivors = await lookForOwn(run);
  const pids = new Set(survivors.map(({ pid }) => pid));
  run.record.lingering.push(async () => (await look(run)).filter(({ pid }) => pids.has(pid)));
}

function describe(left: readonly Survivor[]): string {
  const named = left.slice(0, NAMED).map(({ pid, command, service, why }) => {
    const mute = why === undefined ? '' : `, which may not be signalled (${why})`;
    return `process ${pid} (${command})${service === '' ? '' : ` of "${service}"`}${mute}`;
  });
  const more = left.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}
