/**
 * Which outputs a run has: text on a terminal or in a pipe, or JSON, and a record if one is wanted.
 */
import type { Fact, StreamName } from '../events/event.ts';
import type { Stamper } from '../events/stamper.ts';
import type { WriterHooks } from '../output/bounded-writer.ts';
import { createJsonOutput } from '../output/json-output.ts';
import type { StandardWriters } from '../output/open-writer.ts';
import { joinOutputs, type Output } from '../output/output.ts';
import { createPalette, type Palette } from '../output/palette.ts';
import { openRecord } from '../output/record.ts';
import { createTerminalOutput } from '../output/terminal.ts';
import { systemTicker } from '../output/ticker.ts';
import type { Project } from './load-project.ts';
import { UsageError } from './usage-error.ts';
import type { World } from './world.ts';

export interface OutputOptions {
  readonly output?: 'text' | 'json';
  /** A file for all events. */
  readonly record?: string | undefined;
  /** The service that has the terminal, if one has: stdout is its own then, and everything else goes to stderr. */
  readonly foreground?: string | undefined;
}

/** `onReaderGone` is called when nobody reads stdout any more, and told whether that was a terminal. Throws a `UsageError` if a record can't be opened. */
export async function openOutput(
  world: World,
  project: Project,
  options: OutputOptions,
  stamper: Stamper,
  onReaderGone: (wasTerminal: boolean) => void,
): Promise<Output> {
  let output: Output | undefined;
  const complain = (sentence: string) => world.complain(`orderly: ${sentence}`);
  const emit = (fact: Fact) => output?.onEvent(stamper.stamp(fact));
  const hooks = (stream: StreamName, onClosed: () => void): WriterHooks => ({
    onDropped: (lines, cause) =>
      emit({ type: 'output.dropped', lines, stream, ...(cause !== undefined && { cause }) }),
    onClosed,
    onTrouble: complain,
  });
  const opened = world.openWriters({
    stdout: hooks('stdout', () => onReaderGone(opened.stdout.isTty)),
    stderr: hooks('stderr', () => undefined),
  });
  const writers = options.foreground === undefined ? opened : { ...opened, stdout: opened.stderr };
  const outputs =
    options.output === 'json'
      ? [jsonOutput(writers, stamper)]
      : [await textOutput(world, project, writers, options.foreground)];
  if (options.record !== undefined) outputs.push(recordOutput(options.record, complain));
  output = joinOutputs(outputs, complain);
  return output;
}

function jsonOutput({ stdout }: StandardWriters, stamper: Stamper): Output {
  return createJsonOutput({ stdout: stdout.writer, stamp: stamper.stamp });
}

async function textOutput(
  world: World,
  project: Project,
  { stdout, stderr }: StandardWriters,
  foreground: string | undefined,
): Promise<Output> {
  const colors = {
    stdout: await paletteFor(world, stdout.isTty),
    stderr: await paletteFor(world, stderr.isTty),
  };
  const services = project.graph.services.map((name) => ({
    name,
    prefix: project.graph.spec(name).log.prefix,
  }));
  return createTerminalOutput({
    stdout,
    stderr,
    colors,
    services,
    foreground,
    size: world.terminalSize,
    ticker: systemTicker,
  });
}

function paletteFor({ env }: World, isTty: boolean): Promise<Palette> {
  return createPalette({ isTty, flag: undefined, env });
}

function recordOutput(path: string, complain: (sentence: string) => void): Output {
  try {
    return openRecord(path, complain);
  } catch (error) {
    throw new UsageError(`Cannot record to "${path}": ${(error as Error).message}`);
  }
}
