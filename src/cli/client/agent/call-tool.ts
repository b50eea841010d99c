/**
 * Does what a tool is for, by asking the run of the project as the commands do. A run that was started in the meantime is found.
 */
import type {
  AcceptedAnswer,
  DroppedAnswer,
  LogAnswer,
  RefusedAnswer,
  ServicesAnswer,
  WhyAnswer,
} from '../../../control/protocol.ts';
import { formatDuration } from '../../../events/format-duration.ts';
import type { FoundRun } from '../../../process/guard/find-run.ts';
import { UsageError } from '../../world.ts';
import { AskError, askRun, askSettled, noAnswer } from '../ask-run.ts';
import type { ClientWorld } from '../client-world.ts';
import { type ClientOptions, findTarget, requireRun } from '../find-run.ts';
import { runToItsEnd } from './run-to-its-end.ts';
import { tellLogs, tellOpen, tellPlan, tellRefused, tellSettled, tellStatus, tellWhy } from './tell.ts';
import { tellRan } from './tell-ran.ts';
import type { NextCall, Told } from './tool-result.ts';
import type { RequestName, ToolName } from './tools.ts';
import { within } from './within.ts';

/** Looked at by the schema of the tool. */
// biome-ignore lint/suspicious/noExplicitAny: what each is was looked at.
type Arguments = Readonly<Record<string, any>>;

export interface Asking {
  readonly world: ClientWorld;
  readonly options: ClientOptions;
  /** Aborted: nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Aborted: the server ends, and waits for no request any more. */
  readonly hurry: AbortSignal;
}

/** A run answers at once; one that was stopped by a signal, or is stuck, does not. */
const ANSWER_MS = 20_000;
/** Clients mostly give up after a minute. */
const SETTLE_MS = 45_000;
const TAIL = 50;

/** What can't be asked or done is told with its remedy; rejects only for bugs. */
export async function callTool(asking: Asking, name: ToolName, given: Arguments): Promise<Told> {
  try {
    return await ask(asking, name, given);
  } catch (error) {
    if (error instanceof UsageError)
      return { lines: [error.message, ...otherRuns(asking.world)], isError: true };
    if (!(error instanceof AskError)) throw error;
    const look: NextCall = {
      tool: 'status',
      arguments: {},
      why: 'shows whether it still runs, and what there is',
    };
    return { lines: [error.message], next: [look], isError: true };
  }
}

/** Where this one isn't meant, another may be. */
function otherRuns(world: ClientWorld): readonly string[] {
  return world
    .findRuns()
    .map(({ file, pid }) => `there runs ${file} (pid ${pid}): orderly agent --file ${file}`);
}

async function ask(asking: Asking, name: ToolName, given: Arguments): Promise<Told> {
  const { world, options } = asking;
  switch (name) {
    case 'status': {
      const run = requireRun(world, options, 'show where services are');
      return tellStatus(await get<ServicesAnswer>(asking, run, `/v1/services?${choiceOf(given)}`));
    }
    case 'why': {
      const run = requireRun(world, options, 'tell why');
      return tellWhy(
        await get<WhyAnswer>(asking, run, `/v1/services/${encodeURIComponent(given.service)}/why`),
      );
    }
    case 'logs':
      return logs(asking, given);
    case 'plan':
      return plan(asking, given);
    case 'run':
      return runCommand(asking, given);
    default:
      return request(asking, name, given);
  }
}

async function logs(
  asking: Asking,
  { tail = TAIL, since_ms, until_ms, grep, ...choice }: Arguments,
): Promise<Told> {
  const { world, options } = asking;
  const run = requireRun(world, options, 'show what was written');
  const query = choiceOf(choice);
  query.set('tail', String(tail));
  if (until_ms !== undefined) query.set('until_ms', String(until_ms));
  if (since_ms !== undefined) query.set('since_ms', String(since_ms));
  if (grep !== undefined) query.set('grep', grep);
  const lines: (LogAnswer | DroppedAnswer)[] = [];
  await limited(asking, run, async (signal) => {
    try {
      for await (const line of world.follow(run, { method: 'GET', path: `/v1/logs?${query}`, signal }))
        lines.push(JSON.parse(line));
    } catch (error) {
      throw noAnswer(run, error);
    }
  });
  return tellLogs(lines, choice.services ?? []);
}

async function plan(asking: Asking, { request: kind, ...given }: Arguments): Promise<Told> {
  const run = requireRun(asking.world, asking.options, `plan to ${kind}`);
  const answer = await submit(asking, run, { ...bodyOf(kind, given), dry_run: true });
  return answer.kind === 'refused' ? tellRefused(kind, answer) : tellPlan(answer, kind, given);
}

async function request(asking: Asking, kind: RequestName, given: Arguments): Promise<Told> {
  const { world, options } = asking;
  // What doesn't run is stopped.
  if (kind === 'stop' && findTarget(world, options).run === undefined)
    return { lines: ["it doesn't run: nothing is to be stopped"], data: { outcome: 'unchanged' } };
  const run = requireRun(world, options, kind);
  const answer = await submit(asking, run, bodyOf(kind, given));
  if (answer.kind === 'refused') return tellRefused(kind, answer);
  const limitMs = given.timeout_ms ?? SETTLE_MS;
  const settled = await within(asking, limitMs, (signal) => askSettled(world, run, answer.request, signal));
  return settled?.kind === 'settled'
    ? tellSettled(kind, settled, answer.plan)
    : tellOpen(
        kind,
        answer,
        given,
        asking.hurry.aborted ? 'stdin has ended' : `not settled within ${formatDuration(limitMs)}`,
      );
}

/** As `orderly run` does where the project runs: by that very command. */
async function runCommand(asking: Asking, { command, needs, timeout_ms }: Arguments): Promise<Told> {
  const { world, options } = asking;
  const run = requireRun(world, options, `run ${command[0]}`);
  const words = [
    ...['run', '--lifeline', '3'],
    ...projectOf(run, options),
    ...(needs === undefined ? [] : [`--needs=${needs.join(',')}`]),
    ...['--', ...command],
  ];
  const ran = await runToItsEnd(asking, words, timeout_ms ?? SETTLE_MS);
  const isHeard = !asking.signal.aborted && !asking.hurry.aborted;
  const after = isHeard
    ? await get<ServicesAnswer>(asking, run, '/v1/services').catch(notAnswered)
    : undefined;
  return tellRan(ran, needs, after?.services);
}

/** The run may have gone with the command. */
function notAnswered(error: unknown): undefined {
  if (!(error instanceof AskError)) throw error;
}

/** Which project it was, for another command line in this folder. */
function projectOf({ file }: FoundRun, options: ClientOptions): readonly string[] {
  const { file: files = [], project } = options;
  const named = files.length === 0 && project !== undefined ? [file] : files;
  return [
    ...named.flatMap((one) => ['--file', one]),
    ...(project === undefined ? [] : ['--project', project]),
  ];
}

/** Which services are meant. */
function choiceOf({ services = [], labels = [] }: Arguments): URLSearchParams {
  const query = new URLSearchParams();
  for (const service of services) query.append('name', service);
  for (const label of labels) query.append('label', label);
  return query;
}

/** What doesn't fit the kind goes along: the run says so. */
function bodyOf(kind: RequestName, { services, now, timeout_ms: _, for: until, ...same }: Arguments): object {
  return {
    ...{ kind, names: services, ...same },
    ...(kind === 'wait' && { until: until ?? 'ready' }),
    ...(now === true && { grace_ms: 0 }),
  };
}

function submit(asking: Asking, run: FoundRun, body: object): Promise<AcceptedAnswer | RefusedAnswer> {
  return limited(asking, run, (signal) =>
    askRun(asking.world, run, { method: 'POST', path: '/v1/requests', body, signal }),
  );
}

function get<Answer extends object>(asking: Asking, run: FoundRun, path: string): Promise<Answer> {
  return limited(asking, run, (signal) => askRun<Answer>(asking.world, run, { method: 'GET', path, signal }));
}

/** Throws an `AskError` also if it takes too long. */
async function limited<T>(
  asking: Asking,
  run: FoundRun,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { world, signal } = asking;
  const done = await within({ world, signal }, ANSWER_MS, async (own) => ({ value: await work(own) }));
  if (done !== undefined) return done.value;
  const why = `it said nothing for ${formatDuration(ANSWER_MS)}; is it stopped, or stuck?`;
  throw new AskError(`The run (pid ${run.pid}) gives no answer: ${why}`, 1);
}
