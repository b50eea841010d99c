/**
 * What the tests of conditions share: virtual time that must leave nothing open, and conditions with defaults.
 */
import assert from 'node:assert/strict';
import { now, openTasks, taskGroup, VirtualClock, withClock } from '../../../src/concurrency/index.ts';
import { createReadinessProbe } from '../../../src/conditions/create-readiness-probe.ts';
import type { ProbeContext, ReadinessProbe, Reading } from '../../../src/conditions/probe/probe.ts';
import type { Condition, ConditionKind, ConditionTiming, Template } from '../../../src/config/types.ts';
import { createFakePorts, type FakePorts } from '../../support/fake-ports.ts';

/** Runs `body` at virtual time 0; afterwards no task, wait or timer may be left. */
export async function inVirtualTime<T>(body: () => Promise<T>): Promise<T> {
  const clock = new VirtualClock();
  const result = await withClock(clock, body);
  assert.deepEqual(openTasks(), []);
  assert.equal(clock.pendingTimers, 0);
  return result;
}

/** The defaults of the configuration. */
export function condition(kind: ConditionKind, timing: Partial<ConditionTiming> = {}): Condition {
  return { withinMs: 60_000, timeoutMs: 1_000, intervalMs: undefined, successes: 1, ...kind, ...timing };
}

/** Fills in references as "<service.value>". */
export function fill(template: Template): string {
  if (typeof template === 'string') return template;
  return template
    .map((part) => (typeof part === 'string' ? part : `<${part.service}.${part.value}>`))
    .join('');
}

export function contextOf(ports: FakePorts, more: Partial<ProbeContext> = {}): ProbeContext {
  return {
    service: 'db',
    ports,
    ownerOf: ports.network.ownerOf,
    fill,
    cwd: '/srv/db',
    env: { PATH: '/bin' },
    ...more,
  };
}

export interface Trial {
  readonly reading: Reading;
  readonly atMs: number;
  readonly ports: FakePorts;
}

/**
 * One condition from launch to reading: `scene` sets the stage before the probe is made, `meanwhile` runs beside
 * its `wait`.
 */
export function probe(
  tested: Condition,
  scene: (ports: FakePorts) => void = () => undefined,
  meanwhile: (probe: ReadinessProbe) => Promise<void> = async () => undefined,
): Promise<Trial> {
  return inVirtualTime(async () => {
    const ports = createFakePorts();
    scene(ports);
    const probe = createReadinessProbe(tested, contextOf(ports));
    const trial = await taskGroup(async (group) => {
      group.startSoon(() => meanwhile(probe));
      const reading = await probe.wait();
      const atMs = now();
      group.cancel();
      return { reading, atMs, ports };
    });
    assert.equal(ports.network.underWay, 0, 'no attempt outlives its probe');
    assert.equal(ports.commands.alive, 0, 'no command outlives its probe');
    assert.equal(probe.wantsOutput, false, 'what is over wants no output');
    return trial as Trial;
  });
}

export const held = (evidence: string, values: Readonly<Record<string, string>> = {}): Reading => ({
  kind: 'held',
  evidence,
  values,
});

export const failed = (why: string): Reading => ({ kind: 'failed', why });
