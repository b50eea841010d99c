/**
 * Probes of process-compose, which are those of Kubernetes, as our conditions. Pure.
 */
import type { Value } from '../imported.ts';
import { filledIn, filledInForShell } from '../texts.ts';
import { duration, entriesOf, get, numberAt, textAt } from '../values.ts';

interface Timing {
  readonly initialMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly failures: number;
  readonly successes: number;
}

type Condition = { readonly [key: string]: Value };

/** What is asked; undefined: nothing that can be read. */
function conditionOf(probe: unknown): Condition | undefined {
  const command = textAt(get(probe, 'exec'), 'command');
  if (command !== undefined) return { exec: inFolder(command, textAt(get(probe, 'exec'), 'working_dir')) };
  const http = get(probe, 'http_get');
  if (http === undefined) return undefined;
  const scheme = textAt(http, 'scheme')?.toLowerCase() ?? 'http';
  const port = textAt(http, 'port') ?? textAt(http, 'num_port');
  const path = textAt(http, 'path') ?? '/';
  const host = textAt(http, 'host') ?? '127.0.0.1';
  const slash = path.startsWith('/') ? '' : '/';
  const url = filledIn(`${scheme}://${host}${port === undefined ? '' : `:${port}`}${slash}${path}`);
  const headers = entriesOf(get(http, 'headers')).map(
    ([name]) => [name, filledIn(textAt(get(http, 'headers'), name) ?? '')] as const,
  );
  const status = numberAt(http, 'status_code');
  if (headers.length === 0 && status === undefined) return { http: url };
  return {
    http: {
      url,
      ...(status !== undefined && { status }),
      ...(headers.length > 0 && { headers: new Map(headers) }),
    } as Value,
  };
}

function inFolder(command: string, folder: string | undefined): string {
  const script = filledInForShell(command);
  return folder === undefined ? script : `cd "${filledInForShell(folder)}" && ${script}`;
}

function timingOf(probe: unknown): Timing {
  const atLeast = (least: number, key: string, initial: number): number =>
    Math.max(least, numberAt(probe, key) || initial);
  return {
    initialMs: Math.max(0, numberAt(probe, 'initial_delay_seconds') ?? 0) * 1000,
    periodMs: atLeast(0.001, 'period_seconds', 10) * 1000,
    timeoutMs: atLeast(0.001, 'timeout_seconds', 1) * 1000,
    failures: Math.round(atLeast(1, 'failure_threshold', 3)),
    successes: Math.round(atLeast(1, 'success_threshold', 1)),
  };
}

/** It is stopped when the probe has failed so many times in a row. */
export function readyOf(probe: unknown): Value | undefined {
  const condition = conditionOf(probe);
  if (condition === undefined) return undefined;
  const { initialMs, periodMs, timeoutMs, failures, successes } = timingOf(probe);
  return {
    ...condition,
    within: duration(initialMs + Math.max(failures, successes) * (periodMs + timeoutMs)),
    timeout: duration(timeoutMs),
    ...(successes > 1 && { successes, interval: duration(periodMs) }),
  };
}

/** The same once it is ready. */
export function healthOf(probe: unknown): Value | undefined {
  const condition = conditionOf(probe);
  if (condition === undefined) return undefined;
  const { periodMs, timeoutMs, failures, successes } = timingOf(probe);
  return {
    ...condition,
    interval: duration(periodMs),
    timeout: duration(timeoutMs),
    failures,
    ...(successes > 1 && { successes }),
  };
}
