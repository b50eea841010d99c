/**
 * A TCP listener is where only this machine can reach it, whatever somebody writes; and only names that lead nowhere
 * else are its own.
 */
import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { authorityOf, isOwnAuthority, parseLoopback } from '../../../../src/control/server/tcp/address.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

suite('the address of a TCP listener', () => {
  test('addresses of this machine alone are taken, with any port', () => {
    for (const [text, host, port] of [
      ['127.0.0.1:0', '127.0.0.1', 0],
      ['127.255.0.9:65535', '127.255.0.9', 65_535],
      ['[::1]:4710', '::1', 4710],
      ['localhost:80', '127.0.0.1', 80],
      ['LOCALHOST:80', '127.0.0.1', 80],
    ] as const)
      assert.deepEqual(parseLoopback(text), { host, port }, text);
    assert.equal(authorityOf({ host: '::1', port: 4710 }), '[::1]:4710');
  });

  test('all else is refused, with what to do instead', () => {
    for (const text of [
      '0.0.0.0:80',
      '[::]:80',
      '10.0.0.1:80',
      '128.0.0.1:80',
      'example.org:80',
      ':80',
      '*:80',
    ])
      assert.match(JSON.stringify(parseLoopback(text)), /only this machine.*ssh tunnel.*reverse proxy/, text);
    for (const text of [
      '127.1:80',
      '127.0.0.01:80',
      '0x7f.0.0.1:80',
      '127.0.0.256:80',
      'localhost.evil.org:80',
    ])
      assert.match(JSON.stringify(parseLoopback(text)), /only this machine/, text);
    for (const text of ['[127.0.0.1]:80', '[localhost]:80', '[::ffff:127.0.0.1]:80', '[::1%lo]:80'])
      assert.match(JSON.stringify(parseLoopback(text)), /only this machine/, text);
    for (const text of [
      '',
      '80',
      '127.0.0.1',
      '127.0.0.1:',
      '127.0.0.1:x',
      '127.0.0.1:65536',
      '::1:80',
      '[::1]',
    ])
      assert.match(JSON.stringify(parseLoopback(text)), /no address with a port/, text);
  });

  test('whatever is taken is a number of the loopback network: nothing is looked up', () => {
    const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('127', '0', '1', '01', '0x7f', ''));
    const host = fc.oneof(
      fc.tuple(fc.constantFrom('127', '10', '0127'), part, part, part).map((parts) => parts.join('.')),
      fc.ipV4(),
      fc.ipV6().map((address) => `[${address}]`),
      fc.domain(),
      fc.constantFrom('localhost', '[::1]', 'localhost.', ' localhost', '127.0.0.1 '),
    );
    let taken = 0;
    assertProperty(
      fc.property(host, fc.nat(70_000), (name, port) => {
        const address = parseLoopback(`${name}:${port}`);
        if ('why' in address) return;
        taken++;
        assert.ok(isIP(address.host) !== 0, address.host);
        assert.ok(loopback.check(address.host, isIP(address.host) === 6 ? 'ipv6' : 'ipv4'), address.host);
        assert.ok(isOwnAuthority(authorityOf(address), port) && port <= 65_535);
      }),
    );
    assert.ok(taken > 0);
  });

  test('a name of its own is one that leads nowhere else, with that very port', () => {
    for (const text of ['127.0.0.1:4710', '127.9.9.9:4710', 'localhost:4710', 'LocalHost:4710', '[::1]:4710'])
      assert.ok(isOwnAuthority(text, 4710), text);
    assert.ok(isOwnAuthority('localhost', 80));
    for (const text of [
      ...[
        '',
        'localhost',
        'localhost:80',
        'localhost:04710',
        'localhost:',
        'localhost.:4710',
        ' localhost:4710',
      ],
      ...['evil.example:4710', 'localhost.evil:4710', 'evil:4710@localhost:4710', 'localhost:4710:4710'],
      ...[
        '127.0.0.1.nip.io:4710',
        '0.0.0.0:4710',
        '::1:4710',
        '[127.0.0.1]:4710',
        '[::1]4710',
        '2130706433:4710',
      ],
    ])
      assert.ok(!isOwnAuthority(text, 4710), text);
  });
});
