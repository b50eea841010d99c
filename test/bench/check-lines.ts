/**
 * Looks through what came out of a flood: every line of every service, whole, once and in order.
 */
import { readSync } from 'node:fs';

export interface FloodLines {
  readonly names: readonly string[];
  /** How many each has written. */
  readonly count: number;
}

/** As `programs/flood.cjs` writes them. */
export const LINE_BYTES = 100;
/** `name | ` before it. */
const JOINT = ' | ';
const DIGITS = 8;
const CHUNK_BYTES = 4 * 1024 * 1024;
const ZERO = 0x30;
const NINE = 0x39;

/** A line with its prefix. */
export function outputLineBytes(name: string): number {
  return name.length + JOINT.length + LINE_BYTES;
}

/** Throws at the first line that is not what it should be. All names must have the same length. */
export function checkLines(fd: number, { names, count }: FloodLines): void {
  const expected = new Map(names.map((name) => [name, { line: firstLine(name), left: count }]));
  const nameBytes = names[0]!.length;
  const lineBytes = outputLineBytes(names[0]!);
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES - (CHUNK_BYTES % lineBytes));
  let position = 0;
  for (;;) {
    const length = readWhole(fd, buffer, position);
    for (let at = 0; at < length; at += lineBytes) {
      const service = expected.get(buffer.toString('latin1', at, at + nameBytes));
      const isRight =
        service !== undefined && service.left > 0 && service.line.compare(buffer, at, at + lineBytes) === 0;
      if (!isRight)
        throw new Error(
          complaint(position + at, buffer.toString('latin1', at, at + lineBytes), service?.line),
        );
      service.left--;
      countUp(service.line, lineBytes - LINE_BYTES + nameBytes + 1);
    }
    if (length < buffer.length) break;
    position += length;
  }
  for (const [name, { left }] of expected) {
    if (left > 0) throw new Error(`The output is incomplete: the last ${left} lines of ${name} are missing`);
  }
}

function firstLine(name: string): Buffer {
  const start = `${name} ${'0'.repeat(DIGITS)} `;
  const filler = Array.from({ length: LINE_BYTES - 1 - start.length }, (_, at) =>
    String.fromCharCode(97 + (at % 26)),
  );
  return Buffer.from(`${name}${JOINT}${start}${filler.join('')}\n`, 'latin1');
}

function countUp(line: Buffer, firstDigitAt: number): void {
  let at = firstDigitAt + DIGITS - 1;
  for (; line[at] === NINE; at--) line[at] = ZERO;
  line[at]!++;
}

function readWhole(fd: number, buffer: Buffer, position: number): number {
  let length = 0;
  while (length < buffer.length) {
    const more = readSync(fd, buffer, length, buffer.length - length, position + length);
    if (more === 0) break;
    length += more;
  }
  return length;
}

function complaint(at: number, found: string, wanted: Buffer | undefined): string {
  const shown = (text: string) => JSON.stringify(text.slice(0, 40));
  const instead = wanted === undefined ? '' : ` instead of ${shown(wanted.toString('latin1'))}`;
  return `The output is damaged (a line lost, torn or out of order): at byte ${at} is ${shown(found)}${instead}`;
}
