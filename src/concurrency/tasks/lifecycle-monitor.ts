/**
 * Watches the tasks of a `TaskManager`: samples at a steady pace, an alarm when work is open and nothing ends, and a
 * report at the end. It only counts; it never touches a task.
 */
import { checkTime } from '../kernel/checks.ts';
import { now } from '../kernel/scope/ambient.ts';
import { sleep } from '../kernel/wait/sleep.ts';
import type { TaskManager } from './manager.ts';
import type { TaskCounts } from './record.ts';

/** How often a monitor looks, and what it tells; times are in ms. */
export interface MonitorOptions {
  /** The pause between two samples, in ms; 1,000 by default. */
  readonly everyMs?: number | undefined;
  /** What throughput is measured over, in ms; 10,000 by default. */
  readonly windowMs?: number | undefined;
  /** The alarm is raised when work is open and nothing has ended for that long, in ms; never by default. */
  readonly stallMs?: number | undefined;
  /** Told of every sample. */
  readonly onSample?: ((sample: Sample) => void) | undefined;
  /** Told once when work stalls (true), and once when something ends again (false). */
  readonly onStall?: ((stalled: boolean, sample: Sample) => void) | undefined;
}

/** The tasks at one moment. */
export interface Sample {
  /** Since the monitor was made, in ms. */
  readonly atMs: number;
  /** Spawned, and in each state. `running` are the active ones: who waits for a slot is not. */
  readonly counts: TaskCounts;
  /** Completions a second within the window. */
  readonly throughput: number;
  /** The share of failed and timed-out among those that ended without being cancelled; 0 if there are none. */
  readonly errorRate: number;
  /** Whether work is open and nothing has ended for `stallMs`. */
  readonly isStalled: boolean;
}

/** The last sample, and what only the whole run shows. */
export interface MonitorReport extends Sample {
  /** The most that ran at once in any sample. */
  readonly mostRunning: number;
  /** Completions a second over the whole time. */
  readonly meanThroughput: number;
  /** How often the alarm was raised. */
  readonly stalls: number;
  /** The same for people, in a few lines. */
  readonly text: string;
}

interface Point {
  readonly atMs: number;
  readonly completed: number;
}

/**
 * Watches the tasks of a `TaskManager`: samples at a steady pace, an alarm when work is open and nothing ends, and a
 * report at the end. It only counts; it never touches a task.
 */
export class LifecycleMonitor {
  readonly #manager: TaskManager;
  readonly #options: MonitorOptions;
  readonly #sinceMs = now();
  #points: Point[] = [{ atMs: 0, completed: 0 }];
  /** When something ended, or work came after a time without any: as far as samples tell. */
  #sinceEndMs = 0;
  #ended = 0;
  #hadWork = false;
  #mostRunning = 0;
  #stalls = 0;
  #isStalled = false;

  /** Throws a `RangeError` if `everyMs` is NaN. */
  constructor(manager: TaskManager, options: MonitorOptions = {}) {
    checkTime(options.everyMs ?? 0, 'the pause of a monitor');
    this.#manager = manager;
    this.#options = options;
  }

  /**
   * Samples at once and then every `everyMs` ms, until it is cancelled; it never resolves. Run it as a task of its own.
   */
  async run(): Promise<never> {
    for (;;) {
      this.sample();
      await sleep(this.#options.everyMs ?? 1000);
    }
  }

  /** Takes a sample now, and raises or clears the alarm. */
  sample(): Sample {
    const { counts } = this.#manager;
    const atMs = now() - this.#sinceMs;
    const hasTurned = this.#note(counts, atMs);
    const sample: Sample = {
      atMs,
      counts,
      throughput: this.#throughput(counts, atMs),
      errorRate: errorRate(counts),
      isStalled: this.#isStalled,
    };
    if (hasTurned) this.#options.onStall?.(this.#isStalled, sample);
    this.#options.onSample?.(sample);
    return sample;
  }

  /** Takes a last sample and sums up; `run` it does not end. */
  stop(): MonitorReport {
    const last = this.sample();
    const report = {
      ...last,
      mostRunning: this.#mostRunning,
      meanThroughput: perSecond(last.counts.completed, last.atMs),
      stalls: this.#stalls,
    };
    return { ...report, text: describe(report) };
  }

  /** Returns whether the alarm was raised or cleared. */
  #note(counts: TaskCounts, atMs: number): boolean {
    const ended = endedOf(counts);
    const open = counts.pending + counts.running;
    if (ended !== this.#ended || !this.#hadWork) this.#sinceEndMs = atMs;
    this.#ended = ended;
    this.#hadWork = open > 0;
    this.#mostRunning = Math.max(this.#mostRunning, counts.running);
    const { stallMs = Number.POSITIVE_INFINITY } = this.#options;
    const isStalled = open > 0 && atMs - this.#sinceEndMs >= stallMs;
    if (isStalled === this.#isStalled) return false;
    this.#isStalled = isStalled;
    if (isStalled) this.#stalls += 1;
    return true;
  }

  /** The oldest point kept is the last one that is at least a window old, or the first of all. */
  #throughput({ completed }: TaskCounts, atMs: number): number {
    const { windowMs = 10_000 } = this.#options;
    const first = this.#points.findLastIndex((point) => point.atMs <= atMs - windowMs);
    if (first > 0) this.#points = this.#points.slice(first);
    const from = this.#points[0]!;
    if (this.#points.at(-1)!.atMs < atMs) this.#points.push({ atMs, completed });
    return perSecond(completed - from.completed, atMs - from.atMs);
  }
}

function endedOf({ completed, failed, cancelled, timedOut }: TaskCounts): number {
  return completed + failed + cancelled + timedOut;
}

function errorRate({ completed, failed, timedOut }: TaskCounts): number {
  const ended = completed + failed + timedOut;
  return ended === 0 ? 0 : (failed + timedOut) / ended;
}

function perSecond(count: number, ms: number): number {
  return ms === 0 ? 0 : (count * 1000) / ms;
}

function describe({
  atMs,
  counts,
  errorRate,
  mostRunning,
  meanThroughput,
  stalls,
}: Omit<MonitorReport, 'text'>): string {
  const { total, pending, running, completed, failed, cancelled, timedOut } = counts;
  const open = pending + running > 0 ? `, ${running} running, ${pending} pending` : '';
  const stalled = stalls === 0 ? '' : `; stalled ${stalls === 1 ? 'once' : `${stalls} times`}`;
  return [
    `${total} tasks in ${(atMs / 1000).toFixed(1)} s: ${completed} completed, ${failed} failed, ${timedOut} timed out, ${cancelled} cancelled${open}`,
    `${meanThroughput.toFixed(1)} completions a second, at most ${mostRunning} at once, ${(errorRate * 100).toFixed(1)} % errors${stalled}`,
  ].join('\n');
}
