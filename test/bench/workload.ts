/**
 * The form of a workload. Types only.
 */
import type { Figure } from './figure.ts';

/** Measures so many times, or fewer where that would take long. Throws if it can't be measured. */
export type Workload = (repetitions: number) => Promise<readonly Figure[]>;
