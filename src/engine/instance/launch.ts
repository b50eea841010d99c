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
import type { NotifyChannel, ReadinessProbe } from '../../conditions/probe/probe.ts';
import type { ServiceConfig } from '../../config/types.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { Instance, LaunchRequest, OwnerCheck, SpawnFailure } from '../../process/ports.ts';
import type { EnginePorts } from '../ports.ts';
import type { Run } from '../run/run.ts';
import { bindTo } from '../service/binding.ts';
import type { Ending } from '../service/ending.ts';
import type { ServiceNode } from '../service/node.ts';
import { justSpawned, type PassOn, type UsedValue, WAITING } from '../service/phase.ts';
import { wakeBelow } from '../service/rest.ts';
import {
  type Executed,
  type LaunchProgress,
  launchLimitMs,
  untilExecuted,
  untilSpawned,
} from './await-launch.ts';
import { commandsOf, shownBy } from './bound-commands.ts';
import { createFill, filledEnvironment, MissingValueError, printedVariables } from './environment.ts';
import { channelOf, type Heartbeats, heartbeatsOf } from './heartbeats.ts';
import type { LiveInstance, Monitors } from './live-instance.ts';
import { createNotificationHandler } from './on-notification.ts';
import { watchPort } from './port-watch.ts';
import { prepareHealth } from './prepare-health.ts';
import { rememberUsed } from './stale-values.ts';
import { mustStop } from './watch.ts';

type Unexecuted = Extract<Executed, { readonly kind: 'not-ready' | 'asked' }>;

export type Launched =
  | { readonly kind: 'live'; readonly live: LiveInstance; readonly ending?: Unexecuted | undefined }
  | { readonly kind: 'called-off' }
  | (Ending & { readonly kind: 'not-spawned' });

export async function launchInstance(
  run: Run,
  node: ServiceNode,
  mayStart: () => boolean,
): Promise<Launched> {
  let launched: Instance | undefined;
  const prepared = prepare(
    run,
    node,
    watchPort(run, node, () => launched),
  );
  if ('kind' in prepared) return prepared;
  const { command, used, health, ...rest } = prepared;
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
  const progress = { isSpawning: false, isGivenUp: false, waitsFor: undefined as string | undefined };
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
      if (progress.isGivenUp) return false;
      // What was prepared may be of another graph.
      progress.isSpawning = node.spec === spec && mayStart();
      if (progress.isSpawning) beginAnew(node, attempt, viewOf);
      return progress.isSpawning;
    },
    onWaiting(what) {
      progress.waitsFor = what;
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
  const result = await untilSpawned(node, run.ports.launcher.launch(request), progress);
  if (typeof result === 'string') {
    progress.isGivenUp = true;
    return result === 'stop'
      ? { kind: 'called-off' }
      : notSpawned(run, node, attempt, tooLate(node, progress));
  }
  const spawnedAtMs = now();
  const executed =
    result.kind === 'launched' && result.executed !== undefined
      ? await untilExecuted(node, result.executed, spawnedAtMs, () => mustStop(run, node))
      : undefined;
  node.enter(WAITING);
  if (result.kind === 'called-off') return result;
  if (result.kind === 'spawn-failed') return notSpawned(run, node, attempt, result.failure);
  if (executed?.kind === 'failed') return notSpawned(run, node, attempt, executed.failure);
  node.past.attempt = attempt;
  run.record.spawnFailures.delete(node.name);
  const { instance } = result;
  launched = instance;
  announceStarting(run, node, attempt, instance.pid);
  const main: PassOn = {
    signal: (number) => instance.pass?.(number),
    interrupt: () => instance.interrupt?.(),
    send: (signal, whom) => instance.send?.(signal, whom),
  };
  node.enter({ kind: 'running', instance: justSpawned({ attempt, spec, spawnedAtMs, used, main }) });
  node.lost = undefined;
  node.tellDependents();
  return {
    kind: 'live',
    ending: executed?.kind === 'executed' ? undefined : executed,
    live: {
      ...rest,
      monitors,
      node,
      attempt,
      instance,
      spawnedAtMs,
      complaints: new Set(),
      readyAtMs: undefined,
      exit: undefined,
    },
  };
}

function inherited(
  { ports: { environment, shownAs } }: Run,
  { terminal }: ServiceConfig,
): EnginePorts['environment'] {
  return terminal === true ? environment : { ...shownAs, ...environment };
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
  const { reason, message } = failure;
  node.past.attempt = attempt;
  run.record.spawnFailures.set(node.name, failure);
  announceStarting(run, node, attempt, undefined);
  node.release();
  if (run.isCommanded) wakeBelow(node);
  return { kind: 'not-spawned', why: message, reason, hopeless: !passing.has(reason) };
}

function tooLate(node: ServiceNode, { waitsFor }: LaunchProgress): SpawnFailure {
  const message = `Cannot start ${JSON.stringify(node.name)}: waited ${formatDuration(launchLimitMs(node))} for ${waitsFor}`;
  return { reason: 'other', message };
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
};

function prepare(
  run: Run,
  node: ServiceNode,
  ownerOf: OwnerCheck,
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
    const env = filledEnvironment(spec, inherited(run, spec), fill, rights?.env, printed);
    const ports = { ...run.ports, commands: commandsOf(run, node) };
    const context = { service: spec.name, ports, ownerOf, fill, cwd: spec.cwd, env, rights };
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
