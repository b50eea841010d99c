/**
 * `orderly start`, `stop`, `restart`, `signal`, `wait`, `scale`, `reload`: asks a run for something, shows what that takes, and waits
 * until it has come to its end.
 *
 * The command may end before that: a time that has passed, Ctrl-C and its own death end the waiting, never the request.
 */
import type { AcceptedAnswer, RefusedAnswer, SettledAnswer } from '../../control/protocol.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { printable } from '../../events/printable.ts';
import type { PlannedChange } from '../../events/request-fact.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import type { Ending } from '../world.ts';
import { AskError, askRun, askSettled, PATIENT } from './ask-run.ts';
import { changedServices } from './changed.ts';
import { type ClientSignal, type ClientWorld, statusOf } from './client-world.ts';
import { type ClientOptions, findTarget, requireRun } from './find-run.ts';
import { Progress } from './progress.ts';
import { showWaiting } from './show-waiting.ts';

export interface RequestCommandOptions extends ClientOptions {
  readonly dryRun?: boolean | undefined;
  /** False: returns when it is accepted. */
  readonly wait?: boolean | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  readonly failIfBusy?: boolean | undefined;
  /** What it waits for is not shown. */
  readonly quiet?: boolean | undefined;
}

/** `body`: what it asks for, with its kind. */
export async function request(
  world: ClientWorld,
  body: { readonly kind: string } & Readonly<Record<string, unknown>>,
  options: RequestCommandOptions,
): Promise<Ending> {
  const { kind } = body;
  // What doesn't run is stopped.
  if (kind === 'stop' && findTarget(world, options).run === undefined) {
    world.complain("orderly: it doesn't run: nothing is to be stopped");
    return { status: 0 };
  }
  const run = requireRun(world, options, kind);
  const interrupted = world.interrupted();
  const answer = await Promise.race([
    askRun<AcceptedAnswer | RefusedAnswer>(world, run, {
      method: 'POST',
      path: '/v1/requests',
      body: { ...body, dry_run: options.dryRun, fail_if_busy: options.failIfBusy },
      // The files are read before it is answered.
      ...(kind === 'reload' && PATIENT),
    }),
    interrupted.then((signal) => world.after(ANSWER_MS).then(() => signal)),
  ]);
  if (typeof answer === 'string') {
    world.complain('orderly: waits no longer; whether it was accepted is not known');
    return { status: statusOf(answer) };
  }
  const say = (text: string): void => void (options.json === true || world.print(`${printable(text)}\n`));
  const tell = (data: object): void =>
    void (options.json === true && world.print(`${JSON.stringify(data)}\n`));
  tell(answer);
  if (answer.kind === 'refused') {
    world.complain(`orderly: Cannot ${kind}: ${answer.why}`);
    return { status: answer.status };
  }
  if (options.dryRun === true) {
    for (const line of planLines(answer)) say(line);
    return { status: 0 };
  }
  if (options.wait === false) {
    say(`${answer.request}: accepted`);
    return { status: 0 };
  }
  const settled = await untilSettled(world, run, answer, interrupted, {
    ...options,
    names: Array.isArray(body.names) ? (body.names as readonly string[]) : [],
  });
  if ('stopped' in settled) {
    world.complain(`orderly: ${settled.why}`);
    return { status: settled.stopped };
  }
  tell(settled);
  for (const line of settledLines(kind, settled, answer.plan)) say(line);
  if (settled.status !== 0 && settled.why !== undefined) world.complain(`orderly: ${settled.why}`);
  if (kind === 'start') await tellChanged(world, run, settled);
  return { status: settled.status };
}

/** What runs is not what stands in the files: nobody should look for the reason in the program. */
async function tellChanged(world: ClientWorld, run: FoundRun, { services }: SettledAnswer): Promise<void> {
  const changed = new Set(await changedServices(world, run));
  const named = services.map(({ service }) => service).filter((service) => changed.has(service));
  if (named.length === 0) return;
  const which = named.join(', ');
  world.complain(
    `orderly: the files say something else of ${which} than what runs; "orderly reload" applies that`,
  );
}

/** An answer that is on its way has come by then. */
const ANSWER_MS = 500;

type Waited = SettledAnswer | { readonly stopped: number; readonly why: string };

async function untilSettled(
  world: ClientWorld,
  run: FoundRun,
  accepted: AcceptedAnswer,
  interrupted: Promise<ClientSignal>,
  { timeout: timeoutMs, json, quiet, names }: RequestCommandOptions & { readonly names: readonly string[] },
): Promise<Waited> {
  const { request: id } = accepted;
  const progress = new Progress(world, run, accepted);
  const answered = async (): Promise<Waited> => {
    try {
      const answer = await askSettled(world, run, id);
      return answer.kind === 'settled' ? answer : { stopped: 1, why: `${id} is not settled` };
    } catch (error) {
      if (!(error instanceof AskError)) throw error;
      const far = [error.message, ...(await progress.toldAtTheEnd())].join('; ');
      return { stopped: 1, why: `what came of ${id} can't be told. ${far}` };
    }
  };
  const late = async (ms: number): Promise<Waited> => {
    await world.after(ms);
    return { stopped: 1, why: `not settled within ${formatDuration(ms)}; ${id} goes on` };
  };
  const ended = async (): Promise<Waited> => ({
    stopped: statusOf(await interrupted),
    why: `waits no longer; ${id} goes on`,
  });
  const waited = Promise.race([answered(), ended(), ...(timeoutMs === undefined ? [] : [late(timeoutMs)])]);
  if (json === true || quiet === true) return waited;
  return showWaiting(world, run, { states: progress.states, names }, waited);
}

/** What would be done, a line each. Pure. */
export function planLines({ plan, worst_ms }: AcceptedAnswer): readonly string[] {
  if (plan.length === 0) return ['nothing to do'];
  const lines = plan.map(changeLine);
  return worst_ms === 0 ? lines : [...lines, `at most ${formatDuration(worst_ms)}`];
}

function changeLine({ service, change, along, keys }: PlannedChange): string {
  const why = along === undefined || along.length === 0 ? '' : `, along with ${along.join(', ')}`;
  const what = keys === undefined || keys.length === 0 ? '' : ` (${keys.join(', ')})`;
  return `${change} ${service}${what}${why}`;
}

const DONE: Readonly<Record<string, string>> = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  signal: 'signalled',
  wait: 'so it is',
  scale: 'scaled',
};

/** What a change of the graph does with a service. */
const CHANGED: Readonly<Record<string, string>> = {
  add: 'added',
  remove: 'removed',
  restart: 'changed',
  redefine: 'changed',
  start: 'changed, and started',
  follow: 'restarted',
};

/** What came of it, a line for each service. Pure. */
export function settledLines(
  kind: string,
  { outcome, services }: SettledAnswer,
  plan: readonly PlannedChange[],
): readonly string[] {
  if (outcome === 'unchanged') return ['nothing to do: it is so already'];
  // One that failed was taken back: there is nothing to tell of but why.
  if (kind === 'reload' && outcome !== 'reached') return [];
  if (kind === 'reload' && plan.length === 0)
    return ['what is said of the whole graph has changed, and no service'];
  if (kind === 'reload') return plan.map(({ service, change }) => `${service}: ${CHANGED[change] ?? change}`);
  return services.flatMap(({ service, outcome: own, why, troubles = [] }) => [
    `${service}: ${own === 'reached' ? DONE[kind] : `${own}${why === undefined ? '' : `: ${why}`}`}`,
    ...troubles.map((trouble) => `${service}: ${trouble}`),
  ]);
}
