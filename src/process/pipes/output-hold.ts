/**
 * Which instances' output is read now, and which waits in its pipe until its service is read again.
 *
 * What is held back at the end of an instance is read all the same (`PipeReader.drain`).
 */
import type { PipeReader } from './pipe-reader.ts';

export interface OutputHold {
  /**
   * Readers of one instance, which are forgotten when its output has ended. Returns what tells how long ago they were
   * last held, in ms: 0 while they are, Infinity if they never were.
   */
  add(service: string, readers: readonly PipeReader[], ended: Promise<void>): () => number;
  /** Of one service, or of all. */
  set(held: boolean, service?: string): void;
}

interface Held {
  readonly service: string;
  readonly readers: readonly PipeReader[];
  isHeld: boolean;
  /** When it last was. */
  untilMs: number;
}

export function createOutputHold(): OutputHold {
  const instances = new Set<Held>();
  const services = new Set<string>();
  let all = false;

  const isHeld = (service: string): boolean => all || services.has(service);

  return {
    add(service, readers, ended) {
      const instance: Held = { service, readers, isHeld: false, untilMs: Number.NEGATIVE_INFINITY };
      instances.add(instance);
      void ended.then(() => instances.delete(instance));
      hold(instance, isHeld(service));
      return () => (instance.isHeld ? 0 : performance.now() - instance.untilMs);
    },
    set(held, service) {
      if (service === undefined) all = held;
      else if (held) services.add(service);
      else services.delete(service);
      for (const instance of instances) hold(instance, isHeld(instance.service));
    },
  };
}

function hold(instance: Held, held: boolean): void {
  if (instance.isHeld && !held) instance.untilMs = performance.now();
  instance.isHeld = held;
  for (const reader of instance.readers) reader.hold(held);
}
