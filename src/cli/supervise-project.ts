/**
 * Runs a project's plan on the real system: outputs and ports put together, requests passed in, all closed at the end.
 */
import { resolve } from 'node:path';
import { type Queue, Queue as RequestQueue, sleep } from '../concurrency/index.ts';
import { closest } from '../config/diagnostics/closest.ts';
import type { ServiceConfig } from '../config/types.ts';
import { signalNumber } from '../engine/outcome/exit-status.ts';
import type { SuperviseOptions } from '../engine/run/run.ts';
import { type SupervisorRequest, supervise } from '../engine/supervise.ts';
import { Stamper } from '../events/stamper.ts';
import type { Plan } from '../graph/plan-run.ts';
import { whyNotStarted } from '../preflight/start-warnings.ts';
import { type KeepOptions, keptRecord } from './beside/keep-record.ts';
import { requestOutput } from './beside/register-requests.ts';
import { reloader } from './beside/reload-on-hangup.ts';
import { hooksOf } from './beside/run-hooks.ts';
import { RunSecrets, secretsOfProject } from './beside/run-secrets.ts';
import { upwardOutput } from './beside/tell-upward.ts';
import { checkProject } from './check-project.ts';
import type { Listener } from './control/open-listener.ts';
import { controlOf } from './control/serve-control.ts';
import { type EnterOptions, enterOrJoin, type Join } from './enter-project.ts';
import { hearSignals } from './hear-signals.ts';
import { type Project, selectedSpecs } from './load-project.ts';
import { type OutputOptions, openOutput, type RunOutput } from './open-output.ts';
import { Configurations } from './reread-project.ts';
import { type Ending, type System, UsageError, type World } from './world.ts';

export interface RunOptions extends OutputOptions, SuperviseOptions, EnterOptions, KeepOptions {
  /** An open descriptor that gets a line, and is closed, when all is ready. */
  readonly readyFd?: number | undefined;
  /** False: no client may ask anything of it. */
  readonly control?: boolean | undefined;
  /** Where clients may come in besides its socket. */
  readonly listener?: Listener | undefined;
}

/** How long a file may take to be opened once we are to end: nothing is started yet. */
const OPENING_MS = 500;

export interface Surrounding {
  /** Loads the project as it was loaded; undefined: it can't be read again. */
  readonly again?: (world: World) => Promise<Project | undefined>;
  readonly join?: Join;
}

export async function superviseProject(
  world: World,
  project: Project,
  options: RunOptions,
  { again, join }: Surrounding = {},
): Promise<Ending> {
  const record = options.record === undefined ? undefined : resolve(world.cwd, options.record);
  const starting = selectedSpecs(project);
  const checked = await checkProject(world, project, starting, record);
  if (!checked.ok) {
    for (const trouble of checked.troubles) world.complain(trouble);
    if (checked.refusals.length > 0) throw new UsageError(...checked.refusals);
    return { status: 2 };
  }
  world.prepare(starting.length);
  const entered = await enterOrJoin(world, project, options, join);
  if ('status' in entered) return entered;
  const isDetached = options.isDetached === true;
  const notes = [...entered.notes, ...garbled(world, project, options)];
  const requests: Queue<SupervisorRequest> = new RequestQueue(Number.POSITIVE_INFINITY);
  const secrets = secretsOfProject(project);
  const stamper = new Stamper(world.clock.now.bind(world.clock), world.wallTime, secrets.data);
  let output: RunOutput | undefined;
  const ask = (request: SupervisorRequest): void => {
    requests.tryPut(request);
    output?.hurry();
  };
  const tell = (text: string): void => {
    if (output === undefined) world.complain(`orderly: ${text}`);
    else output.onEvent(stamper.stamp({ type: 'run.note', text }));
  };
  const { run, socket, tokenFile } = entered;
  const system = () => opening;
  const runSecrets = new RunSecrets(world, secrets, { system, tell });
  const configurations = new Configurations(world, project, checked.rightsOf, {
    ...{ load: again, record, secrets: runSecrets },
    prepare: async (next, specs) => (await output?.prepare(next, specs)) ?? [],
    use: (specs) => output?.switchTo(specs),
  });
  const control =
    options.control === false || (socket === undefined && options.listener === undefined)
      ? undefined
      : controlOf(world, project, {
          ...{ run, isDetached, stamper, ask, tell },
          readAgain: (noRollback, isDry) => configurations.readAgain(noRollback, isDry),
          admit: (choice) => configurations.admit(choice),
          treeUsage: async (wanted) => (await opening).treeUsage(wanted),
        });
  const hooks = hooksOf(world, project, {
    ...{ stamper, tell },
    system,
    onLog: (service, attempt, stream, lines, command) =>
      output?.onLog(service, attempt, stream, lines && secrets.lines(lines), command),
  });
  let isOpening = true;
  let giveUp = (_ending: Ending): void => {};
  const givenUp = new Promise<Ending>((resolve) => {
    giveUp = resolve;
  });
  const askOrGiveUp = (request: SupervisorRequest): void => {
    ask(request);
    const ending = isOpening ? endingBy(request) : undefined;
    if (ending === undefined) return;
    runSecrets.cut();
    void sleep(OPENING_MS).then(() => giveUp(ending));
  };
  let inForce = project.plan;
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const about = {
    hasCommand: options.foreground !== undefined,
    hangupReloads: () => inForce.beside.onHangup === 'reload',
  };
  const reload = reloader({ readAgain: () => configurations.readAgain(false), ask, tell, begun });
  hearSignals(world, about, { ask: askOrGiveUp, tell, reload });
  if (!isDetached)
    world.onParentGone(() => askOrGiveUp({ kind: 'shutdown', cause: { kind: 'parent-gone' } }));
  // The system takes some milliseconds to be opened, in which the outputs are.
  const opening = world.openSystem({
    cgroup: project.config.process.cgroup,
    note: (text) => output?.onEvent(stamper.stamp({ type: 'run.note', text })),
    window: () => output?.window,
  });
  // A run of which everything is stopped waits for nothing but requests: the program must not end for that.
  const stayed = world.stay();
  try {
    // Before a command is run for its variables.
    if (project.config.process.cgroup === 'require') requireCgroup(await opening);
    const onReaderGone = (wasTerminal: boolean): void => ask(readerGone(wasTerminal));
    const unprinted = await Promise.race([runSecrets.get(project, starting), givenUp]);
    if (unprinted === undefined) return await givenUp;
    if ('status' in unprinted) return unprinted;
    for (const trouble of unprinted) world.complain(trouble);
    if (unprinted.length > 0) return { status: 2 };
    // What is in its way is known before anything is written or started.
    const listenNotes =
      options.listener === undefined ? [] : [await control?.open(options.listener, tokenFile)];
    const upward = upwardOutput(world.upward(options.readyFd, (text) => tell(text)));
    const requested = requestOutput(world.requestRegister);
    const kept = keptRecord(world, entered.project, options);
    const others = [control, upward, requested, hooks, kept].flatMap((one) => one ?? []);
    const opened = await Promise.race([
      openOutput(world, project, options, stamper, onReaderGone, others),
      givenUp,
    ]);
    isOpening = false;
    if (opened === undefined) return { status: 2 };
    if ('status' in opened) return opened;
    output = opened;
    const system = await opening;
    output.use(system);
    begin();
    if (socket !== undefined) void control?.listen(socket);
    control?.begin();
    const { clock, random, env, pid } = world;
    const { onEvent, onLog, directLog, shownAs } = output;
    const ports = {
      ...system,
      stamper,
      clock,
      random,
      ...{ environment: env, shownAs, printedFor: runSecrets.printedFor },
      rightsOf: configurations.rightsOf,
      masked: secrets.output,
      foresee: (spec: ServiceConfig) => whyNotStarted(world, spec),
      onSwitch(plan: Plan) {
        output?.switchTo(plan.graph.services.map(plan.graph.spec));
        hooks.use(plan);
        inForce = plan;
      },
      endOthers: async () => void (await Promise.all([hooks.close(), runSecrets.close()])),
      pid,
      onEvent,
      onLog,
      directLog,
      onProbe: control?.onProbe,
    };
    const { status, raise } = await supervise(project.plan, ports, requests, {
      ...options,
      selected: project.selected,
      notes: [...notes, ...listenNotes.flatMap((note) => note ?? [])],
      suggest: closest,
    });
    return { status, raise };
  } finally {
    stayed();
    const ended = output;
    output = undefined;
    await ended?.finish();
    await runSecrets.close();
    (await opening).dispose();
  }
}

/** Services are spawned by Node, which has texts only; the command of `run` may get the bytes. */
function garbled(world: World, { graph }: Project, { foreground }: RunOptions): readonly string[] {
  if (graph.services.every((name) => name === foreground)) return [];
  return world.garbledVariables().map((name) => {
    const what = `the variable ${JSON.stringify(name)} is no UTF-8 text`;
    return `${what}: services get it with U+FFFD in the place of what is none; set it in UTF-8`;
  });
}

/** How the program ends where nothing is started yet; undefined: it is not asked to. */
function endingBy(request: SupervisorRequest): Ending | undefined {
  if (request.kind === 'shutdown') return { status: 0 };
  if (request.kind !== 'signal') return undefined;
  return { status: 128 + signalNumber(request.signal), raise: request.signal };
}

/** A terminal that is closed also sends SIGHUP; which of the two is seen first is chance. */
function readerGone(wasTerminal: boolean): SupervisorRequest {
  return wasTerminal
    ? { kind: 'signal', signal: 'SIGHUP', interactive: false }
    : { kind: 'shutdown', cause: { kind: 'output-closed' } };
}

function requireCgroup({ cgroup }: System): void {
  if (cgroup.kind === 'made') return;
  const setting = '"process.cgroup: require"';
  const remedy = 'run where cgroup v2 can be written to, or let it be "auto"';
  throw new UsageError(
    `Cannot keep the services in cgroups, which ${setting} asks for: ${cgroup.why}; ${remedy}`,
  );
}
