/**
 * The body of a request: each field of each kind, and whatever else a client may send.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { parseDown, parseRequest } from '../../../src/control/server/parse-request.ts';
import { assertProperty } from '../../support/assert-property.ts';

const SIGNALS = new Set(['SIGTERM', 'SIGHUP']);
const NONE = { id: undefined, dryRun: undefined, expect: undefined, failIfBusy: undefined };
const names = ['api'];

/** What it is as a command, or all that is wrong with it. */
function parsed(body: unknown): unknown {
  const result = parseRequest(body, SIGNALS);
  return result.ok ? JSON.parse(JSON.stringify(result.asked.command ?? 'reload')) : result.problems;
}

/** As it comes over the socket. */
function sent(text: string): unknown {
  return parsed(JSON.parse(text));
}

suite('the body of a request', () => {
  test('every field of every kind reaches its command', () => {
    const cases: readonly (readonly [object, unknown])[] = [
      [
        { kind: 'start', names, no_deps: true },
        { kind: 'start', names, noDeps: true },
      ],
      [
        { kind: 'stop', names, no_deps: false, grace_ms: 0 },
        { kind: 'stop', names, noDeps: false, graceMs: 0 },
      ],
      [
        {
          ...{ kind: 'restart', names, no_deps: true, with_dependents: true, if_up: true },
          ...{ parallel: 2, settle_ms: 0.5 },
        },
        {
          ...{ kind: 'restart', names, noDeps: true, withDependents: true, ifUp: true },
          ...{ parallel: 2, settleMs: 0.5 },
        },
      ],
      [
        { kind: 'signal', names, signal: 'SIGHUP', whom: 'tree' },
        { kind: 'signal', names, signal: 'SIGHUP', whom: 'tree' },
      ],
      [
        { kind: 'wait', names, until: 'healthy', any: true },
        { kind: 'wait', names, until: 'healthy', any: true },
      ],
      [
        { kind: 'scale', names, replicas: 0 },
        { kind: 'scale', names, replicas: 0 },
      ],
      [{ kind: 'reload' }, 'reload'],
    ];
    for (const [body, command] of cases) assert.deepEqual(parsed(body), command);
  });

  test('what may stand in every body becomes its options', () => {
    const body = { kind: 'reload', id: 'x', dry_run: true, expect: 7, fail_if_busy: true, no_rollback: true };
    assert.deepEqual(parseRequest(body, SIGNALS), {
      ok: true,
      asked: {
        command: undefined,
        options: { id: 'x', dryRun: true, expect: 7, failIfBusy: true },
        noRollback: true,
      },
    });
    const bare = parseRequest({ kind: 'reload' }, SIGNALS);
    assert.deepEqual(bare.ok && bare.asked, { command: undefined, options: NONE, noRollback: false });
  });

  test('what is of the wrong type is named with what it must be', () => {
    const of = (more: object): unknown => parsed({ kind: 'restart', names, ...more });
    const boolean = (key: string) => `"${key}" must be true or false`;
    for (const key of ['no_deps', 'with_dependents', 'if_up', 'dry_run', 'fail_if_busy'])
      for (const value of [0, 'true', null, [], {}]) assert.deepEqual(of({ [key]: value }), [boolean(key)]);
    for (const value of [-1, '5', null, true, [], {}])
      assert.deepEqual(of({ settle_ms: value }), ['"settle_ms" must be a number of milliseconds, from 0 on']);
    for (const value of [0, -1, 1.5, '2', null, 1e300])
      assert.deepEqual(of({ parallel: value }), ['"parallel" must be a whole number, from 1 on']);
    for (const value of [-1, 1.5, '2', null, 2 ** 53])
      assert.deepEqual(of({ expect: value }), ['"expect" must be a whole number, from 0 on']);
    for (const value of ['', 'x'.repeat(201), 1, null, ['x']])
      assert.deepEqual(of({ id: value }), ['"id" must be a text of 1 to 200 characters']);
    assert.deepEqual(of({ names: [] }), ['"names" must say which services']);
    for (const value of ['api', null, [1], [''], [['api']], { 0: 'api' }, ['x'.repeat(201)]])
      assert.deepEqual(of({ names: value }), [
        '"names" must be a list of at most 1000 texts of 1 to 200 characters',
      ]);
    assert.deepEqual(parsed({ kind: 'signal', names, signal: 'SIGHUP', whom: 'all' }), [
      '"whom" must be one of main, group, tree',
    ]);
    for (const value of ['up', 1, null, ['ready']])
      assert.deepEqual(parsed({ kind: 'wait', names, until: value }), [
        '"until" must be one of ready, completed, stopped, healthy',
      ]);
    for (const value of [-1, 0.5, '3', null])
      assert.deepEqual(parsed({ kind: 'scale', names, replicas: value }), [
        '"replicas" must be a whole number, from 0 on',
      ]);
  });

  test('a number without an end is none', () => {
    const [grace, settle] = [
      sent('{"kind":"stop","names":["a"],"grace_ms":1e999}'),
      sent('{"kind":"restart","names":["a"],"settle_ms":-1e999}'),
    ];
    assert.deepEqual(grace, ['"grace_ms" must be a number of milliseconds, from 0 on']);
    assert.deepEqual(settle, ['"settle_ms" must be a number of milliseconds, from 0 on']);
  });

  test('what is missing is named, all of it', () => {
    const chosen = '"names" is missing, or "labels"';
    for (const kind of ['start', 'stop', 'restart']) assert.deepEqual(parsed({ kind }), [chosen]);
    assert.deepEqual(parsed({ kind: 'signal' }), [chosen, '"signal" is missing']);
    assert.deepEqual(parsed({ kind: 'wait' }), [chosen, '"until" is missing']);
    assert.deepEqual(parsed({ kind: 'scale' }), ['"names" is missing', '"replicas" is missing']);
  });

  test('labels stand beside names, or in their place', () => {
    const labels = ['team=web', 'tier'];
    assert.deepEqual(parsed({ kind: 'stop', labels }), { kind: 'stop', names: [], labels });
    assert.deepEqual(parsed({ kind: 'start', names, labels }), { kind: 'start', names, labels });
    assert.deepEqual(parsed({ kind: 'restart', names, labels: [] }), ['"labels" must say which services']);
    assert.deepEqual(parsed({ kind: 'scale', names, labels, replicas: 1 }), [
      '"labels" means nothing for scale',
    ]);
  });

  test('a field of another kind, and one of none, means nothing', () => {
    assert.deepEqual(parsed({ kind: 'start', names, grace_ms: 5 }), ['"grace_ms" means nothing for start']);
    assert.deepEqual(parsed({ kind: 'reload', names }), ['"names" means nothing for reload']);
    assert.deepEqual(parsed({ kind: 'stop', names, noDeps: true }), ['"noDeps" means nothing for stop']);
    assert.deepEqual(parsed({ kind: 'start', names, 'a"b\n': 1 }), ['"a\\"b\\n" means nothing for start']);
  });

  test('keys of every object are keys like others, and no kinds', () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const text = JSON.stringify(key);
      assert.deepEqual(sent(`{"kind":"start","names":["a"],${text}:{"dry_run":true}}`), [
        `${text} means nothing for start`,
      ]);
      assert.deepEqual(sent(`{"kind":${text},"names":["a"]}`), [
        '"kind" must be one of start, stop, restart, signal, wait, scale, reload',
      ]);
    }
    assert.deepEqual(sent('{"__proto__":{"kind":"start","names":["a"]}}'), [
      '"kind" must be one of start, stop, restart, signal, wait, scale, reload',
    ]);
    assert.equal(Object.hasOwn(Object.prototype, 'dry_run'), false);
  });

  test('a signal that this system has not is none', () => {
    assert.deepEqual(parsed({ kind: 'signal', names, signal: 'SIGNOPE' }), ['there is no signal "SIGNOPE"']);
    assert.deepEqual(parsed({ kind: 'signal', names, signal: 'toString' }), [
      'there is no signal "toString"',
    ]);
  });

  test('a body is an object', () => {
    for (const body of [undefined, null, 1, 'start', true, [], [{ kind: 'start', names }]]) {
      assert.deepEqual(parsed(body), ['the body must be a JSON object']);
      assert.equal(parseDown(body).ok, body === undefined);
    }
  });

  test('whatever JSON comes is a command or has its problems, never an exception', () => {
    const kinds = ['start', 'stop', 'restart', 'signal', 'wait', 'scale', 'reload'];
    const keys = ['names', 'labels', 'no_deps', 'grace_ms', 'signal', 'until', 'replicas', 'id', '__proto__'];
    const bodies = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(
          fc.constantFrom(...kinds),
          fc.array(fc.tuple(fc.constantFrom(...keys), fc.jsonValue()), { maxLength: 5 }),
        )
        .map(([kind, entries]) => Object.fromEntries([['kind', kind], ...entries])),
    );
    assertProperty(
      fc.property(bodies, (body) => {
        const result = parseRequest(body, SIGNALS);
        if (!result.ok) return assert.ok(result.problems.length > 0);
        const { command } = result.asked;
        if (command === undefined) return;
        const labels = 'labels' in command ? (command.labels ?? []) : [];
        assert.ok(command.names.length + labels.length > 0 && kinds.includes(command.kind));
      }),
    );
  });
});

suite('what asks for the end', () => {
  test('nothing but what it knows ends a run', () => {
    assert.deepEqual(parseDown({}), { ok: true, asked: { now: false, budgetMs: undefined } });
    assert.deepEqual(parseDown({ now: true, budget_ms: 5 }), {
      ok: true,
      asked: { now: true, budgetMs: 5 },
    });
    for (const [text, problem] of [
      ['{"nwo":true}', '"nwo" means nothing for down'],
      ['{"now":1}', '"now" must be true or false'],
      ['{"budget_ms":-1}', '"budget_ms" must be a number of milliseconds, from 0 on'],
      ['{"budget_ms":1e999}', '"budget_ms" must be a number of milliseconds, from 0 on'],
      ['{"__proto__":{"now":true}}', '"__proto__" means nothing for down'],
    ] as const)
      assert.deepEqual(parseDown(JSON.parse(text)), { ok: false, problems: [problem] });
  });
});
