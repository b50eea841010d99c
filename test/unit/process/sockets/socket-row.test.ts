import assert from 'node:assert/strict';
import { endianness } from 'node:os';
import { test } from 'node:test';
import {
  concernsPort,
  isListening,
  plainAddress,
  splitSocketLine,
  toSocketRow,
} from '../../../../src/process/sockets/socket-row.ts';

const REST = '00000000:00000000 00:00000000 00000000   112        0 581198 1 00000000076796e6 100 0 0 10 0';

const lines = [
  [
    'IPv4',
    `   0: 0100007F:1538 00000000:0000 0A ${REST}                    `,
    { address: '127.0.0.1', port: 5432 },
    { address: '0.0.0.0', port: 0 },
  ],
  [
    'an accepted connection',
    `  12: 2F53A8C0:1538 0100007F:C351 01 ${REST}`,
    { address: '192.168.83.47', port: 5432 },
    { address: '127.0.0.1', port: 50_001 },
  ],
  [
    'any address of IPv6',
    `   1: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A ${REST}`,
    { address: '::', port: 80 },
    { address: '::', port: 0 },
  ],
  [
    'IPv6',
    `   1: 00000000000000000000000001000000:0050 B80D01200000000067452301EFCDAB89:0051 01 ${REST}`,
    { address: '::1', port: 80 },
    { address: '2001:db8::123:4567:89ab:cdef', port: 81 },
  ],
  [
    'IPv4 in IPv6',
    `   1: 0000000000000000FFFF00000100007F:0050 0000000000000000FFFF000000000000:0000 0A ${REST}`,
    { address: '127.0.0.1', port: 80 },
    { address: '0.0.0.0', port: 0 },
  ],
] as const;

for (const [name, line, local, remote] of lines) {
  test(`a line is read: ${name}`, { skip: endianness() !== 'LE' }, () => {
    const fields = splitSocketLine(line);
    assert.ok(fields !== undefined);
    assert.deepEqual(toSocketRow(fields), {
      local,
      remote,
      open: line.includes(' 01 '),
      uid: 112,
      inode: '581198',
    });
    assert.equal(isListening(fields), line.includes(' 0A '));
    assert.equal(concernsPort(fields, local.port), true);
    assert.equal(concernsPort(fields, remote.port), true);
    assert.equal(concernsPort(fields, 4711), false);
  });
}

test('the heading and what is no whole line are no sockets', () => {
  const heading =
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode   ';
  for (const line of [heading, '', '   0: 0100007F:1538 00000000:0000 0A'])
    assert.equal(splitSocketLine(line), undefined);
});

for (const [address, plain] of [
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:127.0.0.1', '127.0.0.1'],
  ['::ffff:0:1', '::ffff:0:1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::1', '::1'],
] as const) {
  test(`${address} is ${plain}`, () => assert.equal(plainAddress(address), plain));
}
