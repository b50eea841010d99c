/**
 * Whether the machine was quiet: what else wanted its processors while something was measured.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

export interface NoiseWatch {
  /** What was wrong since the start, a sentence for each; empty: nothing. */
  report(): readonly string[];
}

/** Shares of the time of all processors. */
const MOST_STOLEN = 0.03;
/** Position of the stolen time among the numbers of a `cpu` line (proc(5)). */
const STEAL = 7;

export function watchNoise(): NoiseWatch {
  const before = processorTimes();
  const [load = 0] = loadavg();
  const processors = availableParallelism();
  return {
    report() {
      const spent = processorTimes().map((time, index) => time - before[index]!);
      const stolen = spent[STEAL]! / Math.max(1, sum(spent));
      const complaints = [];
      if (stolen > MOST_STOLEN) {
        complaints.push(
          `The host took ${(100 * stolen).toFixed(0)} % of the processors away: measure again.`,
        );
      }
      if (load > processors / 2) {
        complaints.push(
          `The machine was busy before this began (load ${load.toFixed(1)} on ${processors} processors): trust ratios only.`,
        );
      }
      return complaints;
    },
  };
}

/** In clock ticks, without the guests' time, which is in the user's. */
function processorTimes(): number[] {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n', 1);
  return line.trim().split(/\s+/).slice(1, 9).map(Number);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
