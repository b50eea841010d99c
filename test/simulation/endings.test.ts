/**
 * `on_end: shutdown` on simulated processes and a virtual clock: when a service has ended by itself for good, with success too, everything
 * goes down in order; and when that isn't so, nothing does.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RestartPolicy, ServiceConfig } from '../../src/config/types.ts';
import { assertLaws } from '../support/all-laws.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import { type Scenario, simulate } from '../support/simulation.ts';

const policy = (of: RestartPolicy['policy'], max = 10): Partial<ServiceConfig> => ({
  restart: { ...sampleService('any').restart, policy: of, max },
});
const service = (name: string, needs: readonly string[], more: Partial<ServiceConfig> = {}): ServiceConfig =>
  sampleService(name, { dependsOn: needs.map((need) => sampleEdge(need)), ...policy('no'), ...more });
const ending: Partial<ServiceConfig> = { onEnd: 'shutdown' };

const never: Behaviour = { endsAfterMs: 'never', obeysAfterMs: 10 };
const ends = (endsAfterMs: number, code: number): Behaviour => ({
  endsAfterMs,
  exit: { kind: 'code', code },
  obeysAfterMs: 10,
});
const term = (atMs: number): NonNullable<Scenario['requests']> => [
  { atMs, request: { kind: 'signal', signal: 'SIGTERM' } },
];

interface Case {
  readonly name: string;
  readonly services: readonly ServiceConfig[];
  readonly behave: Readonly<Record<string, Behaviour>>;
  readonly more?: Partial<Scenario>;
  /** Of the shutdown and of the run, and when it was asked for. */
  readonly told: readonly [kind: string, atMs: number, cause: string, status: number];
}

const CASES: readonly Case[] = [
  {
    name: 'a service that ends with 0 takes everything with it, with success',
    services: [service('db', []), service('web', ['db'], ending), service('api', ['db'])],
    behave: { db: never, web: ends(100, 0), api: never },
    told: ['ended', 100, '"web" has ended', 0],
  },
  {
    name: 'a task does so when it is done',
    services: [service('db', []), service('test', ['db'], { type: 'task', ...ending })],
    behave: { db: never, test: ends(300, 0) },
    told: ['ended', 300, '"test" has ended', 0],
  },
  {
    name: 'at once, before its own clean-ups are over',
    services: [
      service('db', []),
      service('web', [], {
        ...ending,
        cleanup: [{ run: { kind: 'shell', script: 'clean' }, timeoutMs: 5000 }],
      }),
    ],
    behave: { db: never, web: ends(100, 0) },
    more: { commands: { clean: { afterMs: 3000, end: { kind: 'code', code: 0 } } } },
    told: ['ended', 100, '"web" has ended', 0],
  },
  {
    name: 'its failure is one, and the cause',
    services: [service('db', []), service('web', ['db'], ending)],
    behave: { db: never, web: ends(100, 3) },
    told: ['collapse', 100, '"web" failed: exited with code 3 after 100 ms', 1],
  },
  {
    name: 'a failure that is contained to what needs it ends everything too, and is told',
    services: [service('db', []), service('web', ['db'], { ...ending, onFailure: 'isolate' })],
    behave: { db: never, web: ends(100, 3) },
    told: ['ended', 100, '"web" failed: exited with code 3 after 100 ms', 1],
  },
  {
    name: 'one that is ignored is none, and ends everything all the same',
    services: [service('db', []), service('web', ['db'], { ...ending, onFailure: 'ignore' })],
    behave: { db: never, web: ends(100, 3) },
    told: ['ended', 100, '"web" has ended', 0],
  },
  {
    name: 'as long as it is restarted it has not ended',
    services: [service('db', []), service('web', [], { ...ending, ...policy('always', 2) })],
    behave: { db: never, web: ends(1000, 0) },
    more: { requests: term(2500) },
    told: ['signal', 2500, 'SIGTERM', 143],
  },
  {
    name: 'the first end is the cause',
    services: [service('a', [], ending), service('b', [], ending)],
    behave: { a: ends(200, 0), b: ends(100, 0) },
    told: ['ended', 100, '"b" has ended', 0],
  },
  {
    name: 'what has no such wish ends alone',
    services: [service('db', []), service('web', [])],
    behave: { db: never, web: ends(100, 0) },
    more: { requests: term(5000) },
    told: ['signal', 5000, 'SIGTERM', 143],
  },
];

for (const { name, services, behave, more, told } of CASES) {
  test(`G2 G8 on_end: ${name}`, async () => {
    const scenario: Scenario = { services, behave: (of) => behave[of]!, ...more };
    const seen = await simulate(scenario);
    const [requested] = eventsOf(seen, 'shutdown.requested');
    assert.deepEqual([requested?.cause.kind, requested?.ms, seen.outcome.cause, seen.outcome.status], told);
    assertLaws(scenario, seen);
  });
}
