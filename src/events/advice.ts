/**
 * The next thing to do about a failure: one sentence for each kind. Pure.
 *
 * By kind and data, never by the words of a cause. It names what to look at or to change, and promises nothing.
 */
import { signalOf } from './exit-fact.ts';
import type { FailureFacts } from './failure.ts';
import { formatDuration } from './format-duration.ts';

export interface Failed extends FailureFacts {
  readonly service: string;
  readonly isTask: boolean;
  /** It wrote something that is shown. */
  readonly hasOutput: boolean;
  /** What it needs, and lost shortly before. */
  readonly lost?: string | undefined;
  /** It is in no file, so it can't be run by its name. */
  readonly isUnfiled?: boolean | undefined;
}

export function advise(failed: Failed): string {
  const { service, kind, held_by } = failed;
  if (held_by !== undefined) return `stop ${held_by}, or give "${service}" another port`;
  switch (kind) {
    case 'command-not-found':
      return `install it, or correct "command" of "${service}"`;
    case 'not-executable':
      return `make it a program that may be executed, or correct "command" of "${service}"`;
    case 'not-started':
      return `mend what the cause names; orderly doctor tells what this machine allows`;
    case 'value-missing':
      return `let the other service report that value when it becomes ready, or don't use it in "${service}"`;
    case 'before-failed':
      return `mend what that command says${inOutput(failed)}; "before" of "${service}" has as long as ready.within`;
    case 'exited-early':
    case 'exited':
      return adviseOnExit(failed);
    case 'not-ready':
      return `see what it was doing meanwhile${inOutput(failed)}, whether "ready" is what it does once it is up, or give it longer: ready.within`;
    case 'never-ready':
      return `see whether "ready" of "${service}" fits what the program does when it is up${orInOutput(failed)}`;
    case 'unhealthy':
      return `see what "${service}" was doing then${inOutput(failed)}; if that is as it should be, its health check or watchdog asks too much`;
    case 'dependency-late':
      return `see what keeps the other service, or raise "timeout" of that edge of "${service}"`;
    case 'outlived':
      return `end that process yourself if it runs as a user whom orderly may not kill; else see what it waits for in the kernel (ps -o pid,stat,wchan): mostly a disk, or a network file system`;
    case 'killed':
      return adviseOnKill(failed);
    case 'not-signalled':
      return `mend what keeps orderly from signalling "${service}", as it is told above; orderly doctor tells what it may`;
    case 'stop-failed':
      return `see why "${service}" throws when it is asked to stop: it may not have finished what it had to`;
    case 'cleanup-failed':
      return `do by hand what that clean-up of "${service}" should have done, and mend the command`;
    case 'left-behind':
      return `see what starts these processes and doesn't wait for them`;
  }
}

function adviseOnExit(failed: Failed): string {
  const { service, kind, exit = {}, isTask, lost } = failed;
  if (exit.outcome !== undefined) return adviseOnCall(failed);
  if (lost !== undefined) return `see first why "${lost}" was lost: "${service}" needs it`;
  switch (signalOf(exit)) {
    case 'SIGKILL':
      return `see whether the kernel killed it for want of memory: dmesg | grep -i "out of memory"`;
    case 'SIGTERM':
    case 'SIGINT':
    case 'SIGHUP':
      return `see who sent it that signal: it was not orderly`;
    case 'SIGILL':
    case 'SIGABRT':
    case 'SIGBUS':
    case 'SIGFPE':
    case 'SIGSEGV':
      return `see its last output for a trace, or its core dump: coredumpctl info`;
  }
  if (exit.code === 127 || exit.code === 126) {
    return `see which command it could not run${inOutput(failed)}: install it, or correct its path`;
  }
  if (exit.code === 0 && kind === 'exited-early') {
    return `if "${service}" is meant to end, say "type: task"; if it goes to the background, keep it in the foreground`;
  }
  if (exit.code === 0) return `add 0 to "restart.success_codes" of "${service}" if it is no failure`;
  const alone = failed.isUnfiled ? 'run its command alone' : `run it alone: orderly run ${service}`;
  if (!failed.hasOutput) return `it wrote nothing; to see more, ${alone}`;
  return `${isTask ? 'mend what its output tells, then' : 'see its last output for the reason; to try it,'} ${alone}`;
}

/** What a function threw has its own trace. */
function adviseOnCall({ service, exit = {}, isTask }: Failed): string {
  if (exit.outcome === 'threw') return `see the stack of what "${service}" threw`;
  const task = isTask ? '' : `; if it is meant to end, say that its type is "task"`;
  return `let "${service}" call started() when it is ready, and return when it is asked to stop${task}`;
}

/** It names all settings that held it, and what was slow before it. */
function adviseOnKill({ service, limit }: Failed): string {
  const look = `see why "${service}" doesn't end when it is asked`;
  if (limit === undefined) return `${look}; it was killed because orderly was told to stop again`;
  const { settings, whole_ms, slow } = limit;
  const whole = whole_ms === undefined ? '' : ` (with ${formatDuration(whole_ms)} each has its whole grace)`;
  const before = slow && `, or see why "${slow.service}" took ${formatDuration(slow.took_ms)} before it`;
  return `${look}, or give it longer: ${settings.join(' and ')}${whole}${before ?? ''}`;
}

function inOutput({ hasOutput }: Failed): string {
  return hasOutput ? ' (its last output)' : '';
}

function orInOutput({ hasOutput }: Failed): string {
  return hasOutput ? ', and its last output' : '';
}
