/**
 * Capabilities × users: whatever a container takes from root, services of other users are asked to end, killed, and told
 * apart from strangers; or it is said that this can't be.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { ownAddress } from '../support/own-address.ts';
import { isAlive } from '../support/process-lab.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const DOCKER =
  '+chown,+dac_override,+fsetid,+fowner,+mknod,+net_raw,+setgid,+setuid,+setfcap,+setpcap,+net_bind_service,+sys_chroot,+kill,+audit_write';
const sets: readonly (readonly [name: string, added: string])[] = [
  ["Docker's", DOCKER],
  ['SETUID, SETGID', '+setuid,+setgid'],
  ['SETUID, SETGID, KILL', '+setuid,+setgid,+kill'],
];
const inside = (added: string) => ['setpriv', `--bounding-set=-all,${added}`];
const isPossible = spawnSync('setpriv', ['--bounding-set=-all,+setuid,+setgid', 'true']).status === 0;
const skip = isPossible ? false : 'only root can take capabilities from itself';

const polite = `trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.05; done`;
const stubborn = `trap '' TERM; echo up; while :; do sleep 0.05; done`;

suite('capabilities and users', { concurrency: 2, timeout: 60_000, skip }, () => {
  for (const [name, added] of sets) {
    test(`capabilities: with ${name} a service of another user is asked to end, one that doesn't is killed`, async (t) => {
      const run = runOrderly(t, {
        inside: inside(added),
        config: `
defaults: { cwd: / }
services:
  polite: { user: '4242', command: "${polite}" }
  became: { command: "setpriv --reuid 4243 --clear-groups sh -c \\"${polite}\\" & wait; wait" }
  stubborn: { user: '4244', command: "${stubborn}", stop: { grace: 200ms } }
  daemon: { user: '4245', command: "(setsid sleep 1000 &); echo up; exec sleep 1000" }
  cleaned: { user: '4246', command: "echo up; exec sleep 1000", cleanup: [{ run: sleep 1000, timeout: 100ms }] }
`,
      });
      for (const service of ['polite', 'became', 'stubborn', 'daemon', 'cleaned']) {
        await run.event('log', { service, text: 'up' });
      }
      run.signal('SIGTERM');
      const { status, events, left } = await run.ended;
      assert.deepEqual(left, []);
      const killed = events.filter(({ type }) => type === 'service.killed');
      assert.deepEqual(
        killed.map((event) => event.type === 'service.killed' && [event.service, event.reason]),
        [['stubborn', 'still alive after its grace of 200 ms']],
      );
      const said = events.filter((event) => event.type === 'log' && event.text === 'bye');
      assert.deepEqual(said.map((event) => event.type === 'log' && event.service).sort(), [
        'became',
        'polite',
      ]);
      const finished = events.at(-1);
      assert.deepEqual(finished?.type === 'run.finished' && finished.survivors, []);
      assert.equal(status, 3);
    });
  }

  // A port that is free at this address stays free: no other test listens there.
  const holding = `require("net").createServer().listen(+process.argv[1] || 0, "${ownAddress}", function () { console.log("port", this.address().port) })`;
  // What that user has in another group, and is looked at first, shows nothing of the rest.
  const other = "before: { user: '4302', group: '4399', command: exec sleep 1000 }";
  for (const [who, user, ready, before] of [
    ['of another user', '4301', false, ''],
    ['of another service of the same user', '4302', false, ''],
    ['of another service of the same user, which has more of other groups,', '4302', false, other],
    ['of its own', undefined, true, ''],
  ] as const) {
    test(`capabilities: without SYS_PTRACE a port that a process ${who} holds is ${ready ? '' : 'not '}that of the service`, async (t) => {
      const api = ready ? `[node, -e, '${holding}', '\${other.port}']` : 'exec sleep 1000';
      const run = runOrderly(t, {
        inside: inside(DOCKER),
        config: `
defaults: { cwd: /, restart: "no" }
services:
  ${before}
  other:
    depends_on: [${before === '' ? '' : 'before'}]
    user: '${user ?? 4301}'
    command: [node, -e, '${ready ? `require("net").createServer().listen(0, "${ownAddress}", function () { console.log("port", this.address().port); this.close(); setInterval(() => {}, 1000) })` : holding}']
    ready: { log: 'port (?<port>\\d+)' }
  api:
    user: '4302'
    command: ${api}
    depends_on: [other]
    ready: { tcp: '${ownAddress}:\${other.port}', within: ${ready ? '20s' : '1s'} }
`,
      });
      if (ready) await run.event('service.ready', { service: 'api' });
      else {
        const { service, cause } = await run.event('service.failed');
        assert.equal(service, 'api');
        const holder =
          user === '4301'
            ? 'a process of user 4301 that cannot be seen from here'
            : String.raw`process \d+ \(node .*\)`;
        assert.match(cause, new RegExp(`held by ${holder}, not by this service`));
      }
      run.signal('SIGTERM');
      await run.ended;
    });
  }

  test('G6: capabilities: without KILL too nothing is left of a service of another user when orderly is killed', async (t) => {
    const run = runOrderly(t, {
      inside: inside('+setuid,+setgid'),
      mayLeaveProcesses: true,
      config: `{ process: { cgroup: off }, services: { a: { user: '4247', cwd: /, command: "sleep 1000 & echo $!; wait" } } }`,
    });
    const [, ...pids] = await run.line(/"text":"(\d+)"/);
    run.signal('SIGKILL');
    await run.ended;
    await until(() => pids.every((pid) => !isAlive(Number(pid))));
  });

  test('capabilities: without SETUID too, a service of another user is refused before anything is started', async (t) => {
    const run = runOrderly(t, {
      args: ['up'],
      inside: inside('+chown'),
      config: `{ defaults: { cwd: / }, services: { polite: { user: '4242', command: "${polite}" } } }`,
    });
    const { status, stderr } = await run.ended;
    assert.equal(status, 2);
    assert.match(stderr.join('\n'), /CAP_SETUID/);
  });
});
