/**
 * The name of the folder in which the runs of one project meet.
 *
 * Containers may share `/tmp`, but their pids mean nothing to each other: so the pid namespace is part of it.
 */
import { readlinkSync } from 'node:fs';

const FNV_OFFSET = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/** 64 bits of FNV-1a in hexadecimal: two projects may share a folder, since every claim names its own. */
export function projectKey(identity: string, namespace: string): string {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(`${namespace}\0${identity}`)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * FNV_PRIME);
  }
  return hash.toString(16).padStart(16, '0');
}

/** Empty where the system doesn't tell. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    // No Linux, or no /proc.
    return '';
  }
}
