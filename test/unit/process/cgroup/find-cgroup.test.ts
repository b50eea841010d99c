import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cgroupPath, findCgroup } from '../../../../src/process/cgroup/find-cgroup.ts';

const mount = (root: string, at: string, type = 'cgroup2') =>
  `36 25 0:31 ${root} ${at} rw,nosuid shared:9 - ${type} cgroup rw`;
const others = [mount('/', '/sys/fs/cgroup/cpu', 'cgroup'), '25 1 0:5 / / rw - ext4 /dev/sda rw'];

const CASES = [
  {
    name: 'alone at its usual place',
    mounts: [mount('/', '/sys/fs/cgroup')],
    cgroup: '0::/user.slice/app.scope\n',
    folder: '/sys/fs/cgroup/user.slice/app.scope',
  },
  {
    name: 'beside version 1',
    mounts: [...others, mount('/', '/sys/fs/cgroup/unified')],
    cgroup: '9:name=systemd:/a\n1:cpu:/b\n0::/c\n',
    folder: '/sys/fs/cgroup/unified/c',
  },
  {
    name: 'when we are at the root of it',
    mounts: [mount('/', '/sys/fs/cgroup')],
    cgroup: '0::/\n',
    folder: '/sys/fs/cgroup',
  },
  {
    name: 'when a part of the hierarchy is mounted',
    mounts: [mount('/docker/12ab', '/sys/fs/cgroup')],
    cgroup: '0::/docker/12ab/inner\n',
    folder: '/sys/fs/cgroup/inner',
  },
  {
    name: 'when the part that is mounted is ours',
    mounts: [mount('/docker/12ab', '/sys/fs/cgroup')],
    cgroup: '0::/docker/12ab\n',
    folder: '/sys/fs/cgroup',
  },
  {
    name: 'under a folder with a space',
    mounts: [mount('/', '/mnt/my\\040groups')],
    cgroup: '0::/a\n',
    folder: '/mnt/my groups/a',
  },
  {
    name: 'not when we are outside of what is mounted',
    mounts: [mount('/docker/12ab', '/sys/fs/cgroup')],
    cgroup: '0::/docker/12abc\n',
    folder: undefined,
  },
  {
    name: 'not when we are above what our namespace shows',
    mounts: [mount('/', '/sys/fs/cgroup')],
    cgroup: '0::/../outside\n',
    folder: undefined,
  },
  { name: 'not where there is version 1 only', mounts: others, cgroup: '1:cpu:/b\n', folder: undefined },
  { name: 'not where it is not mounted', mounts: others, cgroup: '0::/b\n', folder: undefined },
] as const;

for (const { name, mounts, cgroup, folder } of CASES) {
  test(`our cgroup is found ${name}`, () => {
    assert.equal(findCgroup(mounts.join('\n'), cgroup)?.folder, folder);
  });
}

test('the path in version 2 is told from those in version 1', () => {
  assert.equal(cgroupPath('1:cpu:/x\n0::/y/z\n'), '/y/z');
  assert.equal(cgroupPath('0::/'), '/');
  assert.equal(cgroupPath('10::/x\n'), undefined);
  assert.equal(cgroupPath(''), undefined);
});
