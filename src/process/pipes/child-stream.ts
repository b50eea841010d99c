/**
 * The streams of a child: what it gets, and what we have of them. Types only.
 */
import type { Readable, Writable } from 'node:stream';

/**
 * What a stream of the child is: nothing to read or write, our own, one that we have the other end of, the same for both
 * directions, a descriptor of ours.
 */
export type ChildStream = 'ignore' | 'inherit' | 'pipe' | 'socket' | number;

/** Our ends, by the descriptors of the child: a stream of Node, or a descriptor to read. */
export type OurEnds = readonly (Readable | Writable | number | null | undefined)[];
