/**
 * Services that run as somebody else, and what can't be given. Most of it takes root and util-linux.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { getPriority } from 'node:os';
import { suite, test } from 'node:test';
import { orderlyBin } from '../support/orderly-bin.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { story } from '../support/story.ts';

/** A user that no image has. */
const STRANGER = ['setpriv', '--reuid', '4242', '--regid', '4242', '--clear-groups'];

/** Whether others than root may read the program: then it can be run as somebody else. */
const mayBeOther =
  spawnSync(STRANGER[0] ?? '', [...STRANGER.slice(1), process.execPath, orderlyBin, '--version']).status ===
  0;
const skip = mayBeOther ? false : 'takes root, util-linux, and a program that others may read';

/** The fresh folder is its test's own; a stranger has to enter it. */
const asStranger = ['sh', '-c', `chmod 755 . && exec ${STRANGER.join(' ')} "$@"`, 'sh'];

suite('rights', { concurrency: 3, timeout: 60_000 }, () => {
  test('hold for the service, its probe, its stop command and its clean-ups', { skip }, async (t) => {
    const run = runOrderly(t, {
      config: `
services:
  db:
    command: 'echo "runs as $(id -u):$(id -g) in $HOME"; exec sleep 1000'
    user: 4242
    cwd: /
    ready: { exec: 'test "$(id -u)" = 4242' }
    stop: { command: 'echo "stopped by $(id -u)"; false' }
    cleanup: [ 'echo "cleaned by $(id -u)"' ]
`,
    });
    await run.event('service.ready', { service: 'db' });
    run.signal('SIGTERM');
    const told = story((await run.ended).events);
    for (const words of ['runs as 4242:4242 in /', 'stopped by 4242', 'cleaned by 4242']) {
      assert.ok(told.includes(`db says ${words}`), words);
    }
  });

  test('a user brings its variables, under those of the service itself', { skip }, async (t) => {
    const end = await runOrderly(t, {
      config: `
services:
  a: { type: task, command: echo "$USER $LOGNAME $HOME", user: nobody, cwd: /, env: { HOME: /mine } }
`,
      env: { USER: 'root', LOGNAME: 'root' },
    }).ended;
    assert.ok(story(end.events).includes('a says nobody nobody /mine'));
    assert.equal(end.status, 0);
  });

  test('G10: what can not be given starts nothing, and is said at once with its place', async (t) => {
    const config = `
services:
  db: { command: sleep 1000 }
  api: { command: sleep 1000, user: no-such-user, limits: { nofile: 99999999999 } }
`;
    const wanted = [
      /^supervisor\.yaml:4:37: "api" can't run as user "no-such-user": there is no such user on this machine$/,
      /^ {2}Create it \(useradd no-such-user\), or change "user"$/,
      /^supervisor\.yaml:4:69: "api" can't have its limit of nofile: 99999999999 is /,
    ];
    for (const args of [['up', '--output', 'json'], ['check']]) {
      const end = await runOrderly(t, { config, args }).ended;
      assert.equal(end.status, 2, args[0]);
      assert.deepEqual(end.events, []);
      for (const words of wanted)
        assert.ok(
          end.stderr.some((line) => words.test(line)),
          `${words}`,
        );
    }
  });

  test('check warns of a folder that the user may not enter', { skip }, async (t) => {
    const config = `
services:
  a: { command: [sleep, "1"], user: 4242, cwd: open }
  b: { command: [sleep, "1"], user: 4242, cwd: / }
`;
    const end = await runOrderly(t, { config, files: { 'open/x': '' }, args: ['check'] }).ended;
    assert.equal(end.status, 0);
    assert.equal(end.stdout.at(-1), '1 warning');
    assert.match(
      end.stderr[0] ?? '',
      /^supervisor\.yaml:3:48: warning: "a" can't be started here: user "4242" may not/,
    );
  });

  test('whoever is not root may be itself, and nobody else', { skip }, async (t) => {
    const itself = `
services:
  a: { type: task, command: 'echo "$(id -u) $(umask) $(ulimit -n)"', user: 4242, umask: "077", limits: { nofile: 64 } }
`;
    const end = await runOrderly(t, { config: itself, inside: asStranger }).ended;
    assert.ok(story(end.events).includes('a says 4242 0077 64'), end.stderr.join('\n'));
    assert.equal(end.status, 0);
    const other = await runOrderly(t, {
      config: 'services: { a: { command: x, user: 0, nice: -1 } }',
      inside: asStranger,
    }).ended;
    assert.equal(other.status, 2);
    const said = other.stderr.join('\n');
    assert.match(
      said,
      /"a" can't run as user "0": orderly runs as user 4242, and only root may become another/,
    );
    const lowest = `"a" can't have the niceness -1: only root may go below ${getPriority()} here`;
    assert.ok(said.includes(lowest), said);
  });

  test('without setpriv a user without other groups will do', { skip }, async (t) => {
    const inside = [
      'unshare',
      '-m',
      'sh',
      '-c',
      'mount --bind /dev/null "$(command -v setpriv)" && exec "$@"',
      'sh',
    ];
    const end = await runOrderly(t, {
      config: 'services: { a: { type: task, command: "id -u; id -G", user: 4242, cwd: / } }',
      inside,
    }).ended;
    const told = story(end.events);
    assert.equal(told.filter((line) => line === 'a says 4242').length, 2, end.stderr.join('\n'));
    assert.equal(end.status, 0);
  });
});
