/** What an agent is told: short, safe to read, and with the call that helps next. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  tellLogs,
  tellOpen,
  tellPlan,
  tellSettled,
  tellStatus,
  tellWhy,
} from '../../../../src/cli/client/agent/tell.ts';
import { type Told, toolResult } from '../../../../src/cli/client/agent/tool-result.ts';
import type {
  AcceptedAnswer,
  LogAnswer,
  ServiceAnswer,
  SettledAnswer,
} from '../../../../src/control/protocol.ts';
import { serviceAnswer } from '../../../support/service-answer.ts';

function status(...services: readonly ServiceAnswer[]): Told {
  return tellStatus({ run: 'r', now_ms: 1000, seq: 1, services });
}

const link = (text: string) => ({ text, kind: 'state' as const, ms: 0, seq: 1 });

function calls({ next = [] }: Told): readonly string[] {
  return next.map((one) => `${one.tool} ${JSON.stringify(one.arguments)}`);
}

test('after a status the worst is asked about first, and not too much of it', () => {
  const told = status(
    serviceAnswer('a', { state: 'skipped' }),
    serviceAnswer('b', { state: 'ready', unhealthy: 'refused' }),
    serviceAnswer('c', { state: 'backoff' }),
    serviceAnswer('d', { state: 'failed' }),
    serviceAnswer('e', { state: 'pending' }),
  );
  assert.deepEqual(calls(told), ['why {"service":"d"}', 'why {"service":"c"}', 'why {"service":"b"}']);
});

test('what is on its way is waited for; where all is well nothing is to do', () => {
  const stopped = serviceAnswer('x', {
    state: 'stopped',
    wanted: { want: 'down', wish: 2, open: true, by: 'person', since_ms: 0 },
  });
  assert.deepEqual(
    calls(
      status(serviceAnswer('a', { state: 'starting' }), serviceAnswer('b', { state: 'pending' }), stopped),
    ),
    ['wait {"services":["a","b"]}'],
  );
  assert.deepEqual(
    calls(
      status(serviceAnswer('a', { state: 'ready' }), serviceAnswer('b', { state: 'completed' }), stopped),
    ),
    [],
  );
  assert.deepEqual(status().lines, ['there are no services']);
});

test('what a terminal would be told to do is a call where there is a tool for it', () => {
  const told = tellWhy({
    ...{ run: 'r', service: 'a', generation: 1, at_seq: 1, text: '' },
    wanted: { want: 'up', wish: 1, open: true, by: 'start', since_ms: 0 },
    state: serviceAnswer('a', { state: 'stopping' }),
    chain: [link('a is stopping'), link('its cause')],
    next: { text: 'it is killed' },
    commands: [
      { argv: ['orderly', 'signal', 'a', 'KILL'], why: 'ends the waiting' },
      { argv: ['orderly', 'logs', 'a'], why: 'shows what it wrote' },
    ],
  });
  assert.deepEqual(told.lines, [
    'a is stopping',
    '  its cause',
    'then: it is killed',
    'in a terminal: orderly signal a KILL (ends the waiting)',
  ]);
  assert.deepEqual(calls(told), ['logs {"services":["a"]}']);
});

test('of what services wrote nothing moves a cursor, and no line is endless', () => {
  const line = (text: string): LogAnswer => ({
    ...{ service: 'a', attempt: 1, stream: 'stdout', time: '', ms: 0, text },
  });
  const { lines } = tellLogs(
    [line('\u001b[31mred\u001b[0m\u0007'), line('x'.repeat(9000)), { dropped: 3 }],
    ['a'],
  );
  assert.equal(lines[0], 'red\\x07');
  assert.deepEqual(tellLogs([line('one')], ['*']).lines, ['a | one']);
  assert.equal(lines[1]?.length, 2000);
  assert.equal(lines[2], '(3 lines are missing here)');
  assert.deepEqual(tellLogs([line('one')], []).lines, ['a | one']);
  assert.deepEqual(calls(tellLogs([], [])), ['status {}']);
});

const accepted: AcceptedAnswer = {
  ...{ run: 'r', request: 'r1', kind: 'accepted', seq: 1, worst_ms: 0, replaces: [] },
  plan: [{ service: 'a', change: 'start', isNamed: true }],
};

test('a plan is followed by what does it; where nothing is to do, by nothing', () => {
  assert.deepEqual(calls(tellPlan(accepted, 'start', { services: ['a'] })), ['start {"services":["a"]}']);
  assert.deepEqual(calls(tellPlan({ ...accepted, plan: [] }, 'start', {})), []);
});

test('RQ-9 failed and replaced are errors; reached is none, though something was killed', () => {
  const settled = (outcome: string, state: SettledAnswer['status'], why?: string): Told =>
    tellSettled(
      'start',
      {
        ...{ run: 'r', request: 'r1', kind: 'settled', outcome, status: state },
        services: [{ service: 'a', outcome, ...(why !== undefined && { why }) }],
      },
      accepted.plan,
    );
  const failed = settled('failed', 1, 'exit 3');
  assert.deepEqual([failed.isError, failed.lines], [true, ['a: failed: exit 3']]);
  assert.deepEqual(calls(failed), ['why {"service":"a"}']);
  assert.deepEqual(calls(settled('replaced', 1)), ['status {}']);
  assert.deepEqual([settled('reached', 3).isError, settled('reached', 0).isError], [false, false]);
  assert.deepEqual(calls(settled('reached', 0)), []);
});

test('what is still open can be waited for', () => {
  const open = (kind: 'start' | 'stop' | 'reload' | 'wait', given: object): readonly string[] =>
    calls(tellOpen(kind, accepted, { ...given }, 'it is late'));
  assert.deepEqual(open('start', { services: ['a'], no_deps: true }), ['wait {"services":["a"]}']);
  assert.deepEqual(open('start', { services: ['*'], labels: ['x'] }), [
    'wait {"services":["*"],"labels":["x"]}',
  ]);
  assert.deepEqual(open('stop', { services: ['a'] }), ['wait {"services":["a"],"for":"stopped"}']);
  assert.deepEqual(open('reload', {}), ['status {}']);
  assert.deepEqual(open('wait', { services: ['a'], for: 'healthy' }), [
    'wait {"services":["a"],"for":"healthy"}',
  ]);
});

test('a result has the text, the same as data, and the calls in both', () => {
  const next = [{ tool: 'why', arguments: { service: 'a' }, why: 'a\nb' }] as const;
  assert.deepEqual(toolResult({ lines: ['one', 'two\u0007'], data: { x: 1 }, next, isError: true }), {
    content: [{ type: 'text', text: 'one\ntwo\\x07\nnext: why {"service":"a"} (a\\nb)' }],
    structuredContent: { x: 1, next_calls: next },
    isError: true,
  });
  assert.deepEqual(toolResult({ lines: ['one'] }).structuredContent, { text: 'one', next_calls: [] });
});
