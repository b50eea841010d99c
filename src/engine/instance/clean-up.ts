/**
 * The one clean-up pass of an instance: every command in its turn, each with its own limit, whatever the others did.
 *
 * Call it shielded. Only the third signal cuts it; what is left undone then is announced, never silently dropped.
 */
import { CancelScope, now, taskGroup } from '../../concurrency/index.ts';
import { displayCommand } from '../../conditions/kinds/command.ts';
import { describeExit } from '../../events/describe.ts';
import type { Exit } from '../../events/fact-shape.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { ShortCommand, ShortCommandEnd } from '../../process/ports.ts';
import type { Run } from '../run/run.ts';
import { commandOutput, commandsOf } from './bound-commands.ts';
import type { LiveInstance, ReadyCleanup } from './live-instance.ts';

/** `reason`: why the instance ended, a clause; the clean-ups get it as `ORDERLY_STOP_REASON`. */
export async function cleanUp(run: Run, live: LiveInstance, reason: string): Promise<void> {
  const { node, attempt, cleanups } = live;
  if (cleanups.length === 0) return;
  run.announce({ type: 'service.cleaning', service: node.name, attempt, count: cleanups.length });
  const env = { ...live.env, ...variables(node.name, attempt, live.exit, reason) };
  await taskGroup(async (pass) => {
    const abandon = new CancelScope({ name: `clean-ups of ${node.name}` });
    const giveUp = () => abandon.cancel('told to stop a third time');
    if (run.shutdown.abandoned) giveUp();
    pass.startSoon(async () => {
      await run.shutdown.givenUp.until(() => run.shutdown.abandoned);
      giveUp();
    });
    await abandon.run(async () => {
      for (const cleanup of cleanups) await cleanUpOnce(run, live, cleanup, env, abandon);
    });
    pass.cancel();
  });
}

async function cleanUpOnce(
  run: Run,
  live: LiveInstance,
  cleanup: ReadyCleanup,
  env: Record<string, string>,
  abandon: CancelScope,
): Promise<void> {
  const service = live.node.name;
  const startMs = now();
  const output = commandOutput(run, live);
  const command: ShortCommand = {
    command: cleanup.command,
    cwd: live.spec.cwd,
    env,
    rights: live.rights,
    onOutput: output.onOutput,
  };
  const limit = new CancelScope({ timeoutMs: cleanup.timeoutMs, name: `clean-up of ${service}` });
  const end = abandon.cancelCalled
    ? undefined
    : await limit.run((scope) => commandsOf(run, live.node).run(command, scope.signal));
  output.end();
  const timedOut = limit.cancelCalled;
  const error = trouble(end, timedOut ? cleanup.timeoutMs : undefined, abandon.cancelCalled);
  if (error !== undefined) live.node.past.troubles.push(`a clean-up ${error}`);
  if (error !== undefined && run.shutdown.cause !== undefined) {
    const text = `a clean-up of "${service}" ${error}`;
    run.record.unclean.push({ service, kind: 'cleanup-failed', text });
  }
  run.announce({
    type: 'service.cleanup',
    service,
    attempt: live.attempt,
    run: displayCommand(cleanup.command),
    code: end?.kind === 'code' ? end.code : undefined,
    took_ms: Math.round(now() - startMs),
    timed_out: timedOut,
    ...(error === undefined ? {} : { error }),
  });
}

/** What went wrong with it, a clause; undefined: nothing. */
function trouble(
  end: ShortCommandEnd | undefined,
  timeoutMs: number | undefined,
  abandoned: boolean,
): string | undefined {
  if (end === undefined) return 'was given up: it never ran';
  if (wentWell(end)) return undefined;
  if (end.kind === 'survived') return survivedClause(end, timeoutMs);
  if (abandoned) return 'was cut short';
  if (timeoutMs !== undefined) {
    const cut = end.kind === 'call' ? 'cancelled' : 'killed';
    return `was ${cut} after its timeout of ${formatDuration(timeoutMs)}`;
  }
  return end.kind === 'failed' ? `could not run: ${end.message}` : describeExit(end);
}

function survivedClause(
  { pid }: ShortCommandEnd & { readonly kind: 'survived' },
  timeoutMs: number | undefined,
): string {
  const when =
    timeoutMs === undefined
      ? 'was cut short'
      : `was given up after its timeout of ${formatDuration(timeoutMs)}`;
  return pid === undefined
    ? `${when}: its folder or program doesn't answer`
    : `${when}: process ${pid} outlived SIGKILL`;
}

function wentWell(end: ShortCommandEnd): boolean {
  return end.kind === 'call' ? end.outcome === 'returned' : end.kind === 'code' && end.code === 0;
}

function variables(
  service: string,
  attempt: number,
  exit: Exit | undefined,
  reason: string,
): Record<string, string> {
  const told = { ORDERLY_SERVICE: service, ORDERLY_ATTEMPT: String(attempt), ORDERLY_STOP_REASON: reason };
  if (exit === undefined) return told;
  if (exit.kind === 'code') return { ...told, ORDERLY_EXIT_CODE: String(exit.code) };
  return exit.kind === 'signal' ? { ...told, ORDERLY_EXIT_SIGNAL: exit.signal } : told;
}
