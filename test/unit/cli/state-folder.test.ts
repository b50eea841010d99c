import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statePlace } from '../../../src/cli/state-folder.ts';

const folderOf = (env: Record<string, string>, project = 'file:/srv/shop/supervisor.yaml') =>
  statePlace({ env }, project)?.folder.replace(/[0-9a-f]{8}$/, 'KEY');

test('it is where the XDG base directory specification says, and relative paths count for nothing', () => {
  assert.equal(folderOf({ XDG_STATE_HOME: '/state', HOME: '/home/me' }), '/state/orderly/shop-KEY');
  for (const state of [{}, { XDG_STATE_HOME: '' }, { XDG_STATE_HOME: 'state' }])
    assert.equal(folderOf({ ...state, HOME: '/home/me' }), '/home/me/.local/state/orderly/shop-KEY');
  for (const home of [{}, { HOME: '' }, { HOME: 'me' }]) assert.equal(folderOf(home), undefined);
});

test('it is made below a home that is there, or beside a folder that was named', () => {
  const below = (env: Record<string, string>) => statePlace({ env }, 'name:a')?.below;
  assert.deepEqual(below({ HOME: '/home/me' }), { folder: '/home/me', isHome: true });
  assert.deepEqual(below({ XDG_STATE_HOME: '/var/lib/me' }), { folder: '/var/lib', isHome: false });
});

test('each project has one of its own, whose name tells which it is', () => {
  const env = { XDG_STATE_HOME: '/s' };
  assert.equal(folderOf(env, 'name:the shop/1'), '/s/orderly/the_shop_1-KEY');
  assert.equal(folderOf(env, 'all:/srv/shop'), '/s/orderly/shop-KEY');
  assert.equal(folderOf(env, 'all:/srv/shop#2'), '/s/orderly/shop_2-KEY');
  assert.equal(folderOf(env, 'file:/supervisor.yaml'), '/s/orderly/project-KEY');
  const projects = ['file:/srv/shop/a.yaml', 'file:/srv/shop/b.yaml', 'name:shop', 'all:/srv/shop'];
  assert.equal(new Set(projects.map((project) => statePlace({ env }, project)?.folder)).size, 4);
});
