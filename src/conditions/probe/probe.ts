/**
 * What the engine sees of a readiness condition: feed it while the instance runs, wait till it holds.
 *
 * Types only. A probe belongs to one instance and is created before that is launched, so that no line and no
 * notification is missed; the deadline runs from the launch. It owns nothing outside of its `wait`.
 */
import type { Condition, Template } from '../../config/types.ts';
import type { ProbeSink, StreamName } from '../../events/event.ts';
import type { Values } from '../../events/fact-shape.ts';
import type { Commands, Files, Network, Notification, OwnerCheck } from '../../process/ports.ts';
import type { Rights } from '../../process/rights-ports.ts';
import type { Elsewhere, Target } from './elsewhere.ts';

/**
 * A text with what other services reported in it; throws for what isn't there or can't be given to a program, and for
 * what is to be a number and is none.
 */
export type Fill = (template: Template, asNumber?: boolean) => string;

/** How waiting ended. `failed`: it can never hold any more, or its deadline passed; `why` is half a sentence. */
export type Reading =
  | { readonly kind: 'held'; readonly evidence: string; readonly values: Values }
  | { readonly kind: 'failed'; readonly why: string };

export type NotifyChannel = 'none' | 'fd' | 'node' | 'systemd' | 'call';

export interface ReadinessProbe {
  /** Which notify channel the instance must be launched with. */
  readonly channel: NotifyChannel;
  /** True while it wants to see output; call `output` only then. It never becomes true again. */
  readonly wantsOutput: boolean;
  /** Takes a chunk, valid for the time of the call only; undefined: the stream has ended. Never throws. */
  output(stream: StreamName, chunk: Buffer | undefined): void;
  notification(notification: Notification): void;
  /** `wait` has ended. */
  readonly isOver: boolean;
  /** `wait` has failed since the deadline had passed. */
  readonly isLate: boolean;
  /** Moves the deadline back to that time of the clock, if it is earlier and has not passed; never forward. */
  extend(untilMs: number): void;
  /**
   * Waits till the condition holds, fails or is late; call it once, right after the launch, whose time of the clock is
   * `sinceMs` (by default now). Obeys the scope it is called in, and when it ends nothing that it began is left:
   * commands are dead, attempts are over.
   */
  wait(sinceMs?: number): Promise<Reading>;
  /** The same condition with other times: they count as if they had been there from the launch on. */
  retime(condition: Condition): void;
  /** What it still lacks, as the sentence of the deadline says it: "tcp 127.0.0.1:5432: connection refused". */
  missing(): string;
  /** Where nobody of the service answered when it was asked last. */
  unanswered(): readonly Target[];
  /** What is missing, and where the service listens in place of where it should. Never takes long; never rejects but for a cancellation. */
  explain(): Promise<string>;
}

export interface ProbeContext {
  readonly service: string;
  readonly ports: {
    readonly commands: Commands;
    readonly network: Network;
    readonly files: Files;
    readonly onProbe?: ProbeSink | undefined;
  };
  /** Which process accepted a connection: a process of the instance, or another. Asked only after the launch. */
  readonly ownerOf: OwnerCheck;
  /** What to add where nobody answered; undefined: nothing. */
  readonly elsewhere?: Elsewhere | undefined;
  /** Fills in what other services reported; called when the probe is created, and what it throws leaves there. */
  readonly fill: Fill;
  /** Where probe commands run and relative paths begin; absolute. */
  readonly cwd: string;
  /** The whole environment of probe commands. */
  readonly env: Readonly<Record<string, string>>;
  /** As whom they run. */
  readonly rights?: Rights | undefined;
  /** Sees what probe commands write, for a verbose log. */
  readonly onProbeOutput?: (stream: StreamName, chunk: Buffer) => void;
}
