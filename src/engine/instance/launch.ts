/**
 * Spawns one instance of a service: texts filled in, readiness probe and health check first, so that not a line is
 * missed.
 *
 * Returns the instance, or the ending it had instead of a beginning; `called-off` if an edge ceased to hold, or a
 * stop was asked for, before it was spawned. An instance that isn't executed in time, or before it must stop, comes
 * with the ending that this is.
 */
import { now } from '../../concurrency/index.ts';
import { createReadinessProbe } from '../../conditions/create-readiness-probe.ts';
import type { HealthCheck } from '../../conditions/health/check.ts';
import { fillCommand } from '../../conditions/kinds/command.ts';
import { createElsewhere } from '../../conditions/probe/elsewhere.ts';
import type { NotifyChannel, ReadinessProbe } from '../../conditions/probe/probe.ts';
import type { ServiceConfig } from '../../config/types.ts';
import type { Instance, LaunchRequest, SpawnFailure } from '../../process/ports.ts';
import type { EnginePorts } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { bindTo } from '../service/binding.ts';
import type { Ending } from '../service/ending.ts';
import type { ServiceNode } from '../service/node.ts';
import { justSpawned, type PassOn, type UsedValue, WAITING } from '../service/phase.ts';
import { wakeBelow } from '../service/rest.ts';
import { askedToStop } from '../service/stop-cause.ts';
import { launchOne, type Spawned, type Unexecuted } from './await-launch.ts';
import { type Before, type Preparation, runBefore } from './before.ts';
import { commandsOf, shownBy } from './bound-commands.ts';
import { createFill, filledEnvironment, MissingValueError, printedVariables } from './environment.ts';
import { giveWayTo } from './give-way.ts';
import { channelOf, type Heartbeats, heartbeatsOf } from './heartbeats.ts';
import type { LiveInstance, Monitors } from './live-instance.ts';
import { createNotificationHandler } from './on-notification.ts';
import { watchPort } from './port-watch.ts';
import { prepareHealth } from './prepare-health.ts';
import { rememberUsed } from './stale-values.ts';
import { noteExit } from './stop.ts';
import { mustStop } from './watch.ts';

/** It never came to be executed. */
type Unbegun = Unexecuted | (Ending & { readonly kind: 'not-spawned' | 'lost' });

export type Launched =
  | { readonly kind: 'live'; readonly live: LiveInstance; readonly ending?: Unbegun | undefined }
  | { readonly kind: 'called-off' }
  | (Ending & { readonly kind: 'not-spawned' });

export async function launchInstance(
  run: Run,
  node: ServiceNode,
  mayStart: () => boolean,
): Promise<Launched> {
  let launched: Instance | undefined;
  const prepared = prepare(run, node, () => launched, await programFolders(run, node));
  if ('kind' in prepared) return prepared;
  const { command, before, used, health, ...rest } = prepared;
  const { env, probe, spec } = rest;
  const attempt = node.attempt + 1;
  const heartbeats = heartbeatsOf(run, node);
  const monitors: Monitors = { health, heartbeats };
  const onNotification = createNotificationHandler(run, node, attempt, probe, monitors);
  node.tail.begin();
  const show = shownBy(run, (stream, chunk) => {
    if (chunk !== undefined) node.tail.append(chunk);
    run.ports.onLog(node.name, attempt, stream, chunk);
  });
  const viewOf = (service: string) => run.nodes.get(service)!;
  let hasBegun = false;
  const request: LaunchRequest = {
    service: node.name,
    attempt,
    command,
    cwd: spec.cwd,
    env,
    channel: channelFor(probe, health, heartbeats),
    watchdogMs: channelOf(heartbeats) === 'none' ? undefined : heartbeats?.withinMs,
    rights: rest.rights,
    stdin: spec.stdin,
    ownTerminal: spec.terminal,
    terminal: run.options.foreground === node.name,
    directLog: run.ports.directLog?.(node.name),
    mayStart() {
      if (hasBegun) return node.leaving === undefined;
      // What was prepared may be of another graph.
      hasBegun = node.spec === spec && mayStart();
      if (hasBegun) beginAnew(node, attempt, viewOf);
      return hasBegun;
    },
    onOutput(stream, chunk) {
      if (chunk !== undefined) monitors.heartbeats?.output();
      if (probe.wantsOutput) probe.output(stream, chunk);
      if (monitors.health?.wantsOutput) monitors.health.output(stream, chunk);
      show(stream, chunk);
    },
    onNotification(notification) {
      monitors.health?.notification(notification);
      onNotification(notification);
    },
  };
  const ahead = await runBefore(run, node, before, request);
  const result =
    ahead.kind === 'done'
      ? await launchOne(run.ports.launcher, node, request, () => mustStop(run, node))
      : ahead;
  node.enter(WAITING);
  const last = ahead.last && { ...ahead.last, ending: endingAhead(node, result) };
  if (last === undefined && result.kind === 'called-off') return { kind: 'called-off' };
  if (last === undefined && result.kind === 'failed') return notSpawned(run, node, attempt, result.failure);
  node.past.attempt = attempt;
  run.record.spawnFailures.delete(node.name);
  const stands = result.kind === 'spawned' ? { ...withUp(result, command, last), exit: undefined } : last!;
  const { instance, spawnedAtMs, ending } = stands;
  launched = instance;
  if (result.kind === 'spawned') announceStarting(run, node, attempt, instance.pid);
  const main: PassOn = {
    signal: (number) => instance.pass?.(number),
    interrupt: () => instance.interrupt?.(),
    send: (signal, whom) => instance.send?.(signal, whom),
  };
  node.enter({ kind: 'running', instance: justSpawned({ attempt, spec, spawnedAtMs, used, main }) });
  node.lost = undefined;
  node.tellDependents();
  const live: LiveInstance = {
    ...rest,
    monitors,
    node,
    attempt,
    instance,
    spawnedAtMs,
    complaints: new Set(),
    readyAtMs: undefined,
    exit: undefined,
  };
  if (result.kind === 'over' && result.loss !== undefined) giveWayTo(node, result.loss);
  if (stands.exit !== undefined) noteExit(run, live, stands.exit, false);
  return { kind: 'live', ending, live };
}

type Began = Extract<Spawned, { readonly kind: 'spawned' }>;

/** What has brought up a service that is external is heard until it is taken down. */
function withUp(
  began: Began,
  { kind }: LaunchRequest['command'],
  up: Pick<Preparation, 'instance'> | undefined,
): Began {
  if (kind !== 'external' || up === undefined) return began;
  const dispose = (): void => [began.instance, up.instance].forEach((each) => void each.dispose());
  return { ...began, instance: { ...began.instance, dispose } };
}

/** How an attempt ended of which nothing but what runs before it was spawned. */
function endingAhead(node: ServiceNode, result: Before | Spawned): Unbegun | undefined {
  switch (result.kind) {
    case 'over':
      return result.ending;
    case 'failed':
      return failedToSpawn(result.failure);
    case 'called-off':
      return askedToStop(node);
    default:
      return undefined;
  }
}

function inherited(
  { ports: { environment, shownAs } }: Run,
  { terminal }: ServiceConfig,
): EnginePorts['environment'] {
  return terminal === true || shownAs === undefined ? environment : joined(shownAs, environment);
}

const joinedBefore = new WeakMap<object, { readonly of: object; readonly all: EnginePorts['environment'] }>();

/** Nearly all services have the same: it is put together once. */
function joined(
  shownAs: EnginePorts['environment'],
  environment: EnginePorts['environment'],
): EnginePorts['environment'] {
  const before = joinedBefore.get(environment);
  if (before?.of === shownAs) return before.all;
  const all = { ...shownAs, ...environment };
  joinedBefore.set(environment, { of: shownAs, all });
  return all;
}

/** From here on what is wished is wished of the new instance. */
function beginAnew(node: ServiceNode, attempt: number, viewOf: (service: string) => ServiceNode): void {
  node.isEnding = false;
  node.renewed = false;
  node.enter({ kind: 'launching' });
  node.bindings = bindTo(node.spec.dependsOn, viewOf, now());
  if (!node.isReplacedQuietly) node.past.standsInFor = attempt;
  node.isReplacedQuietly = false;
}

/** It counts as an attempt. */
function notSpawned(
  run: Run,
  node: ServiceNode,
  attempt: number,
  failure: SpawnFailure,
): Ending & { readonly kind: 'not-spawned' } {
  node.past.attempt = attempt;
  run.record.spawnFailures.set(node.name, failure);
  announceStarting(run, node, attempt, undefined);
  node.release();
  if (run.isCommanded) wakeBelow(node);
  return failedToSpawn(failure);
}

function failedToSpawn({ reason, message }: SpawnFailure): Ending & { readonly kind: 'not-spawned' } {
  return { kind: 'not-spawned', why: message, reason, hopeless: !passing.has(reason) };
}

/** There is one channel, and the configuration has seen to it that all who listen want the same. */
function channelFor(
  probe: ReadinessProbe,
  health: HealthCheck | undefined,
  heartbeats: Heartbeats | undefined,
): NotifyChannel {
  const wanted = [probe.channel, health?.channel ?? 'none', channelOf(heartbeats)];
  return wanted.find((channel) => channel !== 'none') ?? 'none';
}

/** Spawn failures that may be gone the next time. */
const passing: ReadonlySet<string> = new Set(['too-many-files', 'no-memory', 'other']);

type Prepared = Pick<
  LiveInstance,
  'spec' | 'env' | 'rights' | 'probe' | 'context' | 'stopCommand' | 'cleanups'
> & {
  readonly used: readonly UsedValue[];
  readonly health: HealthCheck | undefined;
  readonly command: LaunchRequest['command'];
  readonly before: readonly LaunchRequest['command'][];
};

/** Where nothing has to be looked up, nothing is waited for. */
function programFolders(
  { ports }: Run,
  { spec }: ServiceNode,
): readonly string[] | Promise<readonly string[]> {
  return spec.command.kind === 'call' || spec.env.PATH !== undefined
    ? []
    : ports.files.programFolders(spec.cwd);
}

function prepare(
  run: Run,
  node: ServiceNode,
  launched: () => Instance | undefined,
  folders: readonly string[],
): Prepared | (Ending & { kind: 'not-spawned' }) {
  const { spec } = node;
  const used: UsedValue[] = [];
  const fill = rememberUsed(
    createFill((service) => run.nodes.get(service)?.values ?? {}),
    used,
  );
  try {
    const rights = run.ports.rightsOf?.(spec);
    const printed = printedVariables(spec, run.ports.printedFor);
    const env = filledEnvironment(spec, inherited(run, spec), fill, rights?.env, printed, folders);
    const ports = { ...run.ports, commands: commandsOf(run, node) };
    const ownerOf = watchPort(run, node, launched);
    const elsewhere = createElsewhere(() => launched()?.listening?.());
    const context = { service: spec.name, ports, ownerOf, elsewhere, fill, cwd: spec.cwd, env, rights };
    const probe = createReadinessProbe(spec.ready, context);
    const health = prepareHealth(run, node, context);
    return {
      spec,
      context,
      env,
      rights,
      used,
      probe,
      health,
      command: fillCommand(spec.command, fill),
      before: (spec.before ?? []).map((command) => fillCommand(command, fill)),
      stopCommand: spec.stop.command && fillCommand(spec.stop.command, fill),
      cleanups: spec.cleanup.map(({ run: cleanup, timeoutMs }) => ({
        command: fillCommand(cleanup, fill),
        timeoutMs,
      })),
    };
  } catch (error) {
    if (error instanceof MissingValueError)
      return { kind: 'not-spawned', why: error.message, reason: 'value-missing', hopeless: true };
    throw error;
  }
}

function announceStarting(run: Run, node: ServiceNode, attempt: number, pid: number | undefined): void {
  const { upWish: wish } = node;
  const generation = run.graphs.inForce.number;
  run.announce({ type: 'service.starting', service: node.name, attempt, pid, wish, generation });
}
