/**
 * How large a page of memory is here: the kernel says it to each program that it starts (getauxval(3), AT_PAGESZ).
 */
import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

const PAGE_SIZE_ENTRY = 6n;
const MOSTLY = 4096;
const ENTRY_BYTES = 16;

let known: number | undefined;

/** Never throws. */
export function pageBytes(): number {
  known ??= readPageSize() ?? MOSTLY;
  return known;
}

function readPageSize(): number | undefined {
  try {
    return parsePageSize(readFileSync('/proc/self/auxv'));
  } catch {
    // No Linux, no /proc, or no descriptor for it.
    return undefined;
  }
}

/** From pairs of 64-bit numbers, what and how much; undefined: it isn't told. Pure. */
export function parsePageSize(auxv: Buffer, order: 'BE' | 'LE' = endianness()): number | undefined {
  const at = (offset: number): bigint =>
    order === 'LE' ? auxv.readBigUInt64LE(offset) : auxv.readBigUInt64BE(offset);
  for (let entry = 0; entry + ENTRY_BYTES <= auxv.length; entry += ENTRY_BYTES) {
    if (at(entry) === PAGE_SIZE_ENTRY) return Number(at(entry + 8));
  }
  return undefined;
}
