/**
 * Services that cost next to nothing: one `sh` each, which marks its start and then waits without a second program.
 *
 * They hold the marks open for as long as they live, so that the end of the marks is the end of all. Opening the gate
 * blocks, since nobody writes to it; SIGTERM ends them.
 */
import { repositoryRoot } from '../support/repository-root.ts';
import type { Stage } from './stage.ts';

export interface Service {
  readonly name: string;
  readonly argv: readonly string[];
}

/** Marks, then waits for ever. */
export function idleServices(stage: Stage, count: number): readonly Service[] {
  return named(count, () => shell(`${mark(stage)}; ${wait(stage)}`));
}

/** Each says on descriptor 3 at once that it is ready. */
export function readyServices(stage: Stage, count: number): readonly Service[] {
  return named(count, () => shell(`${mark(stage)}; echo >&3; exec 3>&-; ${wait(stage)}`));
}

/** Marks, and crashes. */
export function crashingService(stage: Stage): readonly Service[] {
  return named(1, () => shell(`${mark(stage)}; exit 1`));
}

/** Marks, waits, and marks again when it is asked to end. */
export function stoppingService(stage: Stage): readonly Service[] {
  return named(1, () => shell(`${mark(stage)}; trap 'echo >&9; exit' TERM; ${wait(stage)}`));
}

/** Each marks, waits for the gate to be opened, writes that many numbered lines, and marks again. */
export function floodingServices(stage: Stage, count: number, lines: number): readonly Service[] {
  const program = `${repositoryRoot()}/test/bench/programs/flood.cjs`;
  return named(count, (name) => [process.execPath, program, stage.marks, stage.gate, name, String(lines)]);
}

/** Each listens at an address of its own, marks, and lets whoever connects go at once. */
export function listeningServices(
  { marks }: Stage,
  count: number,
  addressOf: (index: number) => string,
): readonly Service[] {
  const program = `${repositoryRoot()}/test/bench/programs/listen.pl`;
  return named(count, (name) => [program, addressOf(Number(name.slice(1))), marks]);
}

function named(count: number, argv: (name: string) => readonly string[]): readonly Service[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `s${String(index).padStart(3, '0')}`;
    return { name, argv: argv(name) };
  });
}

function shell(script: string): readonly string[] {
  return ['/bin/sh', '-c', script];
}

function mark({ marks }: Stage): string {
  return `exec 9>>${marks}; echo >&9`;
}

function wait({ gate }: Stage): string {
  return `read never <${gate}`;
}
