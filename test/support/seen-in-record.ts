/**
 * The record of a real run as what a simulation sees, so that the same laws judge both. Pure.
 *
 * A simulation knows what was done; of a real run is known what it told. So nothing is seen here between a deed and its event.
 */
import type { Command, ServiceConfig } from '../../src/config/types.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { readHistory } from './record-history.ts';
import type { LogEntry } from './simulated-launcher.ts';
import type { Simulated } from './simulation.ts';

/** Spawns of many services come in batches. */
const TOLD_WITHIN_MS = 1_000;

/** What a record doesn't tell. */
export type BesideRecord = Pick<Simulated, 'graphs' | 'alive' | 'lostMs'> & { readonly status: number };

export function seenInRecord(
  events: readonly OrderlyEvent[],
  { graphs, alive, lostMs, status }: BesideRecord,
): Simulated {
  return {
    ...{ events, graphs, alive, lostMs, toldWithinMs: TOLD_WITHIN_MS },
    outcome: { status } as Simulated['outcome'],
    log: deedsIn(events, graphs),
    commands: events.flatMap((event) => {
      if (event.type !== 'service.cleanup') return [];
      const env = { ORDERLY_SERVICE: event.service, ORDERLY_ATTEMPT: `${event.attempt}` };
      const command = { env } as unknown as Simulated['commands'][number]['command'];
      return [
        { text: event.run, command, startedMs: event.ms - event.took_ms, endedMs: event.ms, killed: false },
      ];
    }),
    attempts: [],
    probes: [],
    endMs: events.at(-1)?.ms ?? 0,
    open: [],
  };
}

/** In the order of the events that tell them. */
function deedsIn(events: readonly OrderlyEvent[], graphs: Simulated['graphs']): readonly LogEntry[] {
  const { instances } = readHistory(events);
  const deeds = instances.flatMap((instance): LogEntry[] => {
    if (!instance.spawned) return [];
    const { service, attempt, started, ready, exits, over } = instance;
    const deed = (what: LogEntry['what'], { seq, ms }: { seq: number; ms: number }): LogEntry => ({
      ...{ what, service, attempt, ms, seq: seq - 1 },
      ...(what === 'spawn' && { program: programOf(service, seq, graphs) }),
    });
    return [
      deed('spawn', started),
      ...(ready === undefined ? [] : [deed('ready', ready)]),
      ...exits.slice(0, 1).map((exit) => deed('exit', exit)),
      ...(over === undefined ? [] : [deed('gone', over)]),
    ];
  });
  return deeds.sort((one, other) => one.seq - other.seq);
}

/** A record tells no programs: it is that of the graph in force. */
function programOf(service: string, seq: number, graphs: Simulated['graphs']): string {
  const spec: ServiceConfig | undefined = graphs
    .findLast((one) => one.seq <= seq)
    ?.services.find(({ name }) => name === service);
  const command: Command | undefined = spec?.command;
  return command?.kind === 'exec' ? command.argv.join(' ') : '';
}
