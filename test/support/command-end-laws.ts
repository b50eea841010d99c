/**
 * The guarantees about ends, for a graph that is commanded: order and time of a shutdown, what a stop leaves, what the status says.
 *
 * They know what was told and what was done; of the engine they know nothing.
 */
import assert from 'node:assert/strict';
import { before, instances, isGone, servicesAt, specAt } from './command-history.ts';
import { eventsOf, ROUNDING_MS } from './simulated-lives.ts';
import type { Scenario, Simulated } from './simulation.ts';

/** Until a process that is killed is gone, and what is found to be left is looked at. */
const KILL_MS = 250;

/** GU-3: in a shutdown every edge counts: whoever is asked is asked when nothing that depends on it is there. */
function shutdownInOrder(_: Scenario, seen: Simulated): void {
  const [requested] = eventsOf(seen, 'shutdown.requested');
  if (requested === undefined) return;
  const all = instances(seen);
  for (const { service, seq, reason, ms } of eventsOf(seen, 'service.stopping')) {
    if (seq < requested.seq || reason !== 'SIGTERM') continue;
    const dependents = servicesAt(seen, seq).filter((one) =>
      one.dependsOn.some((edge) => edge.service === service),
    );
    const there = dependents.flatMap(({ name }) =>
      all.filter(
        (one) => one.service === name && one.spawned.seq < seq && one.goneSeq > seq && one.goneMs > ms,
      ),
    );
    assert.deepEqual(
      there.map((one) => `${one.service}#${one.attempt}`),
      [],
      `${service} was asked at ${ms} in the shutdown`,
    );
  }
}

/** GU-5: the budget and a second for the whole; outside of a shutdown each is killed at most its grace after it was asked. */
function inTime(_: Scenario, seen: Simulated): void {
  const [requested] = eventsOf(seen, 'shutdown.requested');
  const [finished] = eventsOf(seen, 'run.finished');
  const tookMs = (finished?.ms ?? Infinity) - (requested?.ms ?? 0);
  if (requested !== undefined)
    assert.ok(tookMs <= requested.budget_ms! + 1000 + seen.lostMs, `it took ${tookMs}`);
  for (const { service, attempt, ms, seq } of eventsOf(seen, 'service.stopping')) {
    if (requested !== undefined && seq > requested.seq) continue;
    const graces = seen.graphs.flatMap(({ services }) =>
      services.flatMap((one) => (one.name === service ? [one.stop.graceMs] : [])),
    );
    const one = instances(seen).find((each) => each.service === service && each.attempt === attempt);
    const endedMs = one?.exited?.ms ?? 0;
    const limitMs = ms + Math.max(...graces) + KILL_MS + ROUNDING_MS + seen.lostMs;
    assert.ok(
      endedMs <= limitMs || ms > endedMs,
      `${service}#${attempt} ended at ${endedMs}, asked at ${ms}`,
    );
  }
}

/** GU-6: when a stop or a removal has been reached nothing of what it took down lives. */
function nothingLeft(_: Scenario, seen: Simulated): void {
  for (const { request, kind, plan } of eventsOf(seen, 'request.accepted')) {
    const settled = eventsOf(seen, 'request.settled').find((one) => one.request === request);
    if (kind !== 'stop' || settled?.outcome !== 'reached') continue;
    for (const { service } of plan) {
      const wanted = before(
        seen,
        settled.seq,
        (event) => event.type === 'service.wanted' && event.service === service,
      );
      // Somebody may have started what only went along.
      if (wanted?.type === 'service.wanted' && wanted.want === 'up') continue;
      assert.ok(isGone(seen, service, settled.seq), `${service} lives though ${request} has stopped it`);
    }
  }
}

/** GU-7: the status follows from the record: failures that no later wish has repaired, then the shutdown's own troubles. */
function statusIsTrue(_: Scenario, seen: Simulated): void {
  const requested = eventsOf(seen, 'shutdown.requested')[0]?.seq ?? Infinity;
  const standing = eventsOf(seen, 'service.failed').filter((failure) => {
    const spec = specAt(seen, failure.service, failure.seq);
    return spec?.onFailure !== 'ignore' && !isRepaired(seen, failure, spec?.type === 'task');
  });
  const unclean =
    eventsOf(seen, 'service.killed').some(({ seq }) => seq > requested) ||
    eventsOf(seen, 'service.cleanup').some(({ seq, error }) => seq > requested && error !== undefined) ||
    (eventsOf(seen, 'run.finished')[0]?.survivors.length ?? 0) > 0;
  const expected = standing.length > 0 ? 1 : unclean ? 3 : 143;
  assert.equal(seen.outcome.status, expected, `failed: ${standing.map(({ service }) => service).join(' ')}`);
}

function isRepaired(
  seen: Simulated,
  failure: { readonly service: string; readonly attempt: number; readonly seq: number },
  isTask: boolean,
): boolean {
  const { service, attempt, seq } = failure;
  // A wish that came while its instance was ending is later than the one that failed.
  const begun = [...eventsOf(seen, 'service.before'), ...eventsOf(seen, 'service.starting')].find(
    (one) => one.service === service && one.attempt === attempt,
  );
  const from = Math.min(seq, begun?.seq ?? seq);
  const wish = eventsOf(seen, 'service.wanted').find(
    (one) => one.service === service && one.seq > from && one.want === 'up' && one.spent !== true,
  );
  if (wish === undefined) return false;
  const reached = isTask ? eventsOf(seen, 'service.completed') : eventsOf(seen, 'service.ready');
  return reached.some((one) => one.service === service && one.seq > Math.max(wish.seq, seq));
}

export const END_LAWS: Readonly<Record<string, (scenario: Scenario, seen: Simulated) => void>> = {
  'GU-3 a shutdown goes by every edge': shutdownInOrder,
  'GU-5 ends have their time': inTime,
  'GU-6 nothing is left of what was stopped': nothingLeft,
  'GU-7 the status is what the record says': statusIsTrue,
};
