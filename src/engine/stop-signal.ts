/**
 * The signal that a service is asked to stop with: its own `stop.signal`.
 *
 * A command that an init would stand in front of has none; it gets the one that came, which means another end to many
 * programs: PostgreSQL waits for its clients after SIGTERM, and doesn't after SIGINT.
 */
import type { Run } from './run.ts';
import type { ServiceNode } from './service-node.ts';

export function stopSignalOf({ options, shutdown }: Run, { name, spec }: ServiceNode): NodeJS.Signals {
  const isTold = options.stopsAsTold === true && options.foreground === name;
  return (isTold ? shutdown.came : undefined) ?? spec.stop.signal;
}
