import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AskedRights } from '../../../../src/process/rights/asked-rights.ts';
import type { FoundAccounts } from '../../../../src/process/rights/decide-identity.ts';
import { decideRights, type Machine } from '../../../../src/process/rights/decide-rights.ts';
import type { OwnRights } from '../../../../src/process/rights/own-rights.ts';
import type { RightsTools } from '../../../../src/process/rights/rights-tools.ts';

const root: OwnRights = {
  uid: 0,
  gid: 0,
  mayChangeUser: true,
  mayRaiseLimits: true,
  maySignalOthers: true,
  maySeeOthers: true,
  niceness: 0,
  lowestNiceness: -20,
  limits: { nofile: { soft: 20_000, hard: 20_000 }, core: { soft: 0, hard: Number.POSITIVE_INFINITY } },
  mostFiles: 1_048_576,
};
const person: OwnRights = {
  ...root,
  uid: 1000,
  gid: 1000,
  mayChangeUser: false,
  mayRaiseLimits: false,
  maySignalOthers: false,
  maySeeOthers: false,
  lowestNiceness: 0,
};
const tools: RightsTools = {
  shell: '/bin/sh',
  setpriv: '/usr/bin/setpriv',
  prlimit: '/usr/bin/prlimit',
  nice: '/usr/bin/nice',
  getent: undefined,
};
const app = { name: 'app', uid: 1000, gid: 1000, home: '/srv/app', shell: '/bin/bash' };
const inGroups: FoundAccounts = { user: app, group: undefined, groups: [4, 33] };
const alone: FoundAccounts = { ...inGroups, groups: [] };
const nobody: FoundAccounts = { user: undefined, group: undefined, groups: [] };

interface Given {
  readonly found?: FoundAccounts;
  readonly own?: OwnRights;
  readonly tools?: Partial<RightsTools>;
}

function decide(asked: AskedRights, given: Given = {}) {
  const machine: Machine = { own: given.own ?? root, tools: { ...tools, ...given.tools } };
  return decideRights(asked, given.found ?? nobody, machine);
}

function granted(asked: AskedRights, given?: Given) {
  const answer = decide(asked, given);
  assert.equal(answer.kind, 'granted', JSON.stringify(answer));
  return answer.kind === 'granted' ? answer.rights : assert.fail();
}

function refused(asked: AskedRights, given?: Given): readonly string[] {
  const answer = decide(asked, given);
  return answer.kind === 'refused'
    ? answer.troubles.map(({ key, message }) => `${key.join('.')}: ${message}`)
    : [];
}

const asApp = ['/usr/bin/setpriv', '--reuid', '1000', '--regid', '1000'];

test('a user comes with its groups and its variables', () => {
  const rights = granted({ user: 'app' }, { found: inGroups });
  assert.deepEqual(rights, {
    env: { HOME: '/srv/app', USER: 'app', LOGNAME: 'app', SHELL: '/bin/bash' },
    before: [...asApp, '--groups', '4,33'],
    script: '',
    direct: {
      ids: { uid: 1000, gid: 1000, groups: [4, 33] },
      ...{ umask: undefined, nice: undefined, limits: [] },
    },
    ids: undefined,
    uid: 1000,
    who: 'user "app"',
  });
  assert.deepEqual(granted({ user: 'app' }, { found: alone }).before, [...asApp, '--clear-groups']);
});

test('a group of its own takes the place of the primary one', () => {
  const { before } = granted({ user: 'app', group: 'web' }, { found: { ...inGroups, group: 33 } });
  assert.deepEqual(before.slice(3, 5), ['--regid', '33']);
});

test('a group alone leaves the user and its variables', () => {
  const rights = granted({ group: 'web' }, { found: { ...nobody, group: 33 } });
  assert.deepEqual(rights.before, ['/usr/bin/setpriv', '--reuid', '0', '--regid', '33', '--clear-groups']);
  assert.deepEqual([rights.env, rights.who], [{}, 'group "web"']);
});

test('a number needs no entry: its group has the same number, and it has no name', () => {
  const { before, env } = granted({ user: '4242' });
  assert.deepEqual(before.slice(1, 5), ['--reuid', '4242', '--regid', '4242']);
  assert.deepEqual(env, { HOME: '/', USER: undefined, LOGNAME: undefined, SHELL: '/bin/sh' });
});

test('a shell that refuses everyone is not given as SHELL', () => {
  const found = { ...alone, user: { ...app, shell: '/usr/sbin/nologin' } };
  assert.equal(granted({ user: 'app' }, { found }).env.SHELL, '/bin/sh');
});

test('what needs root comes before the change of user, the umask after it', () => {
  const rights = granted(
    {
      user: 'app',
      umask: 0o27,
      nice: -5,
      limits: { nofile: { soft: 64, hard: 128 }, core: { soft: 0, hard: 0 } },
    },
    { found: alone },
  );
  assert.deepEqual(rights.before, [
    ...['/usr/bin/nice', '-n', '-5'],
    ...['/usr/bin/prlimit', '--nofile=64:128', '--core=0:0'],
    ...[...asApp, '--clear-groups'],
  ]);
  assert.equal(rights.script, 'umask 027');
});

test('nothing is executed for nothing: oneself, and the niceness there is', () => {
  const direct = { ids: undefined, umask: undefined, nice: undefined, limits: [] };
  const rest = { ids: undefined, uid: undefined, who: undefined };
  const nothing = { env: {}, before: [], script: undefined, direct, ...rest };
  const rootEntry = { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' };
  assert.deepEqual(granted({ user: 'root' }, { found: { ...nobody, user: rootEntry } }), nothing);
  assert.deepEqual(granted({ user: 'app' }, { found: inGroups, own: person }), nothing);
  assert.deepEqual(granted({ user: 'app' }, { found: alone, own: { ...person, gid: 33 } }), nothing);
  assert.deepEqual(granted({ nice: 0 }), nothing);
  assert.deepEqual(granted({ nice: 3 }, { own: { ...root, niceness: 3 } }), nothing);
});

test('niceness is what was asked for, whatever our own is', () => {
  const { before } = granted({ nice: 5 }, { own: { ...root, niceness: 10 } });
  assert.deepEqual(before, ['/usr/bin/nice', '-n', '-5']);
});

test('the half of a limit that is not asked for stays, or comes down to the hard one', () => {
  const limits = (nofile: { soft?: number; hard?: number }) =>
    granted({ limits: { nofile: { soft: nofile.soft, hard: nofile.hard } } }).before[1];
  assert.equal(limits({ soft: 64 }), '--nofile=64:20000');
  assert.equal(limits({ hard: 128 }), '--nofile=128:128');
  assert.equal(limits({ hard: 30_000 }), '--nofile=20000:30000');
});

test('who executes a program gives it the same: umask, niceness and limits by their numbers', () => {
  const hard = Number.POSITIVE_INFINITY;
  const { direct } = granted({
    umask: 0o27,
    nice: -5,
    limits: { nofile: { soft: 64, hard: 128 }, core: { soft: 0, hard } },
  });
  assert.deepEqual(direct, {
    ...{ ids: undefined, umask: 0o27, nice: -5 },
    limits: [
      { resource: 7, soft: 64, hard: 128 },
      { resource: 4, soft: 0, hard },
    ],
  });
});

test('a limit that is not known is left as it is', () => {
  const { before, direct } = granted({ limits: { stack: { soft: 64, hard: undefined } } });
  assert.deepEqual(before, ['/usr/bin/prlimit', '--stack=64:']);
  assert.equal(direct, undefined);
});

const unlimited = { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY };
const REFUSALS: readonly (readonly [law: string, AskedRights, Given, readonly string[]])[] = [
  [
    'an unknown user',
    { user: 'app' },
    {},
    ['user: run as user "app": there is no such user on this machine'],
  ],
  [
    'an unknown user and an unknown group, both',
    { user: 'app', group: 'web' },
    {},
    [
      'user: run as user "app": there is no such user on this machine',
      'group: run as group "web": there is no such group on this machine',
    ],
  ],
  [
    'another user, without being root',
    { user: '0' },
    { own: person },
    ['user: run as user "0": orderly runs as user 1000, and only root may become another'],
  ],
  [
    'another group, without being root',
    { user: 'app', group: 'web' },
    { own: person, found: { ...alone, group: 33 } },
    ['group: run as group "web": orderly runs as user 1000, and only root may become another'],
  ],
  [
    'another user, as root without capabilities',
    { user: 'app' },
    { own: { ...root, mayChangeUser: false }, found: alone },
    ['user: run as user "app": orderly is root without the capabilities CAP_SETUID and CAP_SETGID'],
  ],
  [
    'a hard limit above ours, without being root',
    { limits: { nofile: { soft: 64, hard: 30_000 } } },
    { own: person },
    [
      'limits.nofile: have its limit of nofile: 30000 is above the hard limit of orderly itself, 20000, and only root may raise that',
    ],
  ],
  [
    'a soft limit above our hard one',
    { limits: { nofile: { soft: 30_000, hard: undefined } } },
    {},
    [
      'limits.nofile: have its limit of nofile: a soft limit of 30000 is above the hard one of orderly, 20000',
    ],
  ],
  [
    'more files than the system allows even root',
    { limits: { nofile: unlimited } },
    {},
    [
      'limits.nofile: have its limit of nofile: unlimited is more than the system allows, 1048576 (fs.nr_open)',
    ],
  ],
  [
    'a negative niceness, without being root',
    { nice: -1 },
    { own: person },
    ['nice: have the niceness -1: only root may go below 0 here'],
  ],
  [
    'a niceness, without nice',
    { nice: 1 },
    { tools: { nice: undefined } },
    ['nice: have the niceness 1: the program "nice" is not there'],
  ],
  [
    'supplementary groups, without setpriv',
    { user: 'app' },
    { found: inGroups, tools: { setpriv: undefined } },
    ['user: run as user "app", which has supplementary groups: the program "setpriv" is not there'],
  ],
  [
    'what such a user may not have, without setpriv',
    { user: 'app', nice: -1 },
    { found: alone, tools: { setpriv: undefined } },
    ['user: run as user "app" with more than such a user may have: the program "setpriv" is not there'],
  ],
  [
    'a limit that ulimit does not know, without prlimit',
    { limits: { sigpending: { soft: 1, hard: 1 } } },
    { tools: { prlimit: undefined } },
    ['limits.sigpending: have its limit of sigpending: the program "prlimit" is not there'],
  ],
  [
    'an umask, without a shell',
    { umask: 0o22 },
    { tools: { shell: undefined } },
    ['umask: have its "umask": the program "/bin/sh" is not there'],
  ],
];

for (const [law, asked, given, wanted] of REFUSALS) {
  test(`refused: ${law}`, () => assert.deepEqual(refused(asked, given), wanted));
}

test('without setpriv the spawn itself changes a user that has no supplementary groups', () => {
  const rights = granted({ user: 'app', umask: 0o77 }, { found: alone, tools: { setpriv: undefined } });
  assert.deepEqual(rights.ids, { uid: 1000, gid: 1000 });
  assert.deepEqual([rights.before, rights.script], [[], 'umask 077']);
});

test('without a shell too', () => {
  const rights = granted({ user: '4242' }, { tools: { shell: undefined } });
  assert.deepEqual(rights.ids, { uid: 4242, gid: 4242 });
  assert.equal(rights.script, undefined);
});

test('without prlimit a shell sets the limits, before the change of user', () => {
  const { before } = granted(
    { user: 'app', limits: { nofile: { soft: 64, hard: 128 } } },
    { found: alone, tools: { prlimit: undefined } },
  );
  assert.deepEqual(before, [
    ...['/bin/sh', '-c', 'ulimit -S -n 64 && ulimit -H -n 128 && exec "$@"', 'sh'],
    ...[...asApp, '--clear-groups'],
  ]);
});
