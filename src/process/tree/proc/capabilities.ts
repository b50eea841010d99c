/**
 * Capabilities, as `/proc/<pid>/status` tells them (capabilities(7)). Pure.
 */

/** Their bits, of those that something here depends on. */
export const Capability = {
  kill: 5n,
  setgid: 6n,
  setuid: 7n,
  sysPtrace: 19n,
  sysNice: 23n,
  sysResource: 24n,
} as const;

export type CapabilityBit = (typeof Capability)[keyof typeof Capability];

export interface Capabilities {
  has(bit: CapabilityBit): boolean;
}

/** `CapEff`: what it may now; `CapBnd`: what it, and what it starts, may ever get. Undefined: it isn't told. */
export function parseCapabilities(status: string, set: 'CapEff' | 'CapBnd'): Capabilities | undefined {
  const digits = new RegExp(`^${set}:\\s*([0-9a-f]+)$`, 'm').exec(status)?.[1];
  if (digits === undefined) return undefined;
  const bits = BigInt(`0x${digits}`);
  return { has: (bit) => ((bits >> bit) & 1n) === 1n };
}
