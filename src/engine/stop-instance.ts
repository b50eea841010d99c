/**
 * The ladder: ask, wait, kill the tree, look whether anything is left. Call it shielded.
 *
 * What outlives the main process is asked too, then killed. When this returns nothing of the instance is alive, or
 * what is has been recorded by name.
 */
import { CancelScope, checkpoint, moveOnAfter, now, wait } from '../concurrency/index.ts';
import { displayCommand } from '../conditions/command.ts';
import { describeExit } from '../events/describe.ts';
import type { Exit } from '../events/event.ts';
import { commandOutput } from './command-output.ts';
import type { Ending } from './ending.ts';
import type { Kill } from './kill-reason.ts';
import type { LiveInstance } from './live-instance.ts';
import type { Run } from './run.ts';
import { stopSignalOf } from './stop-signal.ts';

const KILL_AGAIN_MS = 50;
/** A program that heard the message must not be ended by the signal in the middle of what it does about it. */
const MESSAGE_FIRST_MS = 500;
/** How long finding out that nothing is left may take before there is talk of graces and kills. */
const LOOK_MS = 100;
/** The same where no grace is left. */
const SHORT_LOOK_MS = 50;
/** We come to a deadline that much later only if we could not run: who ended in time may just not have been looked at. */
const LATE_MS = 50;

export async function stopInstance(run: Run, live: LiveInstance, ending: Ending): Promise<void> {
  const askedMs = now();
  const deadlineMs = run.shutdown.deadlines.begin(live.node);
  const reason = stopReason(ending);
  // It may have ended while it waited for its turn to be asked.
  if (reason !== undefined && live.exit === undefined) announceStopping(run, live, reason, deadlineMs);
  const gone = (await nothingLeft(live, deadlineMs)) || (await askPolitely(run, live, deadlineMs));
  if (!gone) await killTree(run, live, run.shutdown.deadlines.kill(live.node, askedMs));
}

/** Records the end of the main process, once. */
export function noteExit(run: Run, live: LiveInstance, exit: Exit, asked: boolean): void {
  if (live.exit !== undefined) return;
  live.exit = exit;
  const { node } = live;
  node.spawned = false;
  node.passOn = undefined;
  node.ready = false;
  run.record.exits.set(node.name, exit);
  const { kind: _, ...how } = exit;
  run.announce({ type: 'service.exited', service: node.name, attempt: live.attempt, ...how, asked });
}

/** Whether an instance that ended by itself left nothing behind; what it did leave is asked to end. */
async function nothingLeft(live: LiveInstance, deadlineMs: number): Promise<boolean> {
  if (live.exit === undefined) return false;
  live.instance.askRest(live.node.spec.stop.signal);
  const lookMs = Math.max(SHORT_LOOK_MS, Math.min(LOOK_MS, deadlineMs - now()));
  return endsWithin(live, lookMs);
}

/** Resolves with whether everything is gone; deadlines that come nearer meanwhile are obeyed. */
async function askPolitely(run: Run, live: LiveInstance, atMs: number): Promise<boolean> {
  const patience = new CancelScope({ deadline: atMs, name: `grace of ${live.node.name}` });
  let gone = false;
  await run.shutdown.deadlines.limitPatience(live.node, patience, async () => {
    if (live.exit === undefined) await askToEnd(run, live);
    await wait(live.instance.treeGone());
    gone = true;
  });
  if (gone || live.exit === undefined || now() - patience.deadline <= LATE_MS) return gone;
  live.instance.askRest(live.node.spec.stop.signal);
  return endsWithin(live, SHORT_LOOK_MS);
}

async function endsWithin({ instance }: LiveInstance, limitMs: number): Promise<boolean> {
  return (await moveOnAfter(limitMs, () => wait(instance.treeGone()).then(() => true))) ?? false;
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
  const { stop, cwd } = live.node.spec;
  const signal = stopSignalOf(run, live.node);
  const command = live.stopCommand;
  if (command !== undefined) {
    const scope = new CancelScope({ name: `stop command of ${live.node.name}` });
    const { onOutput, end: endOutput } = commandOutput(run.ports.onLog, live);
    const end = await scope.run((inside) =>
      run.ports.commands.run({ command, cwd, env: live.env, rights: live.rights, onOutput }, inside.signal),
    );
    endOutput();
    await checkpoint();
    if (end?.kind === 'code' && end.code === 0) return;
    const how = end === undefined || end.kind === 'failed' ? 'could not run' : describeExit(end);
    note(run, live, `stop.command "${displayCommand(command)}" ${how}: sending ${signal} instead`);
  }
  if (live.instance.sendShutdown()) await moveOnAfter(MESSAGE_FIRST_MS, () => wait(live.instance.exited));
  live.instance.ask(signal, stop.target);
}

async function killTree(run: Run, live: LiveInstance, { reason, limit }: Kill): Promise<void> {
  const { node, instance, attempt } = live;
  instance.kill();
  // What may not be signalled says nothing by not ending.
  const mute = (await instance.survivors()).find(({ why }) => why !== undefined);
  const because =
    mute === undefined ? reason : `process ${mute.pid} (${mute.command}) may not be signalled: ${mute.why}`;
  const settings = limit && mute === undefined && { settings: limit.settings };
  run.announce({ type: 'service.killed', service: node.name, attempt, reason: because, ...settings });
  if (run.shutdown.cause !== undefined) {
    const text = `"${node.name}" ${mute === undefined ? 'had to be killed' : 'could not be stopped'}: ${because}`;
    const unclean = { service: node.name, text } as const;
    if (mute === undefined) run.record.unclean.push({ ...unclean, kind: 'killed', ...(limit && { limit }) });
    else run.record.unclean.push({ ...unclean, kind: 'not-signalled' });
  }
  const killedMs = now();
  while (now() < run.shutdown.deadlines.giveUpMs(node, killedMs)) {
    instance.kill();
    const gone = await moveOnAfter(KILL_AGAIN_MS, async () => {
      noteExit(run, live, await wait(instance.exited), true);
      await wait(instance.treeGone());
      return true;
    });
    if (gone) return;
  }
  for (const survivor of await instance.survivors()) {
    run.record.survivors.push(survivor);
    const isCall = node.spec.command.kind === 'call';
    const text = isCall
      ? 'it has not ended, though it was cancelled: it awaits something that does not end'
      : `process ${survivor.pid} (${survivor.command}) ${
          survivor.why === undefined ? 'outlived SIGKILL' : `may not be signalled: ${survivor.why}`
        }`;
    note(run, live, text);
  }
}

function announceStopping(run: Run, live: LiveInstance, reason: string, atMs: number): void {
  const deadline_ms = Math.round(run.ports.stamper.sinceStart(atMs));
  run.announce({
    type: 'service.stopping',
    service: live.node.name,
    attempt: live.attempt,
    reason,
    deadline_ms,
  });
}

function stopReason(ending: Ending): string | undefined {
  if (ending.kind === 'asked' || ending.kind === 'lost') return ending.reason;
  return ending.kind === 'not-ready' || ending.kind === 'tripped' ? ending.why : undefined;
}

function note(run: Run, live: LiveInstance, text: string): void {
  run.announce({ type: 'service.note', service: live.node.name, attempt: live.attempt, text });
}
