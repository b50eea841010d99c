/**
 * The ladder: ask, wait, kill the tree, look whether anything is left. Call it shielded.
 *
 * What outlives the main process is asked too, then killed. When this returns nothing of the instance is alive, or
 * what is has been recorded by name.
 */
import { CancelScope, checkpoint, moveOnAfter, now, wait } from '../../concurrency/index.ts';
import { displayCommand } from '../../conditions/kinds/command.ts';
import { describeExit } from '../../events/describe.ts';
import type { Survivor } from '../../events/event.ts';
import type { Exit } from '../../events/fact-shape.ts';
import { KILL_MS } from '../../graph/stop-limits.ts';
import type { Run } from '../run/run.ts';
import type { Ending } from '../service/ending.ts';
import type { ServiceNode } from '../service/node.ts';
import { stopCause } from '../service/stop-cause.ts';
import type { Kill } from '../shutdown/kill-reason.ts';
import { commandOutput, commandsOf } from './bound-commands.ts';
import { survivorText, whyAlive } from './lingering.ts';
import type { LiveInstance } from './live-instance.ts';

const KILL_AGAIN_MS = 50;
/** A program that heard the message must not be ended by the signal in the middle of what it does about it. */
const MESSAGE_FIRST_MS = 500;
/** How long finding out that nothing is left may take before there is talk of graces and kills. */
const LOOK_MS = 100;
/** The same where no grace is left. */
const SHORT_LOOK_MS = 50;
/** We come to a deadline that much later only if we could not run: what ended in time may just not have been looked at. */
const LATE_MS = 50;
/** How long is looked then. */
const LATE_LOOK_MS = 250;
/** How often at most: what keeps us from running may not be over. */
const LATE_LOOKS = 4;

export async function stopInstance(run: Run, live: LiveInstance, ending: Ending): Promise<void> {
  const deadlineMs = run.shutdown.deadlines.begin(live.node);
  const reason = stopReason(ending);
  // It may have ended while it waited for its turn to be asked.
  if (reason !== undefined && live.exit === undefined)
    announceStopping(run, live, ending, reason, deadlineMs);
  const gone = (await nothingLeft(live, deadlineMs)) || (await askPolitely(run, live, deadlineMs));
  if (!gone) await killTree(run, live, run.shutdown.deadlines.kill(live.node));
}

/** Records the end of the main process, once. */
export function noteExit(run: Run, live: LiveInstance, exit: Exit, asked: boolean): void {
  if (live.exit !== undefined) return;
  live.exit = exit;
  const { node } = live;
  if (node.instance !== undefined) Object.assign(node.instance, { main: undefined, isReady: false });
  run.record.exits.set(node.name, exit);
  const { kind: _, ...how } = exit;
  const usage = live.instance.usage?.();
  const used = usage && { cpu_ms: usage.cpuMs, peak_bytes: usage.peakBytes };
  run.announce({ type: 'service.exited', service: node.name, attempt: live.attempt, ...how, asked, ...used });
}

/** Whether an instance that ended by itself left nothing behind; what it did leave is asked to end. */
async function nothingLeft(live: LiveInstance, deadlineMs: number): Promise<boolean> {
  if (live.exit === undefined) return false;
  live.instance.askRest(live.node.spec.stop.signal);
  const lookMs = Math.max(SHORT_LOOK_MS, Math.min(LOOK_MS, deadlineMs - now()));
  return (await moveOnAfter(lookMs, () => wait(live.instance.treeGone()).then(() => true))) ?? false;
}

/** Resolves with whether everything is gone; deadlines that come nearer meanwhile are obeyed. */
async function askPolitely(run: Run, live: LiveInstance, atMs: number): Promise<boolean> {
  const { deadlines } = run.shutdown;
  // What is still to be asked has its time from then on.
  const deadline = live.exit === undefined && !deadlines.isForced ? Number.POSITIVE_INFINITY : atMs;
  const patience = new CancelScope({ deadline, name: `grace of ${live.node.name}` });
  let gone = false;
  let lateMs = 0;
  patience.signal.addEventListener('abort', () => {
    lateMs = run.ports.clock.now() - patience.deadline;
  });
  await deadlines.limitPatience(live.node, patience, async () => {
    if (live.exit === undefined) await askToEnd(run, live);
    await wait(live.instance.treeGone());
    gone = true;
  });
  for (let looks = 0; !gone && lateMs > LATE_MS && looks < LATE_LOOKS; looks++) {
    const fromMs = now();
    gone = (await moveOnAfter(LATE_LOOK_MS, () => seeEnd(run, live))) ?? false;
    lateMs = now() - fromMs - LATE_LOOK_MS;
  }
  return gone;
}

/** What ended while we could not run is seen now; what it left is asked. */
async function seeEnd(run: Run, live: LiveInstance): Promise<true> {
  if (live.exit === undefined) noteExit(run, live, await wait(live.instance.exited), true);
  live.instance.askRest(live.node.spec.stop.signal);
  await wait(live.instance.treeGone());
  return true;
}

async function askToEnd(run: Run, live: LiveInstance): Promise<void> {
  await ask(run, live);
  noteExit(run, live, await wait(live.instance.exited), true);
  noteBadStop(run, live);
  live.instance.askRest(live.node.spec.stop.signal);
}

/** Of a process that was asked to end no exit code is held against it; an error has no other meaning. */
function noteBadStop(run: Run, { node, exit }: LiveInstance): void {
  if (run.shutdown.cause === undefined || exit?.kind !== 'call' || exit.outcome !== 'threw') return;
  const text = `"${node.name}" ${describeExit(exit)} when it was asked to stop`;
  run.record.unclean.push({ service: node.name, kind: 'stop-failed', text });
}

async function ask(run: Run, live: LiveInstance): Promise<void> {
  const { stop } = live.node.spec;
  const { cwd } = live.spec;
  const { deadlines } = run.shutdown;
  const signal = stopSignalOf(run, live.node);
  const command = live.stopCommand;
  if (command !== undefined) {
    deadlines.asked(live.node);
    const scope = new CancelScope({ name: `stop command of ${live.node.name}` });
    const { onOutput, end: endOutput } = commandOutput(run, live);
    const end = await scope.run((inside) =>
      commandsOf(run, live.node).run(
        { command, cwd, env: live.env, rights: live.rights, onOutput },
        inside.signal,
      ),
    );
    endOutput();
    await checkpoint();
    if (end?.kind === 'code' && end.code === 0) return;
    const couldNotRun = end === undefined || end.kind === 'failed' || end.kind === 'survived';
    const how = couldNotRun ? 'could not run' : describeExit(end);
    note(run, live, `stop.command "${displayCommand(command)}" ${how}: sending ${signal} instead`);
  }
  const isTold = live.instance.sendShutdown();
  if (!isTold) live.instance.ask(signal, stop.target);
  if (command === undefined) deadlines.asked(live.node);
  if (!isTold) return;
  await moveOnAfter(MESSAGE_FIRST_MS, () => wait(live.instance.exited));
  live.instance.ask(signal, stop.target);
}

async function killTree(run: Run, live: LiveInstance, kill: Kill): Promise<void> {
  const { node, instance } = live;
  const mute = instance.mute?.();
  if (mute === undefined) noteKill(run, live, kill);
  else noteMute(run, live, mute);
  const killedMs = now();
  while (now() < run.shutdown.deadlines.giveUpMs(node, killedMs)) {
    instance.kill();
    const againMs = Math.min(KILL_AGAIN_MS, run.shutdown.deadlines.giveUpMs(node, killedMs) - now());
    const gone = await moveOnAfter(againMs, async () => {
      noteExit(run, live, await wait(instance.exited), true);
      await wait(instance.treeGone());
      return true;
    });
    if (gone) return;
  }
  await keepSurvivors(run, live);
}

function noteKill(run: Run, { node, attempt }: LiveInstance, { reason, limit }: Kill): void {
  const settings = limit && { settings: limit.settings };
  run.announce({ type: 'service.killed', service: node.name, attempt, reason, ...settings });
  node.past.troubles.push(`had to be killed: ${reason}`);
  if (run.shutdown.cause === undefined) return;
  const text = `"${node.name}" had to be killed: ${reason}`;
  run.record.unclean.push({ service: node.name, kind: 'killed', text, ...(limit && { limit }) });
}

/** What may not be signalled says nothing by not ending. */
function noteMute(run: Run, { node, attempt }: LiveInstance, mute: Survivor): void {
  const reason = `${survivorText(mute)} ${whyAlive(mute)}`;
  run.announce({ type: 'service.killed', service: node.name, attempt, reason });
  node.past.troubles.push(`could not be stopped: ${reason}`);
  if (run.shutdown.cause === undefined) return;
  const text = `"${node.name}" could not be stopped: ${reason}`;
  run.record.unclean.push({ service: node.name, kind: 'not-signalled', text });
}

async function keepSurvivors(run: Run, live: LiveInstance): Promise<void> {
  const { node, instance } = live;
  const look = () => instance.survivors();
  const survivors = (await moveOnAfter(KILL_MS, () => wait(look()))) ?? unseen(live);
  if (survivors.length === 0) return;
  run.record.lingering.push(look);
  node.past.outlived = { survivors, gone: instance.exited.then(() => instance.treeGone()) };
  const isCall = node.spec.command.kind === 'call';
  for (const survivor of survivors) {
    const text = isCall
      ? 'it has not ended, though it was cancelled: it awaits something that does not end'
      : `${survivorText(survivor)} ${whyAlive(survivor)}`;
    note(run, live, text);
  }
}

/** The system has nothing left to look with, and its end wasn't seen. */
function unseen({ node, instance: { pid = 0 } }: LiveInstance): readonly Survivor[] {
  return [{ service: node.name, pid, command: node.name }];
}

function announceStopping(run: Run, live: LiveInstance, ending: Ending, reason: string, atMs: number): void {
  const { node, attempt } = live;
  const deadline_ms = Math.round(run.ports.stamper.sinceStart(atMs));
  const grace_ms = Math.max(0, Math.round(atMs - run.ports.clock.now()));
  const cause = stopCause(node, ending);
  run.announce({
    type: 'service.stopping',
    service: node.name,
    attempt,
    reason,
    cause,
    deadline_ms,
    grace_ms,
  });
}

function stopReason(ending: Ending): string | undefined {
  if (ending.kind === 'asked' || ending.kind === 'lost') return ending.reason;
  return ending.kind === 'not-ready' || ending.kind === 'tripped' ? ending.why : undefined;
}

function note(run: Run, live: LiveInstance, text: string): void {
  run.announce({ type: 'service.note', service: live.node.name, attempt: live.attempt, text });
}

/**
 * A command that an init would stand in front of has no stop signal of its own; it gets the one that came, which means
 * another end to many programs: PostgreSQL waits for its clients after SIGTERM, and doesn't after SIGINT.
 */
function stopSignalOf({ options, shutdown }: Run, { name, spec }: ServiceNode): NodeJS.Signals {
  const isTold = options.stopsAsTold === true && options.foreground === name;
  return (isTold ? shutdown.came : undefined) ?? spec.stop.signal;
}
