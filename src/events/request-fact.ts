/**
 * What is told of requests: what was asked for and planned, what was wanted anew, which graph came into force, how it ended.
 *
 * Types only.
 */
import type { Dependency, Of, OfService, ToldDefinition } from './fact-shape.ts';

/** What a request does with one service. */
export interface PlannedChange {
  readonly service: string;
  readonly change: string;
  readonly isNamed: boolean;
  readonly along?: readonly string[];
  /** Of a changed definition: what is different, and what that needs. */
  readonly keys?: readonly string[];
  readonly class?: 'in-place' | 'restart';
  /** It looks like that service under another name. */
  readonly likely?: string;
}

/** What came of a request for one service. */
export interface RequestLine {
  readonly service: string;
  readonly outcome: string;
  readonly why?: string;
  readonly troubles?: readonly string[];
}

/** A fact about a request, or of a change that only a request makes. */
export type RequestFact =
  /** Somebody asked for something, and it is being done. */
  | (Of<'request.accepted'> & {
      readonly request: string;
      readonly kind: string;
      readonly names: readonly string[];
      /** What it was asked with besides; missing: nothing. */
      readonly options?: Readonly<Record<string, string | number | boolean>>;
      /** Who asked, as it calls itself; missing: this program. */
      readonly client?: string;
      /** Only what has these labels; missing: whatever it has. */
      readonly labels?: readonly string[];
      readonly plan: readonly PlannedChange[];
      /** The longest that what stops for it may take. */
      readonly worst_ms?: number;
      /** The requests that it takes the place of. */
      readonly replaces: readonly string[];
    })
  /** It has come to its end; each accepted one has exactly one of these. */
  | (Of<'request.settled'> & {
      readonly request: string;
      readonly outcome: 'reached' | 'unchanged' | 'failed' | 'replaced' | 'abandoned';
      readonly services: readonly RequestLine[];
      readonly why?: string;
      /** The request that replaced it. */
      readonly by?: string;
    })
  /** Another graph is in force: services have joined and left, definitions are others. */
  | (Of<'graph.changed'> & {
      /** Counts from 1, which a run begins with. */
      readonly generation: number;
      /** The one that a failure of this one leads back to; of a way back the one that it leads to. */
      readonly base: number;
      readonly request: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
      /** Which keys, never with their values. */
      readonly changed: readonly {
        readonly service: string;
        readonly keys: readonly string[];
        readonly class: 'in-place' | 'restart';
      }[];
      /** Of what was added or has changed. */
      readonly dependencies: Readonly<Record<string, readonly Dependency[]>>;
      readonly definitions?: Readonly<Record<string, ToldDefinition>>;
      /** Tasks that count as completed again, since the change that ran them anew was taken back. */
      readonly completed?: readonly string[];
    })
  /** It was asked for, and nothing was changed. */
  | (Of<'request.refused'> & {
      readonly request: string;
      readonly kind: string;
      readonly code: string;
      readonly why: string;
    })
  /** A request has set anew what is wanted of a service. */
  | (OfService<'service.wanted'> & {
      /** Counts from 1 for each service: which setting this is. */
      readonly wish: number;
      readonly want: 'up' | 'down';
      readonly by: string;
      readonly request: string;
      readonly reason?: string;
      /** It has what it is wanted for: a stop was taken back, and no more. */
      readonly spent?: true;
      /** The services that it was stopped along with. */
      readonly along?: readonly string[];
    })
  /** It has left the graph; its numbers count on if it comes back. */
  | (OfService<'service.removed'> & { readonly request: string });
