/**
 * A process of the very user of a service, with all that its environment holds, speaks for it nowhere: with cgroups, and
 * where orphans come to orderly. A daemon of the service, in a session of its own, is of it all the same.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { freePort } from '../support/free-port.ts';
import { isAlive } from '../support/process-lab.ts';
import { runOrderly } from '../support/run-orderly.ts';

const UID = 4250;
const skip = process.getuid?.() === 0 ? false : 'only root can have services of another user';
/** As a text, since another user may not reach the file. */
const listen = `require("net").createServer().listen(+process.argv[1] || 0, "127.0.0.1", function () { console.log("port", this.address().port) })`;

suite('forgers', { concurrency: 2, timeout: 60_000, skip }, () => {
  for (const cgroup of ['auto', 'off']) {
    test(`forger: of the same user, with a copied environment: process.cgroup: ${cgroup}`, async (t) => {
      const port = await freePort();
      const run = runOrderly(t, {
        mayLeaveProcesses: true,
        config: `
process: { cgroup: ${cgroup} }
defaults: { restart: "no", cwd: / }
services:
  daemon:
    user: '${UID}'
    command: [sh, -c, '(setsid node -e "$0" &); exec sleep 1000', '${listen}']
    ready: { log: 'port (?<port>\\d+)' }
  asked: { user: '${UID}', command: "exec sleep 1000", ready: { tcp: ${port}, within: 60s } }
`,
      });
      const { pid = 0 } = await run.event('service.starting', { service: 'asked' });
      const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
      const env = Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
      assert.equal(env.ORDERLY_SERVICE, 'asked');
      const copied = spawn('node', ['-e', listen, String(port)], {
        ...{ env, uid: UID, gid: UID, cwd: '/', detached: true },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      t.after(() => copied.kill('SIGKILL'));
      await once(copied.stdout, 'data');
      await run.event(
        (event) => event.type === 'service.note' && event.text.includes(`held by process ${copied.pid} `),
      );
      await run.event('service.ready', { service: 'daemon' });
      run.signal('SIGTERM');
      assert.equal((await run.ended).status, 143);
      assert.ok(isAlive(copied.pid ?? 0));
    });
  }
});
