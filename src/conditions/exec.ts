/**
 * Holds when a command exits with 0.
 *
 * The command runs in its own process group, which is dead before an attempt that was cut ends. The end of what
 * it wrote belongs to the detail.
 */
import type { ConditionKind } from '../config/types.ts';
import { describeExit } from '../events/describe.ts';
import type { ReadyCommand, ShortCommandEnd } from '../process/ports.ts';
import type { Check } from './check.ts';
import { displayCommand, fillCommand } from './command.ts';
import { createOutputTail, type OutputTail } from './output-tail.ts';
import type { ProbeContext } from './probe.ts';

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
