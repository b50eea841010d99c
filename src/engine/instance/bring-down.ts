/**
 * What follows every instance, however it ended: its tree is stopped, its last output read, its clean-ups run.
 *
 * Call it shielded. It is the one pass that G3 promises.
 */
import { moveOnAfter, sleep, wait } from '../../concurrency/index.ts';
import { templateText } from '../../config/variables/template.ts';
import type { Survivor } from '../../events/event.ts';
import { foregroundAdvice, wordsOfScript } from '../../events/foreground-advice.ts';
import type { Run } from '../run/run.ts';
import { type Ending, endingClause, isSuccess } from '../service/ending.ts';
import { WAITING } from '../service/phase.ts';
import { wakeBelow } from '../service/rest.ts';
import { cleanUp } from './clean-up.ts';
import type { LiveInstance } from './live-instance.ts';
import { stopInstance } from './stop.ts';

/** The tree is gone, so that the end of its output can only be a read away; what isn't ours may hold the pipe. */
const DRAIN_MS = 100;

const LOG_MS = 250;

export async function bringDown(run: Run, live: LiveInstance, ending: Ending): Promise<void> {
  const { node, instance } = live;
  await tellLeftBehind(run, live, ending);
  await stopInstance(run, live, ending);
  if (instance.outputOpen) await moveOnAfter(DRAIN_MS, () => wait(instance.outputEnded));
  instance.dispose();
  if (ending.kind !== 'asked' && ending.kind !== 'lost') await readOwnLog(run, live);
  const reason =
    ending.kind === 'asked' || ending.kind === 'lost' ? ending.reason : endingClause(node.spec, ending);
  await cleanUp(run, live, reason);
  node.enter(WAITING);
  node.past.ends += 1;
  node.tellDependents();
  if (run.isCommanded) wakeBelow(node);
}

/** Of a service that writes to its file itself nothing was seen before; a disk that doesn't answer isn't waited for. */
async function readOwnLog(run: Run, { node }: LiveInstance): Promise<void> {
  const log = run.ports.directLog?.(node.name);
  if (log === undefined) return;
  const written = await moveOnAfter(LOG_MS, () => wait(log.written()));
  if (written !== undefined) node.tail.append(written);
}

// Tells of an instance whose command ended with success and left processes behind: it went to the background, and what it
// left is about to be stopped, since nobody knows of it there.
//
// Call it before that is asked to end. A command may be ended a moment before its children: only what is there after
// that moment counts.

/** Longer than the children of a command take that are ended with it. */
const MOMENT_MS = 50;
/** Programs that start another one in the background wait for that no longer (pg_ctl: 60 s). */
const LAUNCHER_MS = 60_000;
/** What is alive may be hard to find out; then nothing is told. */
const LOOK_MS = 250;

async function tellLeftBehind(run: Run, live: LiveInstance, ending: Ending): Promise<void> {
  const { node, attempt, instance } = live;
  const { command } = node.spec;
  if (ending.kind !== 'exited' || !isSuccess(node.spec, ending.exit)) return;
  if (command.kind === 'call' || command.kind === 'external') return;
  if (run.options.foreground === node.name || isGoing(live)) return;
  if (instance.isSurelyGone?.() === true) return;
  if (!node.isTask && ending.upMs <= LAUNCHER_MS)
    await moveOnAfter(LOOK_MS, () => wait(instance.claimStrays?.(ending.upMs) ?? Promise.resolve()));
  const look = (): Promise<readonly Survivor[] | undefined> =>
    moveOnAfter(LOOK_MS, () => wait(instance.survivors()));
  if (((await look()) ?? []).length === 0) return;
  await sleep(MOMENT_MS);
  const left = (await look()) ?? [];
  if (left.length === 0 || isGoing(live)) return;
  const words =
    command.kind === 'exec' ? command.argv.map(templateText) : wordsOfScript(templateText(command.script));
  node.past.inBackground = attempt;
  run.announce({
    type: 'service.background',
    service: node.name,
    attempt,
    left: left.map(({ pid, command: line }) => ({ pid, command: line })),
    advice: foregroundAdvice(words),
  });
}

/** It ends because it has to, and not because of this: what it leaves is no surprise. */
function isGoing({ node }: LiveInstance): boolean {
  const hasToStop = node.stopReason !== undefined && node.fault !== node.name;
  return hasToStop || node.givesWay !== undefined || node.replacement !== undefined;
}
