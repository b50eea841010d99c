/**
 * Makes requests, or a sentence, of the signals that come while services run.
 */
import type { SupervisorRequest } from '../engine/supervise.ts';
import type { CaughtSignal, SignalMeaning } from '../process/surroundings/signal-meaning.ts';
import type { SignalsAbout, World } from './world.ts';

export interface SignalHearers {
  readonly ask: (request: SupervisorRequest) => void;
  /** Takes a sentence. */
  readonly tell: (text: string) => void;
  /** The files are to be read again. */
  readonly reload: () => void;
}

export function hearSignals(world: World, about: SignalsAbout, { ask, tell, reload }: SignalHearers): void {
  const told = new Set<string>();
  world.onSignal(about, (signal, meaning) => {
    if (meaning.kind === 'reload') reload();
    const text = textOf(meaning);
    if (text !== undefined && !told.has(signal.name)) {
      told.add(signal.name);
      tell(text);
    }
    const request = requestOf(signal, meaning);
    if (request !== undefined) ask(request);
  });
}

/** A sentence that a person should read. Where the command gets it there is nothing to be said. */
function textOf(meaning: SignalMeaning): string | undefined {
  if (meaning.kind === 'tell') return meaning.text;
  return meaning.kind === 'stop' ? meaning.note : undefined;
}

export function requestOf(
  { name, number }: CaughtSignal,
  meaning: SignalMeaning,
): SupervisorRequest | undefined {
  switch (meaning.kind) {
    case 'stop': {
      const { signal, interactive } = meaning;
      const came = CAME.has(name) ? { came: name as NodeJS.Signals } : {};
      return { kind: 'signal', signal, interactive, ...came };
    }
    case 'pass-on':
      return { kind: 'pass-on', signal: number, otherwise: requestOf({ name, number }, meaning.otherwise) };
    case 'reload':
    case 'tell':
    case 'nothing':
      return undefined;
  }
}

/**
 * What every program takes for a request to end, each for one of another kind (SIGINT of PostgreSQL, SIGQUIT of
 * nginx).
 */
const CAME: ReadonlySet<string> = new Set(['SIGTERM', 'SIGINT', 'SIGQUIT']);
