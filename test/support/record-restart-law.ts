/**
 * How often a service may be started again, as a record shows it: at most `max` times in a row, and within the window. A
 * row ends when an instance has been ready for `reset_after`. Pure.
 *
 * It counts by itself, from when instances were ready and when they ended, and holds the count that was told against it.
 */
import type { RestartPolicy, ServiceConfig } from '../../src/config/types.ts';
import { allOf, type EventOf, type InstanceHistory } from './record-history.ts';
import type { Law, RecordedRun } from './record-laws.ts';

/** Events carry microseconds. */
const ROUNDING_MS = 0.001;
/** Restarts that are closer to each other than that share of a window may count as one moment, the later one. */
const MOMENT_SHARE = 0.001;

/** At least and at most: what lies on a border by a rounding may be on either side of it. */
interface Count {
  readonly least: number;
  readonly most: number;
}

export const restartsLimited: Law = (run) => {
  const all = allOf(run.events, 'service.backoff');
  if (all.length === 0) return [];
  const pauses = new Map<string, EventOf<'service.backoff'>[]>(
    [...run.services.keys()].map((name) => [name, []]),
  );
  for (const pause of all) pauses.get(pause.service)?.push(pause);
  return [...run.services.values()].flatMap((spec) => brokenLimits(run, spec, pauses.get(spec.name)!));
};

function brokenLimits(
  run: RecordedRun,
  spec: ServiceConfig,
  pauses: readonly EventOf<'service.backoff'>[],
): readonly string[] {
  const { max } = spec.restart;
  const instances = run.byService.get(spec.name) ?? [];
  // Of what a monitor found ill the record doesn't tell since when it was.
  const isPlain = spec.health === undefined && spec.watchdog === undefined;
  const decidedMs: (number | undefined)[] = [];
  let row: Count = { least: 0, most: 0 };
  return pauses.flatMap((pause, index) => {
    const since = pauses[index - 1]?.attempt ?? 0;
    const between = instances.filter(({ attempt }) => attempt > since && attempt <= pause.attempt);
    row = between.reduce((count, instance) => afterInstance(count, instance, spec.restart), row);
    row = { least: row.least + 1, most: row.most + 1 };
    decidedMs.push(whenDecided(instances.find(({ attempt }) => attempt === pause.attempt)));
    const within = withinWindow(decidedMs, spec.restart);
    const used = { least: Math.max(row.least, within.least), most: Math.max(row.most, within.most) };
    const told = pause.restarts?.used;
    return [
      ...(max > 0 && used.least > max
        ? [`was started again ${used.least} times, and may be ${max} times`]
        : []),
      ...(isPlain && told !== undefined && (told < used.least || told > used.most)
        ? [`was told to be started again ${told} times, and it were ${used.least}`]
        : []),
      ...(isPlain && (pause.failures < row.least || pause.failures > row.most)
        ? [`was told to have failed ${pause.failures} times in a row, and it were ${row.least}`]
        : []),
    ].map((trouble) => `"${spec.name}" (instance ${pause.attempt}) ${trouble}`);
  });
}

function afterInstance(
  { least, most }: Count,
  { ready, stopping, exits }: InstanceHistory,
  { resetAfterMs }: RestartPolicy,
): Count {
  if (ready === undefined) return { least, most };
  const endMs = Math.min(stopping[0]?.ms ?? Infinity, exits[0]?.ms ?? Infinity);
  const readyMs = endMs - ready.ms;
  return {
    least: readyMs >= resetAfterMs - ROUNDING_MS ? 0 : least,
    most: readyMs >= resetAfterMs + ROUNDING_MS ? 0 : most,
  };
}

/**
 * A restart is decided on when the end is seen, and told when it has been cleaned up after. Undefined: of what had to be
 * stopped the record doesn't tell when that was.
 */
function whenDecided(instance: InstanceHistory | undefined): number | undefined {
  if (instance === undefined || instance.stopping.length + instance.unhealthy.length > 0) return undefined;
  return instance.spawned ? instance.exits[0]?.ms : instance.started.ms;
}

function withinWindow(decidedMs: readonly (number | undefined)[], { windowMs }: RestartPolicy): Count {
  const nowMs = decidedMs.at(-1);
  if (nowMs === undefined || decidedMs.includes(undefined)) return { least: 0, most: decidedMs.length };
  const since = (ms: number) => decidedMs.filter((atMs) => atMs! > nowMs - ms).length;
  return {
    least: since(windowMs - ROUNDING_MS),
    most: since(windowMs * (1 + MOMENT_SHARE) + ROUNDING_MS),
  };
}
