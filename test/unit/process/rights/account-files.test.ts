import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findGroupNumber,
  findUserEntry,
  groupsWithMember,
} from '../../../../src/process/rights/decide-identity.ts';

const passwd = `root:x:0:0:root:/root:/bin/bash
app:x:1000:1000:App,,,:/srv/app:/bin/sh
# a comment
broken:x:
+::::::
1234:x:77:77::/:/bin/sh
`;
const groups = `root:x:0:
adm:x:4:syslog,app
app:x:1000:
web:x:33:app
webmaster:x:34:apple
`;

test('a user is found by name and by number, with home and shell', () => {
  const app = { name: 'app', uid: 1000, gid: 1000, home: '/srv/app', shell: '/bin/sh' };
  assert.deepEqual(findUserEntry(passwd, 'app'), app);
  assert.deepEqual(findUserEntry(passwd, '1000'), app);
});

test('digits are a number, also where a name consists of digits', () => {
  assert.equal(findUserEntry(passwd, '1234'), undefined);
  assert.equal(findUserEntry(passwd, '77')?.name, '1234');
});

test('what is not there, or is broken, is not found', () => {
  for (const name of ['nobody', 'broken', '+', '# a comment', '', '9']) {
    assert.equal(findUserEntry(passwd, name), undefined, name);
  }
  assert.equal(findUserEntry('', 'root'), undefined);
});

test('a group is found by name and by number', () => {
  assert.equal(findGroupNumber(groups, 'web'), 33);
  assert.equal(findGroupNumber(groups, '33'), 33);
  assert.equal(findGroupNumber(groups, 'none'), undefined);
});

test('the groups of a user are those that name it, whole', () => {
  assert.deepEqual(groupsWithMember(groups, 'app'), [4, 33]);
  assert.deepEqual(groupsWithMember(groups, 'root'), []);
});
