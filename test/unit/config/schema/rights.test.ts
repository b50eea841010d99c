import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badConfig, goodConfig, goodService, places } from '../load.ts';

test('a service that asks for no rights has none', async () => {
  assert.equal('rights' in (await goodService('cwd: /')), false);
  assert.equal('rights' in (await goodService('user:\nlimits:')), false);
});

test('everything that is asked for is read', async () => {
  const { rights } = await goodService(`user: app
group: 33
umask: "027"
nice: -5
limits:
  nofile: { soft: 1024, hard: 4096 }
  core: 0
  memlock: 64M
  as: unlimited
  cpu: { hard: infinity }`);
  assert.deepEqual(rights, {
    user: 'app',
    group: '33',
    umask: 0o27,
    nice: -5,
    limits: {
      as: { soft: Number.POSITIVE_INFINITY, hard: Number.POSITIVE_INFINITY },
      core: { soft: 0, hard: 0 },
      cpu: { soft: undefined, hard: Number.POSITIVE_INFINITY },
      memlock: { soft: 67_108_864, hard: 67_108_864 },
      nofile: { soft: 1024, hard: 4096 },
    },
  });
});

test('variables are filled in', async () => {
  const lines =
    'user: "${APP}"\numask: "${MASK}"\nnice: "${NICE}"\nlimits: { nofile: "${FILES}", core: "${CORE}" }';
  const { rights } = await goodService(lines, {
    env: { APP: '1000', MASK: '077', NICE: '3', FILES: '64', CORE: 'unlimited' },
  });
  assert.equal(rights?.user, '1000');
  assert.equal(rights?.umask, 0o77);
  assert.equal(rights?.nice, 3);
  assert.equal(rights?.limits?.nofile?.soft, 64);
  assert.equal(rights?.limits?.core?.hard, Number.POSITIVE_INFINITY);
});

test('defaults are for all, each limit by itself, and an empty value takes one away', async () => {
  const config = await goodConfig(`
defaults: { user: app, umask: "077", limits: { nofile: 64, core: 0 } }
services:
  a: { command: x }
  b: { command: x, user: web, umask: , limits: { nofile: 128 } }
  c: { command: x, user: , umask: , limits: }
`);
  const zero = { soft: 0, hard: 0 };
  assert.deepEqual(
    config.services.map(({ rights }) => rights),
    [
      { user: 'app', umask: 0o77, limits: { core: zero, nofile: { soft: 64, hard: 64 } } },
      { user: 'web', limits: { core: zero, nofile: { soft: 128, hard: 128 } } },
      undefined,
    ],
  );
});

/** As it was written counts: YAML 1.2 reads the first as 27, the second as 23. */
const UMASKS: readonly (readonly [written: string, umask: number])[] = [
  ['027', 0o27],
  ['0o27', 0o27],
  ['"027"', 0o27],
  ["'0077'", 0o77],
  ['000', 0],
  ['777', 0o777],
];

for (const [written, umask] of UMASKS) {
  test(`umask: ${written} is ${umask.toString(8)} in octal`, async () => {
    assert.equal((await goodService(`umask: ${written}`)).rights?.umask, umask);
  });
}

const DIGITS = 'must be three octal digits in quotes, such as "027", but is';
const WRONG: readonly (readonly [line: string, message: string, hint?: string])[] = [
  ['umask: 27', `"umask" of service "a" ${DIGITS} the number 27`, 'Write umask: "027"'],
  ['umask: 0', `"umask" of service "a" ${DIGITS} the number 0`, 'Write umask: "000"'],
  ['umask: 089', `"umask" of service "a" ${DIGITS} 089`],
  ['umask: u=rwx', `"umask" of service "a" ${DIGITS} "u=rwx"`],
  ['umask: [0]', `"umask" of service "a" ${DIGITS} a list`],
  ['user: true', '"user" of service "a" must be the name or the number of a user, but is true'],
  ['user: ""', '"user" of service "a" cannot be "": it is neither a name nor a number'],
  [
    'user: app:web',
    '"user" of service "a" cannot be "app:web": it is neither a name nor a number',
    'Write user: app and group: web',
  ],
  ['group: 4294967295', '"group" of service "a" cannot be "4294967295": the number is too large'],
  ['nice: 20', '"nice" of service "a" must be a whole number from -20 to 19, but is the number 20'],
  [
    'limits: { nofile: -1 }',
    '"limits.nofile" of service "a" must be a whole number, or "unlimited", but is the number -1',
    'Write "unlimited"',
  ],
  [
    'limits: { nofile: 5K }',
    '"limits.nofile" of service "a" must be a whole number, or "unlimited", but is "5K"',
  ],
  [
    'limits: { core: 5 MB }',
    '"limits.core" of service "a" must be a number of bytes such as 1048576 or 64M, or "unlimited", but is "5 MB"',
    'Write 5M',
  ],
  [
    'limits: { cpu: { soft: 5, hard: 2 } }',
    '"limits.cpu" of service "a" has a soft limit above its hard one',
    'The hard limit is the ceiling',
  ],
  ['limits: { nfile: 5 }', 'Unknown key "nfile" in "limits" of service "a"', 'Did you mean "nofile"?'],
];

for (const [line, message, hint] of WRONG) {
  test(`G10 ${line}: ${message}`, async () => {
    const diagnostics = await badConfig(`services:\n  a:\n    command: x\n    ${line}\n`);
    assert.equal(diagnostics.length, 1);
    assert.match(places(diagnostics)[0] ?? '', /^4:/);
    assert.equal(diagnostics[0]?.message, message);
    assert.equal(diagnostics[0]?.hint, hint);
  });
}
