/**
 * Everything the engine touches of the world, handed in by the composition root. Types only.
 */
import type { Clock } from '../concurrency/index.ts';
import type { ServiceConfig } from '../config/types.ts';
import type { EventSink, LogSink, OutputSink, ProbeSink } from '../events/event.ts';
import type { Stamper } from '../events/stamper.ts';
import type { Plan } from '../graph/plan-run.ts';
import type { Commands, DirectLog, Files, Launcher, Leftovers, Network } from '../process/ports.ts';
import type { Rights } from '../process/rights-ports.ts';

export interface EnginePorts {
  readonly launcher: Launcher;
  readonly leftovers: Leftovers;
  readonly commands: Commands;
  readonly network: Network;
  readonly files: Files;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly stamper: Stamper;
  /** What services inherit. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Below that, what tells those without a terminal how their lines are shown. */
  readonly shownAs?: Readonly<Record<string, string>>;
  /** As whom the processes of a service run; without it, all as ourselves. */
  readonly rightsOf?: (spec: ServiceConfig) => Rights | undefined;
  /** The variables that commands have printed for a service; undefined: those that it needs are not known. */
  readonly printedFor?: (spec: ServiceConfig) => ReadonlyMap<string, string> | undefined;
  /** The same sink for the output of one process, which gets no secrets; left out: there are none. */
  readonly masked?: (sink: OutputSink) => OutputSink;
  /** Why no instance of a service could be started now, a sentence; undefined: nothing is known to stand against it. */
  readonly foresee?: (spec: ServiceConfig) => string | undefined;
  /** Another graph is in force from now on. */
  readonly onSwitch?: (plan: Plan) => void;
  /** Everything has ended: who works beside the run ends now. It takes a second or so at most. Never rejects. */
  readonly endOthers?: () => Promise<void>;
  readonly pid: number;
  /** The file that a service writes to by itself, if it does. */
  readonly directLog?: (service: string) => DirectLog | undefined;
  readonly onEvent: EventSink;
  readonly onLog: LogSink;
  /** Undefined: nobody wants to know. */
  readonly onProbe?: ProbeSink | undefined;
}
