/**
 * The guarantees as a record shows them. Each law returns what breaks it, a sentence each; none: it holds. Pure.
 *
 * `laws.ts` holds a simulation against the deeds of its processes; these hold any run, a real one too, against what
 * it told about itself. They know the configuration and the events, nothing of the engine.
 */
import type { Edge, ServiceConfig } from '../../src/config/types.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { beyondReserveMs } from './beyond-reserve.ts';
import { allOf, codeOf, type InstanceHistory, type Moment, type RecordHistory } from './record-history.ts';

export interface RecordedRun extends RecordHistory {
  readonly services: ReadonlyMap<string, ServiceConfig>;
  /** How much later than the spawn `service.starting` may be told. */
  readonly toldWithinMs: number;
  /** How long the supervisor couldn't run. */
  readonly lostMs: number;
}

export type Law = (run: RecordedRun) => readonly string[];

/** Events carry microseconds. */
const ROUNDING_MS = 0.001;
/** Deadlines are told in whole milliseconds. */
const WHOLE_MS = 1;

/** G1: when an instance started, every edge's condition held. */
export const startsAllowed: Law = (run) =>
  run.instances.flatMap((instance) =>
    (run.services.get(instance.service)?.dependsOn ?? [])
      .filter((edge) => !edge.optional && edge.timeoutMs === undefined)
      .filter((edge) => !held(run, edge, instance.started))
      .map((edge) => `G1: ${nameOf(instance)} started though "${edge.service}" was not ${edge.condition}`),
  );

interface Span {
  readonly from: Moment;
  readonly to: Moment | undefined;
}

function held(run: RecordedRun, edge: Edge, at: Moment): boolean {
  const lostAtMs = at.ms - run.toldWithinMs - ROUNDING_MS;
  return spans(run, edge).some(
    ({ from, to }) => from.seq < at.seq && (to === undefined || to.ms >= lostAtMs),
  );
}

/** When the edge's condition held. */
function spans(run: RecordedRun, { service, condition }: Edge): readonly Span[] {
  const spec = run.services.get(service);
  const instances = (run.byService.get(service) ?? []).filter(({ spawned }) => spawned);
  // What follows its end is not asked of the instance that ended: as long as another one is due, none has.
  const over = run.overs.get(service);
  const last = instances.at(-1);
  const ended: readonly Span[] = over && last ? [{ from: over, to: undefined }] : [];
  const hasSucceeded = over?.type !== 'service.failed' && last !== undefined && isSuccess(spec, last);
  const done = spec?.type === 'task' && hasSucceeded ? ended : [];
  switch (condition) {
    case 'started':
      return [
        ...instances.flatMap(({ executed, exits: [exit] }) =>
          executed ? [{ from: executed, to: exit }] : [],
        ),
        ...done,
      ];
    case 'ready':
      return [
        ...instances.flatMap(({ ready, exits: [exit] }) => (ready ? [{ from: ready, to: exit }] : [])),
        ...done,
      ];
    case 'completed':
      return hasSucceeded ? ended : [];
    case 'exited':
      return ended;
  }
}

function isSuccess(spec: ServiceConfig | undefined, { exits: [exit], ready }: InstanceHistory): boolean {
  const code = codeOf(exit?.exit);
  const counts = spec?.type === 'task' || spec?.ready === undefined || ready !== undefined;
  return counts && code !== undefined && spec?.restart.successCodes.includes(code) === true;
}

/** G3: each spawned instance gets one clean-up pass, every command of it in its turn, after its end. */
export const cleanedOnce: Law = (run) =>
  run.instances.flatMap((instance) => {
    const wanted = instance.spawned ? (run.services.get(instance.service)?.cleanup ?? []) : [];
    const isCut = run.finished === undefined && instance.over === undefined;
    if (isCut) return [];
    const passes = wanted.length > 0 ? 1 : 0;
    const end = instance.exits[0]?.seq ?? 0;
    const early = [...instance.cleaning, ...instance.cleanups].some(({ seq }) => seq < end);
    const cut = instance.cleanups.some(
      ({ timed_out, took_ms }, index) => timed_out && took_ms < (wanted[index]?.timeoutMs ?? 0) - 1,
    );
    return [
      ...(instance.cleaning.length === passes ? [] : [`had ${instance.cleaning.length} clean-up passes`]),
      ...(instance.cleanups.length === wanted.length
        ? []
        : [`had ${instance.cleanups.length} of ${wanted.length} clean-ups`]),
      ...(early ? ['was cleaned up after before it had ended'] : []),
      ...(cut ? ['had a clean-up cut before its timeout'] : []),
    ].map((trouble) => `G3: ${nameOf(instance)} ${trouble}`);
  });

/** G4: from the cause to the exit no longer than the budget and a second, unless clean-ups outrun their reserve. */
export const budgetKept: Law = ({ requested, finished, services, lostMs }) => {
  if (requested?.budget_ms === undefined || finished === undefined) return [];
  const beyondMs = beyondReserveMs([...services.values()], requested.budget_ms);
  const allowedMs = requested.budget_ms + 1000 + beyondMs + lostMs;
  const tookMs = finished.ms - requested.ms;
  return tookMs <= allowedMs ? [] : [`G4: the shutdown took ${tookMs} of ${allowedMs} ms`];
};

/** After Ctrl-C nobody is asked to stop with more time than each is given then. */
export const graceKept: Law = ({ instances, requested }) => {
  const most = requested?.grace_ms;
  if (requested === undefined || most === undefined) return [];
  return instances.flatMap((instance) =>
    instance.stopping
      .filter(({ seq, ms, deadline_ms }) => seq > requested.seq && deadline_ms > ms + most + WHOLE_MS)
      .map(({ ms, deadline_ms }) => `G4: ${nameOf(instance)} was given ${deadline_ms - ms} of ${most} ms`),
  );
};

/** One service never has two instances, and each one ends once, before it is over. */
export const oneAtATime: Law = (run) =>
  run.instances.flatMap((instance) => {
    const ofService = run.byService.get(instance.service) ?? [];
    const before = ofService[ofService.indexOf(instance) - 1];
    const isEarly = before !== undefined && !(before.over && before.over.seq < instance.started.seq);
    const isMisnumbered = instance.attempt !== (before?.attempt ?? 0) + 1;
    const ends = instance.exits.length;
    const outlives =
      instance.spawned &&
      instance.over !== undefined &&
      !instance.exits.some(({ seq }) => seq < instance.over!.seq);
    return [
      ...(isEarly ? [`started while instance ${before.attempt} was there`] : []),
      ...(isMisnumbered ? [`came after instance ${before?.attempt ?? 0}`] : []),
      ...(ends > 1 ? [`ended ${ends} times`] : []),
      ...(outlives && !namedAsSurvivor(run, instance) ? ['was over before its main process had ended'] : []),
    ].map((trouble) => `${nameOf(instance)} ${trouble}`);
  });

function namedAsSurvivor({ finished }: RecordedRun, { service }: InstanceHistory): boolean {
  return finished?.survivors.some((survivor) => survivor.service === service) ?? false;
}

/** G8: the exit status is what the events make it. */
export const statusIsTrue: Law = ({ events, requested, finished, services }) => {
  if (finished === undefined) return [];
  const duringShutdown = ({ seq }: Moment) => requested !== undefined && seq > requested.seq;
  const isJudged = judgedBy(finished.success, events);
  const failed =
    allOf(events, 'service.failed').some(
      ({ service }) =>
        isJudged(service) &&
        (services.get(service)?.onFailure !== 'ignore' || isCollapseOf(requested, service)),
    ) || missesSuccess(finished.success, events, requested);
  const unclean = [
    ...finished.survivors.map(({ pid }) => `process ${pid} stayed`),
    ...allOf(events, 'service.killed')
      .filter(duringShutdown)
      .map(({ service }) => `"${service}" was killed`),
    ...allOf(events, 'service.cleanup')
      .filter((event) => event.error !== undefined && duringShutdown(event))
      .map(({ service, error }) => `a clean-up of "${service}": ${error}`),
    // Of a process that was asked to end no code is held against it; an error of a function has no other meaning.
    ...allOf(events, 'service.exited')
      .filter((event) => event.asked && event.outcome === 'threw' && duringShutdown(event))
      .map(({ service }) => `"${service}" threw`),
    // What belongs to no service any more is told by a sentence.
    ...allOf(events, 'run.note')
      .filter((event) => /^killing /.test(event.text) && duringShutdown(event))
      .map(({ text }) => text),
  ];
  const signal = requested?.cause.kind === 'signal' ? requested.cause.signal : undefined;
  const numbers = { SIGTERM: 143, SIGINT: 130, SIGHUP: 129 };
  const expected = failed ? 1 : unclean.length > 0 ? 3 : signal === undefined ? 0 : numbers[signal];
  if (finished.status === expected) return [];
  const why = !failed && unclean.length > 0 ? ` (${unclean.join('; ')})` : '';
  return [`G8: the status was ${finished.status}, and the events make it ${expected}${why}`];
};

type Finished = Extract<OrderlyEvent, { readonly type: 'run.finished' }>;

/** Whether the end of a service counts, by what the run says that it was judged by. */
function judgedBy(rule: Finished['success'], events: readonly OrderlyEvent[]): (service: string) => boolean {
  if (rule === undefined) return () => true;
  if (rule !== 'first' && rule !== 'last') return (service) => rule.includes(service);
  const ends = events.filter(({ type }) => type === 'service.completed' || type === 'service.failed');
  const decisive = rule === 'first' ? ends[0] : ends.at(-1);
  return (service) =>
    decisive?.type === 'service.failed' && 'service' in decisive && decisive.service === service;
}

/** One that had to succeed was never started, or fell with another. */
function missesSuccess(
  rule: Finished['success'],
  events: readonly OrderlyEvent[],
  requested: RecordHistory['requested'],
): boolean {
  if (rule === undefined || rule === 'first' || rule === 'last') return false;
  const kind = requested?.cause.kind ?? 'done';
  if (['signal', 'down', 'parent-gone', 'output-closed'].includes(kind)) return false;
  return events.some(
    (event) =>
      ((event.type === 'service.stopped' && kind !== 'done') || event.type === 'service.skipped') &&
      rule.includes(event.service),
  );
}

/** Its health or watchdog may ask for that, whatever its own `on_failure` says. */
function isCollapseOf(requested: RecordHistory['requested'], service: string): boolean {
  return requested?.cause.kind === 'collapse' && requested.cause.service === service;
}

export function nameOf({ service, attempt }: InstanceHistory): string {
  return `"${service}" (instance ${attempt})`;
}
