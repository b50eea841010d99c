/**
 * Holds when what is run ends well: a command with 0, a function of this program by returning.
 *
 * The command runs in its own process group, which is dead before an attempt that was cut ends. The end of what
 * it wrote belongs to the detail.
 */
import type { ConditionKind } from '../../config/types.ts';
import { describeExit } from '../../events/describe.ts';
import { plainText } from '../../events/printable.ts';
import type { ReadyCommand, ShortCommandEnd } from '../../process/ports.ts';
import type { Check } from '../probe/check.ts';
import type { ProbeContext } from '../probe/probe.ts';
import { displayCommand, fillCommand } from './command.ts';

type ExecCondition = Extract<ConditionKind, { readonly kind: 'exec' }>;

export function createExecCheck(condition: ExecCondition, context: ProbeContext): Check {
  const command: ReadyCommand = fillCommand(condition.command, context.fill);
  const subject = `exec ${displayCommand(command)}`;
  let tail: OutputTail = createOutputTail();
  /** What of the attempts before could not be killed. */
  let survivor: { readonly pid: number | undefined } | undefined;
  return {
    subject,
    unanswered: 'had not ended',
    said: () => tail.text(),
    async attempt(signal) {
      tail = createOutputTail();
      // Attempts must not pile up.
      if (survivor !== undefined) {
        return { kind: 'not-yet', detail: `${subject}: ${describeStuck(survivor.pid)}` };
      }
      const { cwd, env, rights, onProbeOutput } = context;
      const end = await context.ports.commands.run(
        {
          command,
          cwd,
          env,
          rights,
          onOutput(stream, chunk) {
            tail.push(chunk);
            onProbeOutput?.(stream, chunk);
          },
        },
        signal,
      );
      if (end.kind === 'failed') return { kind: 'error', detail: `${subject}: ${end.message}` };
      if (end.kind === 'survived') {
        survivor = end;
        void end.gone.then(() => {
          survivor = undefined;
        });
        return { kind: 'not-yet', detail: `${subject}: ${describeStuck(end.pid)}` };
      }
      if (end.kind === 'code' && end.code === 0)
        return { kind: 'held', evidence: `${subject} exited with 0` };
      const ending = endingOf(end);
      const said = tail.text();
      return { kind: 'not-yet', detail: `${subject}: ${ending}${said === '' ? '' : `: ${said}`}` };
    },
  };
}

function describeStuck(pid: number | undefined): string {
  return pid === undefined
    ? "its folder or program doesn't answer"
    : `process ${pid} of an attempt before can't be killed, and runs on`;
}

function endingOf(end: Exclude<ShortCommandEnd, { kind: 'failed' | 'survived' }>): string {
  if (end.kind === 'call') return describeExit(end);
  return end.kind === 'code' ? `exited with ${end.code}` : `was ended by ${end.signal}`;
}

type CallCondition = Extract<ConditionKind, { readonly kind: 'call' }>;

/** What the function throws is the detail. */
export function createCallCheck({ command }: CallCondition, { ports, cwd, env }: ProbeContext): Check {
  const subject = command.name;
  return {
    subject,
    unanswered: 'had not returned',
    async attempt(signal) {
      const end = await ports.commands.run({ command, cwd, env }, signal);
      if (end.kind === 'survived') return { kind: 'not-yet', detail: `${subject} has not ended` };
      if (end.kind === 'failed') return { kind: 'error', detail: `${subject}: ${end.message}` };
      const detail = `${subject} ${describeExit(end)}`;
      const isWell = end.kind === 'call' && end.outcome === 'returned';
      return isWell ? { kind: 'held', evidence: detail } : { kind: 'not-yet', detail };
    },
  };
}

const KEPT_BYTES = 2_048;
const SHOWN_LINES = 3;
const SHOWN_CHARACTERS = 300;

/**
 * Keeps the end of what a probe command wrote, for the sentence that says why it does not hold. Bounded in memory and
 * in length of text; everything before the end is forgotten.
 */
export interface OutputTail {
  push(chunk: Buffer): void;
  /** The last non-empty lines in one, joined by " / ", without colours; empty if nothing was written. */
  text(): string;
}

export function createOutputTail(): OutputTail {
  let kept: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      kept = Buffer.concat([kept, chunk.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES);
    },
    text: () => shorten(plainText(kept.toString('utf8'))),
  };
}

function shorten(text: string): string {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const joined = lines.slice(-SHOWN_LINES).join(' / ');
  return joined.length > SHOWN_CHARACTERS ? `…${joined.slice(-SHOWN_CHARACTERS)}` : joined;
}
