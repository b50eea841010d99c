/**
 * The checker of records accepts what a good run tells, and refuses it once one thing in it is wrong.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../../src/config/types.ts';
import type { OrderlyEvent } from '../../../src/events/event.ts';
import { checkRecord, parseRecord } from '../../support/check-record.ts';
import { sampleEdge, sampleService } from '../../support/sample-config.ts';
import { simulate } from '../../support/simulation.ts';

const cleanup: ServiceConfig['cleanup'] = ['one', 'two'].map((script) => ({
  run: { kind: 'shell', script },
  timeoutMs: 500,
}));

/** `api` crashes once; `web` waits for both. */
const services = [
  sampleService('db', { cleanup }),
  sampleService('api', { dependsOn: [sampleEdge('db')], cleanup }),
  sampleService('web', { dependsOn: [sampleEdge('api')] }),
];

const { events: good } = await simulate({
  services,
  behave: (service, attempt) =>
    service === 'api' && attempt === 1
      ? { endsAfterMs: 100, exit: { kind: 'code', code: 3 } }
      : { endsAfterMs: 'never' },
  commands: { one: { afterMs: 20 }, two: { afterMs: 20 } },
  requests: [{ atMs: 5000, request: { kind: 'signal', signal: 'SIGTERM' } }],
});

type Change = (events: OrderlyEvent[]) => readonly OrderlyEvent[];

/** The place of an event, by type, service, and instance. */
function place(type: OrderlyEvent['type'], service?: string, attempt?: number): number {
  const at = good.findIndex(
    (event) =>
      event.type === type &&
      (service === undefined || ('service' in event && event.service === service)) &&
      (attempt === undefined || ('attempt' in event && event.attempt === attempt)),
  );
  assert.notEqual(at, -1, `no ${type} of ${service}`);
  return at;
}

/** In the same order, numbered anew, with times that don't fall: only what was changed is wrong. */
function renumbered(events: readonly OrderlyEvent[]): readonly OrderlyEvent[] {
  let ms = 0;
  return events.map((event, index) => {
    ms = Math.max(ms, event.ms);
    return { ...event, seq: index + 1, ms };
  });
}

const without =
  (at: number): Change =>
  (events) =>
    renumbered(events.toSpliced(at, 1));
const moved =
  (from: number, to: number): Change =>
  (events) => {
    const [event] = events.splice(from, 1);
    return renumbered(events.toSpliced(to, 0, event!));
  };
const changed =
  (at: number, change: Readonly<Record<string, unknown>>): Change =>
  (events) =>
    events.with(at, { ...events[at]!, ...change } as OrderlyEvent);
const twice =
  (at: number): Change =>
  (events) =>
    renumbered(events.toSpliced(at, 0, events[at]!));

function refused(what: string, change: Change, because: RegExp): void {
  test(`a record is refused ${what}`, () => {
    const troubles = checkRecord(services, change([...good]), { toldWithinMs: 0 });
    assert.ok(
      troubles.some((trouble) => because.test(trouble)),
      `${because} is not among: ${JSON.stringify(troubles, undefined, 1)}`,
    );
  });
}

test('the record of a good run is accepted, after it went through a file too', () => {
  assert.ok(good.some((event) => event.type === 'service.backoff'));
  assert.deepEqual(checkRecord(services, good, { toldWithinMs: 0 }), []);
  const text = good.map((event) => `${JSON.stringify(event)}\n`).join('');
  assert.deepEqual(checkRecord(services, parseRecord(text)), []);
});

test('a record that breaks off anywhere is accepted only as that of a run that was killed', () => {
  for (let length = 1; length < good.length; length++) {
    const cut = good.slice(0, length);
    assert.deepEqual(checkRecord(services, cut, { whole: false, toldWithinMs: 0 }), [], `after ${length}`);
    assert.notDeepEqual(checkRecord(services, cut), []);
  }
});

test('a line that was cut in the middle is left out', () => {
  assert.deepEqual(parseRecord('{"seq":1}\n{"se'), [{ seq: 1 }]);
});

refused('with a gap in seq', (events) => events.toSpliced(3, 1), /seq is 5 where it should be 4/);
refused('with ms that falls', changed(place('service.exited', 'api', 2), { ms: 1 }), /ms falls from/);
refused('without its beginning', without(0), /does not begin with run.started/);
refused('without its end', without(good.length - 1), /does not end with run.finished/);
refused('with two ends', twice(good.length - 1), /more than one run.finished/);
refused(
  'with a move that the diagram has not',
  without(place('service.backoff', 'api')),
  /"api" went from \w+ to starting/,
);
refused(
  'of a service that is not of the run',
  changed(0, { services: ['db', 'api'] }),
  /"web" is not a service/,
);
refused('that leaves a service open', without(place('service.stopped', 'db')), /"db" was still/);

refused(
  'for G1: started before its dependency was ready',
  moved(place('service.starting', 'web', 1), place('service.starting', 'api', 1)),
  /G1: "web" \(instance 1\) started though "api" was not ready/,
);
refused(
  'for G1: started after its dependency had been lost',
  (events) => {
    const exit = events.splice(place('service.exited', 'db'), 1)[0]!;
    return renumbered(events.toSpliced(place('service.starting', 'api', 2), 0, { ...exit, ms: 0 }));
  },
  /G1: "api" \(instance 2\) started though "db" was not ready/,
);
refused(
  'for G2: asked to stop before its dependent was gone',
  moved(place('service.stopped', 'web'), place('service.stopping', 'api', 2) + 1),
  /G2: "api" \(instance 2\) was asked to stop while "web" \(instance 1\) was there/,
);
refused(
  'for G2: asked to stop before the dependent of its dependent was gone',
  moved(place('service.stopped', 'web'), place('service.stopping', 'db') + 1),
  /G2: "db" \(instance 1\) was asked to stop while "web"/,
);
refused(
  'for G3: no pass',
  (events) =>
    renumbered(
      events.filter(
        (event) =>
          !(event.type.startsWith('service.clean') && 'attempt' in event && event.attempt === 1) ||
          !('service' in event && event.service === 'api'),
      ),
    ),
  /G3: "api" \(instance 1\) had 0 clean-up passes/,
);
refused('for G3: half a pass', without(place('service.cleanup', 'api', 1)), /had 1 of 2 clean-ups/);
refused('for G3: two passes', twice(place('service.cleaning', 'db')), /had 2 clean-up passes/);
refused(
  'for G3: cleaned up after before its end',
  moved(place('service.cleanup', 'db'), place('service.exited', 'db')),
  /was cleaned up after before it had ended/,
);
refused(
  'for G3: a clean-up was cut',
  changed(place('service.cleanup', 'db'), { timed_out: true, took_ms: 20 }),
  /had a clean-up cut before its timeout/,
);
refused(
  'for G4: more time than a person waits after Ctrl-C',
  changed(place('shutdown.requested'), { grace_ms: 5000 }),
  /G4: "web" \(instance 1\) was given \d+ of 5000 ms/,
);
refused('for G4: the budget', changed(good.length - 1, { ms: 999_999 }), /G4: the shutdown took/);
refused(
  'with two instances at once',
  moved(place('service.backoff', 'api'), place('service.starting', 'api', 2) + 1),
  /"api" \(instance 2\) started while instance 1 was there/,
);
refused('with an instance that ended twice', twice(place('service.exited', 'db')), /ended 2 times/);
refused('with an instance that never ended', without(place('service.exited', 'db')), /was over before/);
refused(
  'with instances that are misnumbered',
  changed(place('service.starting', 'api', 2), { attempt: 3 }),
  /"api" \(instance 3\) came after instance 1/,
);
refused(
  'that tells a wrong count of restarts',
  changed(place('service.backoff', 'api'), { restarts: { used: 2, max: 5 } }),
  /"api" \(instance 1\) was told to be started again 2 times, and it were 1/,
);
refused(
  'of a service that was started again too often',
  (events) => {
    const at = place('service.backoff', 'api');
    const again = [2, 3, 4, 5, 6].map((used) => ({ ...events[at]!, restarts: { used, max: 5 } }));
    return renumbered(events.toSpliced(at + 1, 0, ...(again as OrderlyEvent[])));
  },
  /"api" \(instance 1\) was started again 6 times, and may be 5 times/,
);
refused('for G8: the status', changed(good.length - 1, { status: 0 }), /G8: the status was 0.* 143/);
refused(
  'for G8: a kill that the status conceals',
  (events) =>
    renumbered(
      events.toSpliced(place('service.exited', 'db'), 0, {
        ...events[place('service.stopping', 'db')]!,
        type: 'service.killed',
        reason: '',
      } as OrderlyEvent),
    ),
  /G8: the status was 143.* 3/,
);

test('a record is refused for G1: started at an end that another instance followed', async () => {
  const [first, next] = [
    sampleService('first'),
    sampleService('next', { dependsOn: [sampleEdge('first', { condition: 'exited' })] }),
  ];
  const { events } = await simulate({
    services: [first, next],
    behave: (service, attempt) =>
      service === 'next'
        ? { endsAfterMs: 10 }
        : { endsAfterMs: 10, exit: { kind: 'code', code: attempt === 1 ? 3 : 0 } },
  });
  assert.deepEqual(checkRecord([first, next], events, { toldWithinMs: 0 }), []);
  const at = (type: OrderlyEvent['type'], service: string) =>
    events.findIndex((event) => event.type === type && 'service' in event && event.service === service);
  const early = events.toSpliced(at('service.starting', 'next'), 1);
  early.splice(at('service.backoff', 'first') + 1, 0, events[at('service.starting', 'next')]!);
  assert.deepEqual(
    checkRecord([first, next], renumbered(early), { toldWithinMs: 0 }).filter((text) =>
      text.startsWith('G1'),
    ),
    ['G1: "next" (instance 1) started though "first" was not exited'],
  );
});
