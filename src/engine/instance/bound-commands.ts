/**
 * The commands of a service, none of which is waited for without an end: a command that was killed and doesn't die (a
 * setuid program, one that hangs in the kernel) is left behind by name, and counts as a survivor as long as it lives.
 */
import { CancelScope, shield, wait } from '../../concurrency/index.ts';
import { displayCommand } from '../../conditions/kinds/command.ts';
import type { OutputSink } from '../../events/event.ts';
import { KILL_MS } from '../../graph/stop-limits.ts';
import type { Commands, ShortCommand, ShortCommandEnd } from '../../process/ports.ts';
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';
import { survivorText } from './lingering.ts';
import type { LiveInstance } from './live-instance.ts';

export function commandsOf(run: Run, node: ServiceNode): Commands {
  return {
    async run(command, signal) {
      // A function of this program has limits of its own.
      if (command.command.kind === 'call') return run.ports.commands.run(command, signal);
      const end = await runBounded(run.ports.commands, command, signal);
      if (end.kind === 'survived') noteSurvivor(run, node, command, end);
      return end;
    },
  };
}

type Survived = Extract<ShortCommandEnd, { readonly kind: 'survived' }>;

async function runBounded(
  commands: Commands,
  command: ShortCommand,
  signal: AbortSignal,
): Promise<ShortCommandEnd> {
  let pid: number | undefined;
  const onSpawned = (spawned: number): void => {
    pid = spawned;
  };
  const running = commands.run({ ...command, onSpawned }, signal);
  let onAbort = (): void => {};
  const killed = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  const end = await shield(async () => {
    const ended = await wait(Promise.race([running, killed]));
    if (ended !== undefined) return ended;
    const patience = new CancelScope({
      timeoutMs: KILL_MS,
      forgivesStalls: true,
      name: 'death of a command',
    });
    return patience.run(() => wait(running));
  });
  signal.removeEventListener('abort', onAbort);
  return end ?? { kind: 'survived', pid, gone: running.then(() => {}) };
}

function noteSurvivor(run: Run, node: ServiceNode, { command }: ShortCommand, { pid, gone }: Survived): void {
  // It waits for something before its spawn: there is no process.
  if (pid === undefined) return;
  const survivor = { service: node.name, pid, command: displayCommand(command) };
  let isAlive = true;
  void gone.then(() => {
    isAlive = false;
  });
  run.record.lingering.push(async () => (isAlive ? [survivor] : []));
  const text = `${survivorText(survivor)} outlived SIGKILL`;
  run.announce({ type: 'service.note', service: node.name, attempt: node.attempt, text });
}

/** Where the output of a command goes that is run for an instance: beside that of the instance, in lines of its own. */
export interface CommandOutput {
  readonly onOutput: NonNullable<ShortCommand['onOutput']>;
  /** The command has ended: its last line needs no line end. */
  end(): void;
}

export function commandOutput(run: Run, { node, attempt }: LiveInstance): CommandOutput {
  const onOutput = shownBy(run, (stream, chunk) => run.ports.onLog(node.name, attempt, stream, chunk, true));
  return {
    onOutput,
    end() {
      onOutput('stdout', undefined);
      onOutput('stderr', undefined);
    },
  };
}

/** Takes the output of one process, of which the sink is to get what may be shown. */
export function shownBy({ ports }: Run, sink: OutputSink): OutputSink {
  return ports.masked?.(sink) ?? sink;
}
