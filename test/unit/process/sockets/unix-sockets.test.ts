import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenersAt, parseUnixSockets } from '../../../../src/process/sockets/unix-sockets.ts';

const TABLE = `Num       RefCount Protocol Flags    Type St Inode Path
00000000d8a04205: 00000003 00000000 00000000 0001 03 707985
00000000c5b67e65: 00000002 00000000 00010000 0001 01 709496 /run/db.sock
00000000c5b67e66: 00000003 00000000 00000000 0001 03 709497 /run/db.sock
000000004267fc55: 00000002 00000000 00010000 0001 01     51 ./my run/s.sock
000000004267fc56: 00000002 00000000 00010000 0001 01     52 @abstract
000000004267fc57: 00000002 00000000 00000000 0002 01     53 /dev/log
`;

const sockets = parseUnixSockets(TABLE);
const inodesAt = (path: string) => listenersAt(sockets, path).map(({ inode }) => inode);

test('sockets with a name, and which of them listen', () => {
  assert.deepEqual(
    sockets.map(({ inode, isListening, path }) => [inode, isListening, path]),
    [
      ['709496', true, '/run/db.sock'],
      ['709497', false, '/run/db.sock'],
      ['51', true, './my run/s.sock'],
      ['52', true, '@abstract'],
      ['53', false, '/dev/log'],
    ],
  );
});

test('the one at a path is named so, or by the end of it', () => {
  assert.deepEqual(inodesAt('/run/db.sock'), ['709496']);
  assert.deepEqual(inodesAt('/srv/my run/s.sock'), ['51']);
  assert.deepEqual(inodesAt('/srv/run/s.sock'), []);
  assert.deepEqual(inodesAt('/dev/log'), []);
});
