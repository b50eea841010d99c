/**
 * Which instances' output is read now, and which waits in its pipe until its service is read again.
 *
 * What is held back at the end of an instance is read all the same (`PipeReader.drain`).
 */
import type { PipeReader } from './pipe-reader.ts';

export interface OutputHold {
  /** Readers of one instance, which are forgotten when its output has ended. */
  add(service: string, readers: readonly PipeReader[], ended: Promise<void>): void;
  /** Of one service, or of all. */
  set(held: boolean, service?: string): void;
}

interface Held {
  readonly service: string;
  readonly readers: readonly PipeReader[];
}

export function createOutputHold(): OutputHold {
  const instances = new Set<Held>();
  const services = new Set<string>();
  let all = false;

  const isHeld = (service: string): boolean => all || services.has(service);

  return {
    add(service, readers, ended) {
      const instance = { service, readers };
      instances.add(instance);
      void ended.then(() => instances.delete(instance));
      if (isHeld(service)) for (const reader of readers) reader.hold(true);
    },
    set(held, service) {
      if (service === undefined) all = held;
      else if (held) services.add(service);
      else services.delete(service);
      for (const instance of instances) {
        for (const reader of instance.readers) reader.hold(isHeld(instance.service));
      }
    },
  };
}
