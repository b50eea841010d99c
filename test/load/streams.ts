/**
 * Clients that follow the events of a run: some read at once, some slowly, some never. Each keeps what it was told.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';

export type Pace = 'reads' | 'slow' | 'never';

/** What one client was told. */
export interface Told {
  readonly pace: Pace;
  /** Numbers of events in the order of their coming. */
  readonly seqs: number[];
  /** After so many of those something is missing, and it was told. */
  readonly gaps: Set<number>;
  /** How often it was cut off; it comes back then, and asks for what follows. */
  cuts: number;
  /** It was told the end. */
  isOver: boolean;
}

/** So long after each part that comes. */
const SLOW_MS = 100;

export interface Streams {
  readonly told: readonly Told[];
  /** Settles when all that read have been told the end, or can't be any more. */
  readonly over: Promise<void>;
  /** From now on nobody is slow. */
  hurry(): void;
  /** Those that never read leave. */
  close(): void;
}

export function openStreams(socketPath: string, counts: Readonly<Record<Pace, number>>): Streams {
  const told: Told[] = [];
  const readers: Promise<void>[] = [];
  const closing: (() => void)[] = [];
  const haste = { isOn: false };
  for (const [pace, count] of Object.entries(counts) as [Pace, number][]) {
    for (let index = 0; index < count; index++) {
      const one: Told = { pace, seqs: [], gaps: new Set(), cuts: 0, isOver: false };
      told.push(one);
      if (pace === 'never') closing.push(neverRead(socketPath));
      else readers.push(readOn(socketPath, one, haste));
    }
  }
  return {
    told,
    over: Promise.all(readers).then(() => undefined),
    hurry() {
      haste.isOn = true;
    },
    close: () => closing.forEach((close) => void close()),
  };
}

/** It is not told when it is cut off: whoever doesn't read doesn't hear that either. */
function neverRead(socketPath: string): () => void {
  const socket = connect(socketPath);
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET /v1/events?follow HTTP/1.1\r\nHost: x\r\n\r\n');
  return () => void socket.destroy();
}

async function readOn(socketPath: string, one: Told, haste: { readonly isOn: boolean }): Promise<void> {
  for (;;) {
    const stream = await follow(socketPath, one.seqs.at(-1) ?? 0);
    if (stream === undefined) return;
    const isWhole = await new Promise<boolean>((resolve) => {
      stream.on('end', () => resolve(true));
      stream.on('error', () => resolve(false));
      stream.on('close', () => resolve(stream.complete));
      takeLines(stream, one, haste);
    });
    if (isWhole) {
      one.isOver = true;
      return;
    }
    one.cuts++;
  }
}

/** Undefined: nobody is there any more. */
function follow(socketPath: string, since: number): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    httpRequest({ socketPath, path: `/v1/events?follow&since=${since}`, agent: false })
      .on('response', resolve)
      .on('error', () => resolve(undefined))
      .end();
  });
}

function takeLines(stream: IncomingMessage, one: Told, haste: { readonly isOn: boolean }): void {
  let rest = '';
  const take = (part: string): void => {
    const lines = `${rest}${part}`.split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('{"dropped":')) one.gaps.add(one.seqs.length);
      else one.seqs.push(Number.parseInt(line.slice('{"seq":'.length), 10));
    }
  };
  // Only numbers are looked at.
  stream.setEncoding('latin1');
  stream.on('data', (part: string) => {
    take(part);
    if (one.pace === 'reads' || haste.isOn) return;
    stream.pause();
    setTimeout(() => void stream.resume(), SLOW_MS);
  });
}
