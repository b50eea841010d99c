/** A writer in memory: takes everything, unless told that it is full or behind. */
import type { BoundedWriter } from '../../../../src/output/writers/bounded-writer.ts';

export interface FakeWriter extends BoundedWriter {
  /** Everything written so far. */
  text(): string;
  /** What each write brought. */
  readonly writes: readonly string[];
  pendingBytes: number;
  refusing: boolean;
  flushed: boolean;
  /** What happens while it is waited for. */
  onDrain: () => void;
}

export function createFakeWriter(): FakeWriter {
  const writes: string[] = [];
  return {
    writes,
    pendingBytes: 0,
    full: false,
    closed: false,
    refusing: false,
    flushed: false,
    onDrain: () => undefined,
    write(chunk) {
      if (this.refusing) return false;
      writes.push(chunk.toString());
      return true;
    },
    async drained() {
      this.onDrain();
    },
    async flush() {
      this.onDrain();
      this.flushed = true;
    },
    close: () => undefined,
    text: () => writes.join(''),
  };
}
