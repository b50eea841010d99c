/**
 * Runs the services of a program: functions and processes in one graph, on the engine of the command line.
 *
 * The graph lives as long as the call, and in its scope: cancelled, it goes down in order before the call ends. While it
 * lives it hears the signals that ask a program to end, and not after.
 */
import { isCancelled, Queue, shield, wait } from '../concurrency/index.ts';
import { messageOf } from '../concurrency/kernel/errors/thrown.ts';
import type { SupervisorRequest } from '../engine/supervise.ts';
import type { ShutdownCause } from '../events/event.ts';
import { type Place, placeOfCaller } from '../tasks/place.ts';
import { ServiceBook } from '../tasks/service-book.ts';
import type { Supervisable } from './program-graph.ts';
import { createReadiness } from './readiness.ts';
import { ReportBuilder, SupervisionError, type SupervisionReport } from './report.ts';
import { type RunParts, runGraph } from './run-graph.ts';
import type { SuperviseOptions } from './supervise-options.ts';
import { RunningGraph, type Supervision } from './supervision.ts';
import { programSurroundings } from './surroundings.ts';
import { createValuesOutside } from './values-for.ts';

/**
 * Starts the services, each when what it depends on is ready, and resolves with a report when everything has ended and been
 * cleaned up; to be asked to go down, by a signal too, is no error. Rejects with a `ConfigurationError` for services that
 * can't be, nothing having been started; and with a `SupervisionError` for what failed or did not stop cleanly, unless
 * `raiseOnError` is false.
 *
 * It keeps the program alive until it has ended. Called in a service of another graph it hears no signals, unless
 * `signals` says which, and goes down when that service is asked to stop, unless `signal` says when.
 *
 * Cancelled, it asks the graph to go down, waits until it has, budget and clean-ups as ever, and then rejects with the
 * `CancelledError`; or with the `SupervisionError`, if there is one.
 */
export function supervise(services: readonly Supervisable[], options: SuperviseOptions = {}): Supervision {
  const requests = new Queue<SupervisorRequest>(Number.POSITIVE_INFINITY);
  const book = new ServiceBook();
  const report = new ReportBuilder(book);
  const readiness = createReadiness();
  const ask = (cause: ShutdownCause): void => void requests.tryPut({ kind: 'shutdown', cause });
  const names = new Set(services.map(({ name }) => name));
  const values = createValuesOutside(names, book);
  const place = placeOfCaller();
  const parts: RunParts = { requests, book, report, readiness, ask, names, isWithin: place !== undefined };
  const release = programSurroundings().keepAlive();
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const ended = runServices(services, optionsIn(place, options), parts).finally(() => {
    release();
    end();
  });
  return new RunningGraph(ended, { run: parts, values, over });
}

/** Within a service it is that service which is told to end, by signals too, and hands it on. */
function optionsIn(place: Place | undefined, options: SuperviseOptions): SuperviseOptions {
  if (place === undefined) return options;
  const { signals = [], signal = place.shutdown } = options;
  return { ...options, signals, signal };
}

async function runServices(
  services: readonly Supervisable[],
  options: SuperviseOptions,
  parts: RunParts,
): Promise<SupervisionReport> {
  const { readiness } = parts;
  try {
    const { report, cancellation } = await toTheEnd(parts.ask, () => runGraph(services, options, parts));
    const failed = report.status === 1 || report.status === 3;
    if (failed && options.raiseOnError !== false) throw new SupervisionError(report);
    if (cancellation !== undefined) throw cancellation.error;
    readiness.end(new Error(`The services went down before all were ready: ${report.cause}`));
    return report;
  } catch (error) {
    readiness.end(error);
    throw error;
  }
}

interface Ended {
  readonly report: SupervisionReport;
  /** What came from outside meanwhile. */
  readonly cancellation?: { readonly error: unknown };
}

/** What runs is shielded: a cancellation asks it to go down, and waits for that. */
async function toTheEnd(
  ask: (cause: ShutdownCause) => void,
  run: () => Promise<SupervisionReport>,
): Promise<Ended> {
  let isOver = false;
  const running = shield(run).finally(() => {
    isOver = true;
  });
  try {
    return { report: await wait(running) };
  } catch (error) {
    if (isOver || !isCancelled(error)) throw error;
    ask({ kind: 'down', reason: messageOf(error) });
    return { report: await running, cancellation: { error } };
  }
}
