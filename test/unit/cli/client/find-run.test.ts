/**
 * Which run a command is for.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AskError } from '../../../../src/cli/client/ask-run.ts';
import { type ClientOptions, findTarget, requireRun } from '../../../../src/cli/client/find-run.ts';
import { UsageError } from '../../../../src/cli/world.ts';
import { type FakeOutside, fakeClient, RUN } from '../../../support/fake-client.ts';

const named = { ...RUN, project: 'name:shop', pid: 8 };

function pidOf(options: ClientOptions, outside: FakeOutside = {}): number | undefined {
  return findTarget(fakeClient({ runs: [RUN, named], ...outside }).world, options).run?.pid;
}

suite('which run is asked', () => {
  test('that of the nearest file, of the one that is named, or of the name that was given', () => {
    assert.equal(pidOf({}), 7);
    assert.equal(pidOf({}, { cwd: '/shop/src/deep' }), 7);
    assert.equal(pidOf({ file: ['../shop/supervisor.yaml'] }), 7);
    assert.equal(pidOf({ project: 'shop' }), 8);
    assert.equal(pidOf({ project: 'shop', file: ['/nowhere.yaml'] }), 8);
  });

  test('of several files the first one counts, as for the run', () => {
    const files = { '/shop/supervisor.yaml': '', '/shop/more.yaml': '' };
    assert.equal(pidOf({ file: ['supervisor.yaml', 'more.yaml'] }, { files }), 7);
    assert.equal(pidOf({ file: ['more.yaml', 'supervisor.yaml'] }, { files }), undefined);
  });

  test('that of a file that is not there any more is still found', () => {
    assert.equal(pidOf({}, { files: {} }), 7);
    assert.equal(pidOf({}, { files: {}, cwd: '/shop/src' }), 7);
    assert.equal(pidOf({ file: ['supervisor.yaml'] }, { files: {} }), 7);
  });

  test('where there is neither a file nor a run it is told which file is missing', () => {
    const { world } = fakeClient({ files: {}, runs: [] });
    assert.throws(() => findTarget(world, {}), /Cannot find a configuration/);
    assert.throws(
      () => findTarget(world, { file: ['x.yaml'] }),
      /Cannot read the configuration "\/shop\/x\.yaml"/,
    );
  });

  test('one of "orderly all" where its folder is nearer, or where the file there does not run', () => {
    const ofAll = { ...RUN, project: 'all:/shop/web', pid: 9 };
    const runs = [RUN, ofAll];
    assert.equal(pidOf({}, { runs, cwd: '/shop/web' }), 9);
    assert.equal(pidOf({}, { runs, cwd: '/shop/web/src' }), 9);
    assert.equal(pidOf({}, { runs, cwd: '/shop/webs' }), 7);
    assert.equal(pidOf({}, { runs }), 7);
    assert.equal(pidOf({}, { runs, files: {}, cwd: '/shop/web' }), 9);
    assert.equal(pidOf({ file: ['/shop/supervisor.yaml'] }, { runs, cwd: '/shop/web' }), 7);
    const here = { ...ofAll, project: 'all:/shop#2' };
    assert.equal(pidOf({}, { runs: [RUN, here] }), 7);
    assert.equal(pidOf({}, { runs: [here] }), 9);
  });

  test('of several of "orderly all" in a folder none is taken', () => {
    const runs = ['all:/shop', 'all:/shop#3'].map((project, index) => ({ ...RUN, project, pid: index + 1 }));
    const { world } = fakeClient({ runs });
    assert.throws(
      () => findTarget(world, {}),
      (error) =>
        error instanceof UsageError &&
        error.message ===
          'There are 2 runs of "orderly all" in "/shop" (pid 1, pid 2): start each with --project NAME, and ask by that name',
    );
  });

  test('where it can not be told whether it runs, nothing is taken for granted', () => {
    const { world } = fakeClient();
    const blind = {
      ...world,
      findRun: () => {
        throw new Error('EACCES: permission denied');
      },
    };
    assert.throws(
      () => findTarget(blind, {}),
      (error) =>
        error instanceof AskError &&
        error.status === 1 &&
        error.message === 'Cannot tell whether it runs: EACCES: permission denied',
    );
  });

  test('RQ-16 what needs a run names the project, and how to start it', () => {
    const { world } = fakeClient({ runs: [] });
    assert.equal(findTarget(world, {}).run, undefined);
    assert.throws(
      () => requireRun(world, {}, 'restart'),
      (error) =>
        error instanceof UsageError &&
        error.message === 'Cannot restart: "/shop/supervisor.yaml" doesn\'t run; start it with "orderly up"',
    );
  });
});
