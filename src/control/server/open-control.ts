/**
 * A run's control: it sees every event and every byte of output, as an output does, and takes requests from the socket.
 *
 * Made before the first event, so that nothing is missing; it can be served as soon as the run has a folder.
 */
import type { Command, RequestOptions, Ticket } from '../../engine/requests/command.ts';
import type { SupervisorRequest } from '../../engine/supervise.ts';
import type { EventSink, LogSink } from '../../events/event.ts';
import { Picture } from '../picture/picture.ts';
import type { Controlled } from './controlled.ts';
import { EventHistory } from './event-history.ts';
import type { Moments } from './kept-output.ts';
import { LogHistory } from './log-history.ts';

export interface ControlOptions
  extends Pick<
    Controlled,
    'run' | 'name' | 'pid' | 'version' | 'file' | 'since' | 'isDetached' | 'signals' | 'readAgain' | 'suggest'
  > {
  /** Hands a request to the engine. */
  readonly ask: (request: SupervisorRequest) => void;
  readonly now: Moments;
}

export interface Control {
  readonly onEvent: EventSink;
  readonly onLog: LogSink;
  readonly controlled: Controlled;
}

/** Of very many the oldest that are settled are forgotten. */
const MOST_TICKETS = 1_000;

export function openControl({ ask, now, ...about }: ControlOptions): Control {
  const picture = new Picture();
  const events = new EventHistory();
  const logs = new LogHistory(now);
  const tickets = new Map<string, Ticket>();

  const settled = new Set<string>();
  const remember = (ticket: Ticket): void => {
    tickets.set(ticket.id, ticket);
    void ticket.settled.then(() => settled.add(ticket.id));
    const oldest = tickets.size > MOST_TICKETS && [...tickets.keys()].find((id) => settled.delete(id));
    if (oldest) tickets.delete(oldest);
  };

  return {
    onEvent(event) {
      picture.apply(event);
      events.add(event);
    },
    onLog: (service, attempt, stream, chunk, command) => logs.add(service, attempt, stream, chunk, command),
    controlled: {
      ...about,
      picture,
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
      down: (request) => ask({ kind: 'shutdown', cause: { kind: 'down' }, ...request }),
    },
  };
}
