/**
 * The control of a run: what clients on its private socket may look at and ask for.
 */
import { constants } from 'node:os';
import { closest } from '../../config/diagnostics/closest.ts';
import type { Controlled } from '../../control/server/controlled.ts';
import { type Control, openControl } from '../../control/server/open-control.ts';
import type { ControlServer } from '../../control/server/serve.ts';
import type { SupervisorRequest } from '../../engine/supervise.ts';
import type { ProbeSink } from '../../events/event.ts';
import type { Stamper } from '../../events/stamper.ts';
import type { Output } from '../../output/output.ts';
import type { Project } from '../load-project.ts';
import type { World } from '../world.ts';
import type { Listener, OpenListener } from './open-listener.ts';

export interface RunControl extends Output {
  readonly onProbe: ProbeSink;
  /** Clients may come from now on. Never rejects: what stands against it is told. */
  listen(socket: string): Promise<void>;
  /**
   * Takes the place at which others come in, who wait there; what is to be told of it. `tokenFile`: where what they
   * must know can be kept. Throws a `UsageError` if it can't be had.
   */
  open(listener: Listener, tokenFile: string | undefined): Promise<string>;
  /** The run begins: whoever waits is answered. */
  begin(): void;
}

interface ControlledRun {
  readonly run: string;
  readonly isDetached: boolean;
  readonly stamper: Stamper;
  readonly ask: (request: SupervisorRequest) => void;
  /** Takes a sentence. */
  readonly tell: (text: string) => void;
  readonly readAgain: Controlled['readAgain'];
  readonly admit: Controlled['admit'];
  readonly treeUsage: Controlled['treeUsage'];
}

const SIGNALS: ReadonlySet<string> = new Set(Object.keys(constants.signals));

/** The longest path of a Unix socket, its end included (unix(7)). */
const MOST_PATH_BYTES = 107;

export function controlOf(world: World, project: Project, about: ControlledRun): RunControl {
  const { run, isDetached, stamper, ask, tell, readAgain, admit, treeUsage } = about;
  const { pid, version, apiDocument, ownUsage } = world;
  const [file = world.cwd] = project.config.files;
  let server: ControlServer | undefined;
  let open: OpenListener | undefined;
  const control: Control = openControl({
    ...{ run, pid, version, file, isDetached, ask, readAgain, admit, apiDocument, ownUsage, treeUsage },
    name: project.config.name,
    since: world.wallTime(),
    signals: SIGNALS,
    suggest: closest,
    listen: () => open?.listen,
    now: { time: world.wallTime, ms: () => stamper.sinceStart(world.clock.now()) },
  });
  return {
    onEvent: control.onEvent,
    onLog: control.onLog,
    onProbe: control.onProbe,
    async listen(socket) {
      const why =
        Buffer.byteLength(socket) > MOST_PATH_BYTES ? 'its path is too long for a socket' : undefined;
      if (why !== undefined) return tell(noSocket(socket, why));
      try {
        server = await world.serveControl(socket, control.controlled);
      } catch (error) {
        tell(noSocket(socket, (error as Error).message));
      }
    },
    async open(listener, tokenFile) {
      open = await listener.open(control.controlled, tokenFile);
      const { url, token_file: file } = open.listen;
      return `clients are let in at ${url} with the token in ${file}`;
    },
    begin: () => open?.begin(),
    async finish(withinMs = 0) {
      await Promise.all([server?.close(withinMs), open?.close(withinMs)]);
    },
  };
}

function noSocket(socket: string, why: string): string {
  return `Cannot listen at ${JSON.stringify(socket)}: ${why}; nothing can be asked of this run but by signals`;
}
