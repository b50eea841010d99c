import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountPointOf, mountPoints } from '../../../../src/process/files/mounts.ts';

const mountinfo = `22 1 8:1 / / rw - ext4 /dev/sda1 rw
31 22 0:28 / /mnt/data rw - nfs4 server:/data rw
32 22 0:29 / /mnt/data/deep rw - tmpfs none rw
33 22 0:30 / /mnt/a\\040b rw - fuse x rw
`;

test('a dead file system is asked once, by the mount point that a path leads into', () => {
  const points = mountPoints(mountinfo);
  const of = (path: string) => mountPointOf(points, path);
  assert.deepEqual(['/', '/etc/x', '/mnt/database', '/mnt'].map(of), ['/', '/', '/', '/']);
  assert.deepEqual(['/mnt/data', '/mnt/data/x/y', '/mnt/data/deep/x'].map(of), [
    '/mnt/data',
    '/mnt/data',
    '/mnt/data/deep',
  ]);
  assert.equal(of('/mnt/a b/c'), '/mnt/a b');
  assert.equal(mountPointOf(mountPoints(''), '/anywhere'), '/');
});
