/**
 * Whose a process is: what makes it one of an instance, and that nothing which anybody can write about himself does.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Facts, isOf, isOfRun, type Tree } from '../../../../src/process/tree/members/membership.ts';
import {
  canHave,
  type PossibleUsers,
  possibleUsers,
} from '../../../../src/process/tree/members/possible-users.ts';
import { createRunMarks, findRunService } from '../../../../src/process/tree/members/run-marks.ts';
import {
  createSnapshot,
  findMembers,
  isNumberReused,
} from '../../../../src/process/tree/members/snapshot.ts';
import { assertProperty } from '../../../support/assert-property.ts';
import { facts, tree } from '../../../support/tree-facts.ts';

const leader = facts(10, 5, { startTicks: 0 });
const cell = { hasCell: true };
const marked = { mark: '1/db', uid: 1000 };

const ALONE: readonly (readonly [what: string, is: boolean, process: Facts, of?: Partial<Tree>])[] = [
  ['the leader', true, leader],
  [
    'another with its number, once it is reaped',
    false,
    facts(10, 1, { startTicks: 900 }),
    { running: false },
  ],
  ['a look from before it was reaped', false, leader, { running: false, known: new Map([[10, 0]]) }],
  ['one in its group', true, facts(11, 99, { group: 10, session: 10 })],
  ['one in its session', true, facts(11, 99, { session: 10 })],
  ['one in a session of that number from before', false, facts(11, 99, { session: 10, startTicks: 9 })],
  [
    'one in a session of that number after its end',
    false,
    facts(11, 9, { session: 10 }),
    { groupLost: true },
  ],
  ['one that was known', true, facts(14, 99), { known: new Map([[14, 14]]) }],
  ['another with the number of one that was known', false, facts(14, 99), { known: new Map([[14, 13]]) }],
  ['one in its cgroup', true, facts(11, 99, { cell: '1/db' }), cell],
  ['one in the cgroup of another', false, facts(11, 99, { cell: '2/db', ...marked })],
  ['one with its mark', true, facts(11, 99, marked)],
  ['one with the mark of another attempt', false, facts(11, 99, { ...marked, mark: '2/db' })],
  ['one with the mark of a command', false, facts(11, 99, { ...marked, mark: 'command' })],
  ['one with its mark, outside of its cgroup', false, facts(11, 99, marked), cell],
  [
    'one with its mark, outside of its cgroup, below us',
    true,
    facts(11, 5, { ...marked, isBelow: true }),
    cell,
  ],
  [
    'one with its mark, not below us, to whom all orphans come',
    false,
    facts(11, 99, marked),
    { adoptsAll: true },
  ],
  [
    'one with its mark, below us, to whom all orphans come',
    true,
    facts(11, 5, { ...marked, isBelow: true }),
    { adoptsAll: true },
  ],
  ['one of root with its mark, outside of its cgroup', true, facts(11, 99, { ...marked, uid: 0 }), cell],
  ['one outside of its cgroup, in its session', true, facts(11, 99, { session: 10 }), cell],
  ['one that we adopted', false, facts(11, 5)],
  ['a stranger', false, facts(11, 99)],
];

for (const [what, is, process, of] of ALONE) {
  test(`${what} is ${is ? 'of the instance' : 'a stranger'}`, () => {
    assert.equal(isOf([process], tree(of)), is);
    assert.equal(findMembers(createSnapshot([process]), tree(of)).length, is ? 1 : 0, 'in a look');
  });
}

test('who descends from one of it is too, unless he is older: then a number was given out again', () => {
  const line = [facts(30, 20), facts(20, 11), facts(11, 99, marked)];
  assert.equal(isOf(line, tree()), true);
  assert.equal(findMembers(createSnapshot(line), tree()).length, 3);
  const older = [facts(30, 20), facts(20, 11, { startTicks: 3 }), facts(11, 99, marked)];
  assert.equal(isOf(older, tree()), false);
  assert.equal(findMembers(createSnapshot(older), tree()).length, 1);
});

test('a zombie is never alive', () => {
  const processes = [facts(11, 10, { dead: true }), facts(12, 99, { ...marked, dead: true })];
  assert.deepEqual(findMembers(createSnapshot([leader, ...processes]), tree()), [leader]);
});

test('a new process with the number of the leader is seen to be another', () => {
  const reaped = tree({ running: false });
  assert.equal(isNumberReused(createSnapshot([leader]), reaped), false);
  assert.equal(isNumberReused(createSnapshot([facts(10, 1, { startTicks: 500 })]), reaped), true);
});

test('of the run are its cgroups, what we adopted, and marks where there is no cgroup or who left it', () => {
  const isOfIt = (process: Facts, hasCells: boolean, adoptsAll = false) =>
    isOfRun(process, { adopter: 5, hasCells, adoptsAll });
  assert.deepEqual(
    [facts(11, 99, { cell: 'command' }), facts(11, 5), facts(11, 99, marked), facts(11, 99)].flatMap(
      (each) => [isOfIt(each, false), isOfIt(each, true)],
    ),
    [true, true, true, true, true, false, false, false],
  );
  assert.equal(isOfIt(facts(11, 99, { ...marked, uid: 0 }), true), true);
  assert.equal(isOfIt(facts(11, 99, { ...marked, isBelow: true }), false, true), true);
  assert.equal(isOfIt(facts(11, 99, marked), false, true), false);
});

test('whose the processes of a service can be', () => {
  const root = { uid: 0, mayBecomeOthers: true };
  const cases: readonly (readonly [number | undefined, typeof root, PossibleUsers])[] = [
    [undefined, root, 'anybody'],
    [0, root, 'anybody'],
    [33, root, [33, 0]],
    [undefined, { uid: 0, mayBecomeOthers: false }, [0]],
    [undefined, { uid: 1000, mayBecomeOthers: true }, [1000, 0]],
  ];
  for (const [configured, own, users] of cases) assert.deepEqual(possibleUsers(configured, own), users);
  assert.deepEqual(
    [canHave([33, 0], 33), canHave([33, 0], 34), canHave([33, 0], undefined), canHave('anybody', undefined)],
    [true, false, false, true],
  );
});

const environ = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\0`)
    .join('');
const as = (uid: number | undefined) => () => uid;

test('a mark is known with its secrets alone: those of another run, service or user are none', () => {
  const marks = createRunMarks('4711-1-b-x');
  const db = marks.ofInstance('däb', 3, [33, 0]);
  const found = { mark: '3/däb', uid: 33 };
  assert.deepEqual(marks.find(environ({ A: 'b', ...db, Z: '' }), as(33)), found);
  assert.equal(marks.find(environ(db), as(34)), undefined, 'of a user that the service cannot have');
  assert.equal(marks.find(environ(db), as(undefined)), undefined, 'of a user that is not to be seen');
  assert.equal(createRunMarks('4711-1-b-x').find(environ(db), as(33)), undefined, 'of another run');
  const api = { ...marks.ofInstance('api', 1, 'anybody'), ORDERLY_MARK: db.ORDERLY_MARK! };
  assert.deepEqual(marks.find(environ(api), as(33)), { mark: '1/däb', uid: 33 }, 'says "api", knows "däb"');
  const { ORDERLY_MARK: _, ...withoutSecret } = db;
  assert.equal(marks.find(environ(withoutSecret), as(33)), undefined);
  assert.deepEqual(marks.find(environ(marks.ofCommand([33, 0])), as(33)), { mark: 'command', uid: 33 });
  const hook = marks.ofHook([33, 0]);
  assert.deepEqual(marks.find(environ(hook), as(33)), { mark: 'hook', uid: 33 });
  assert.equal(marks.find(environ(hook), as(34)), undefined, 'of another user');
  assert.equal(
    findRunService(environ(hook), marks.secret),
    '',
    'the next run takes it away, and knows no service',
  );
  assert.equal(findRunService(environ(db), marks.secret), 'däb');
  assert.equal(findRunService(environ(db), createRunMarks('').secret), undefined);
  assert.equal(
    findRunService(environ({ ...db, ORDERLY_MARK: '.' }), ''),
    undefined,
    'a claim without a secret',
  );
});

test('no two secrets are alike, and none is in the name of the run', () => {
  const all = Array.from(
    { length: 50 },
    () => createRunMarks('1-2-3-4').ofInstance('db', 1, [0]).ORDERLY_MARK,
  );
  assert.equal(new Set(all).size, 50);
  for (const mark of all) assert.match(mark ?? '', /^[0-9a-f]{32}\.[0-9a-f]{32}$/);
});

/** All that anybody can make true of a process of his own: where it is in the tree is not among it. */
const forged = fc.record({
  uid: fc.integer({ min: 1, max: 3 }),
  startTicks: fc.integer({ min: 11, max: 5000 }),
  group: fc.integer({ min: 2000, max: 2010 }),
  session: fc.integer({ min: 2000, max: 2010 }),
  variables: fc.record(
    {
      ORDERLY_RUN: fc.constantFrom('the-run', 'the-run+', ''),
      ORDERLY_SERVICE: fc.constantFrom('db', 'api', '', '../db'),
      ORDERLY_ATTEMPT: fc.constantFrom('1', '2', '1/db', ''),
      ORDERLY_MARK: fc.oneof(
        fc.constantFrom('', '.', 'the-run', '1/db', 'command', `${'0'.repeat(32)}.${'0'.repeat(32)}`),
        fc.string(),
        fc.constant('known'),
      ),
    },
    { requiredKeys: [] },
  ),
});
const above = fc.array(forged, { minLength: 1, maxLength: 4 });

test('a forger is never of an instance, whatever he says of himself', () => {
  assertProperty(
    fc.property(above, fc.boolean(), (line, hasCell) => {
      const marks = createRunMarks('the-run');
      // The service is of user 4, and 3 has come to know what is in its environment.
      const { ORDERLY_MARK: known = '' } = marks.ofInstance('db', 1, [4, 0]);
      const processes = line.map(({ variables, uid, ...rest }, at): Facts => {
        const said =
          variables.ORDERLY_MARK === 'known' && uid === 3 ? { ...variables, ORDERLY_MARK: known } : variables;
        const sign = marks.find(environ(said as Record<string, string>), as(uid));
        return facts(1000 - at, 999 - at, { ...rest, ...sign });
      });
      for (const adoptsAll of [false, true]) {
        assert.equal(isOf(processes, tree({ hasCell, adoptsAll })), false);
        assert.deepEqual(findMembers(createSnapshot(processes), tree({ hasCell, adoptsAll })), []);
      }
    }),
  );
});

test('with a cgroup to ask, or where all orphans come to us, not even one of the same user with all its secrets is of it from outside', () => {
  assertProperty(
    fc.property(forged, ({ startTicks, group, session }) => {
      const marks = createRunMarks('the-run');
      const sign = marks.find(environ(marks.ofInstance('db', 1, [4, 0])), as(4));
      const process = facts(1000, 99, { startTicks, group, session, ...sign });
      assert.deepEqual(sign, { mark: '1/db', uid: 4 });
      assert.equal(isOf([process], tree({ hasCell: true })), false);
      assert.equal(isOf([process], tree({ adoptsAll: true })), false);
      assert.equal(isOfRun(process, { adopter: 5, hasCells: false, adoptsAll: true }), false);
    }),
  );
});

/** Whole tables of processes: asked one by one, and in a look, the answer is the same. */
const table = fc.uniqueArray(
  fc.record({
    pid: fc.integer({ min: 10, max: 30 }),
    parent: fc.integer({ min: 4, max: 30 }),
    session: fc.integer({ min: 8, max: 12 }),
    startTicks: fc.integer({ min: 5, max: 40 }),
    cell: fc.constantFrom(undefined, undefined, '1/db', '1/api'),
    mark: fc.constantFrom(undefined, undefined, '1/db', '1/api'),
  }),
  { selector: ({ pid }) => pid, maxLength: 12 },
);

test('who asks about one and who looks at all hear the same', () => {
  assertProperty(
    fc.property(table, fc.boolean(), fc.boolean(), (rows, hasCell, running) => {
      const processes = rows.map((row) => facts(row.pid, row.parent, row));
      const byPid = new Map(processes.map((each) => [each.pid, each]));
      const of = tree({ hasCell, running, known: new Map([[17, 17]]) });
      const found = new Set(findMembers(createSnapshot(processes), of));
      for (const process of processes) {
        const line: Facts[] = [];
        for (let next: Facts | undefined = process; next !== undefined && !line.includes(next); ) {
          line.push(next);
          next = byPid.get(next.parent);
        }
        assert.equal(isOf(line, of), found.has(process), `process ${process.pid}`);
      }
    }),
  );
});
