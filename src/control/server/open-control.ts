/**
 * A run's control: it sees every event and every byte of output, as an output does, and takes requests from the socket.
 *
 * Made before the first event, so that nothing is missing; it can be served as soon as the run has a folder.
 */
import type { Command, RequestOptions, Settlement, Ticket } from '../../engine/requests/command.ts';
import type { SupervisorRequest } from '../../engine/supervise.ts';
import type { EventSink, LogSink, ProbeSink } from '../../events/event.ts';
import { Picture } from '../picture/picture.ts';
import type { Controlled, KnownTicket } from './controlled.ts';
import { EventHistory } from './event-history.ts';
import type { Moments } from './kept-output.ts';
import { LogHistory } from './log-history.ts';
import { Counters } from './metrics/counters.ts';

export interface ControlOptions
  extends Pick<
    Controlled,
    | 'run'
    | 'name'
    | 'pid'
    | 'version'
    | 'file'
    | 'since'
    | 'isDetached'
    | 'listen'
    | 'signals'
    | 'apiDocument'
    | 'ownUsage'
    | 'treeUsage'
    | 'readAgain'
    | 'admit'
    | 'suggest'
  > {
  /** Hands a request to the engine. */
  readonly ask: (request: SupervisorRequest) => void;
  readonly now: Moments;
}

export interface Control {
  readonly onEvent: EventSink;
  readonly onLog: LogSink;
  readonly onProbe: ProbeSink;
  readonly controlled: Controlled;
}

/** Of very many the oldest that are settled are forgotten. */
const MOST_TICKETS = 1_000;

export function openControl({ ask, now, ...about }: ControlOptions): Control {
  const picture = new Picture();
  const counters = new Counters();
  const events = new EventHistory();
  const logs = new LogHistory(now);
  const tickets = new Map<string, KnownTicket>();
  let leases = 0;

  const settledIds = new Set<string>();
  const remember = ({ id, settled }: Ticket): void => {
    // Who asks again and again asks this, and leaves nothing at the promise.
    const known: { settlement: Settlement | undefined } & KnownTicket = { settled, settlement: undefined };
    tickets.set(id, known);
    void settled.then((settlement) => {
      known.settlement = settlement;
      settledIds.add(id);
    });
    const oldest = tickets.size > MOST_TICKETS && [...tickets.keys()].find((one) => settledIds.delete(one));
    if (oldest) tickets.delete(oldest);
  };

  return {
    onEvent(event) {
      picture.apply(event);
      counters.apply(event);
      events.add(event);
    },
    onLog(service, attempt, stream, chunk, command) {
      if (chunk !== undefined) counters.wrote(service, stream, chunk.length);
      logs.add(service, attempt, stream, chunk, command);
    },
    onProbe: (service, probe, result, tookMs) => counters.probed(service, probe, result, tookMs),
    controlled: {
      ...about,
      picture,
      counters,
      events,
      logs,
      tickets,
      nowMs: now.ms,
      submit: (command: Command, options: RequestOptions) =>
        new Promise((resolve) => {
          ask({
            kind: 'command',
            command,
            options,
            onTicket(ticket) {
              if (options.dryRun !== true) remember(ticket);
              resolve(ticket);
            },
          });
        }),
      nextLease: () => `c${++leases}`,
      down: (request) => ask({ kind: 'shutdown', cause: { kind: 'down' }, ...request }),
    },
  };
}
