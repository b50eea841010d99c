/**
 * Runs one hook, a command or a webhook, within its time. What is told goes as variables, or as JSON: it is never a part of
 * a text for the shell.
 */
import type { Clock } from '../concurrency/index.ts';
import type { Hook } from '../config/hook-types.ts';
import { describeExit } from '../events/describe.ts';
import type { LogSink } from '../events/event.ts';
import { formatDuration } from '../events/format-duration.ts';
import type { Attempt, Commands, ShortCommandEnd } from '../process/ports.ts';
import type { Occasion } from './occasions.ts';
import { wholeLines } from './whole-lines.ts';
import { withinTime } from './within-time.ts';

export interface HookPorts {
  readonly clock: Clock;
  readonly commands: Commands;
  readonly post: (url: string, body: string, signal: AbortSignal) => Promise<Attempt>;
  /** Takes what commands write. */
  readonly onLog: LogSink;
  /** Ours: what commands inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The name of the project. */
  readonly project: string;
}

const MOST_CHARACTERS = 4_096;
/** What is written beyond it is left out: a flood would hold back services that write too. */
const MOST_OUTPUT_BYTES = 1024 * 1024;

/** What is told of an occasion. `missed`: so many before it were left out. */
export type Message = ReturnType<typeof messageOf>;

export function messageOf(project: string, occasion: Occasion, missed: number) {
  const { event, of, service, attempt, time } = occasion;
  return { project, event, of, service, attempt, why: occasion.why.slice(0, MOST_CHARACTERS), time, missed };
}

/**
 * Why it went wrong, a clause fit after its name; undefined: it went well. An abort of `end` cuts it. Resolves soon after its
 * time has passed, whatever it does. Never rejects.
 */
export async function runHook(
  ports: HookPorts,
  hook: Hook,
  message: Message,
  end: AbortSignal,
): Promise<string | undefined> {
  const limits = { withinMs: hook.timeoutMs, end };
  const { result: trouble, isCut } = await withinTime(ports.clock, limits, (signal) =>
    hook.kind === 'command'
      ? runCommand(ports, hook.run, message, signal)
      : ports.post(hook.url, JSON.stringify(message), signal).then(troubleOfPost),
  );
  if (!isCut || trouble === undefined) return trouble;
  if (end.aborted) return 'was cut short: the run is over';
  const after = `after its timeout of ${formatDuration(hook.timeoutMs)}`;
  if (trouble === 'given-up' || hook.kind === 'webhook') return `was given up ${after}`;
  return `was killed ${after}`;
}

async function runCommand(
  { commands, onLog, env, cwd }: HookPorts,
  command: Extract<Hook, { readonly kind: 'command' }>['run'],
  message: Message,
  signal: AbortSignal,
): Promise<string | undefined> {
  // No instance has the number 0: what clean-ups and probes write is not mixed with it.
  const stdout = wholeLines((lines) => onLog(message.service, 0, 'stdout', lines, true));
  const stderr = wholeLines((lines) => onLog(message.service, 0, 'stderr', lines, true));
  let bytes = 0;
  const ended = await commands.run(
    {
      command,
      cwd,
      env: { ...inherited(env), ...variablesOf(message) },
      onOutput(stream, chunk) {
        bytes += chunk.length;
        if (bytes <= MOST_OUTPUT_BYTES) (stream === 'stdout' ? stdout : stderr).add(chunk);
      },
    },
    signal,
  );
  stdout.end();
  stderr.end();
  const isFlood = bytes > MOST_OUTPUT_BYTES;
  return troubleOf(ended) ?? (isFlood ? 'wrote more than 1 MiB: the rest is left out' : undefined);
}

function troubleOf(ended: ShortCommandEnd): string | undefined {
  switch (ended.kind) {
    case 'failed':
      return `could not run: ${ended.message}`;
    case 'survived':
      return 'outlived SIGKILL';
    default:
      return ended.kind === 'code' && ended.code === 0 ? undefined : describeExit(ended);
  }
}

function troubleOfPost({ ok, detail }: Attempt): string | undefined {
  return ok ? undefined : `failed: ${detail}`;
}

/** None of these is by which a process is known to be of a service, here or of an orderly that we run in. */
export function variablesOf(message: Message): Record<string, string> {
  return {
    ORDERLY_EVENT: message.event,
    ORDERLY_EVENT_OF: message.of,
    ORDERLY_EVENT_PROJECT: message.project,
    ORDERLY_EVENT_SERVICE: message.service,
    ORDERLY_EVENT_ATTEMPT: String(message.attempt),
    ORDERLY_EVENT_WHY: message.why,
    ORDERLY_EVENT_TIME: message.time,
    ORDERLY_EVENT_MISSED: String(message.missed),
  };
}

const OF_AN_INSTANCE: ReadonlySet<string> = new Set(['ORDERLY_RUN', 'ORDERLY_SERVICE', 'ORDERLY_ATTEMPT']);

/** What commands beside the services inherit: nothing by which a process is known to be of an instance of an orderly that we run in. */
export function inherited(env: HookPorts['env']): Record<string, string> {
  const own = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !OF_AN_INSTANCE.has(entry[0]),
  );
  return Object.fromEntries(own);
}
