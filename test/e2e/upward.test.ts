/**
 * Orderly as a service itself: it tells whoever started it that all is ready, where it is, and that it goes down.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { needs } from '../support/needs.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { runOrderly } from '../support/run-orderly.ts';

const config = `
services:
  db: { command: exec sleep 1000, ready: { delay: 50ms } }
  api: { command: exec sleep 1000, depends_on: [db] }
  extra: { command: exec sleep 1000, profiles: [more] }
`;

/** A manager that binds a socket of that name, starts the command, prints each message, and asks it to end when it is ready. */
const manager = `
use IO::Socket::UNIX; use Socket;
my $name = shift;
my $at = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $name =~ /^@(.*)/ ? "\\0$1" : $name) or die $!;
$ENV{NOTIFY_SOCKET} = $name;
my $pid = fork() // die $!;
if ($pid == 0) { open STDOUT, ">/dev/null"; exec @ARGV or die $!; }
$| = 1;
while (defined $at->recv(my $message, 4096)) {
  $message =~ s/\\n/ /g; print "$message\\n";
  kill "TERM", $pid if $message =~ /READY=1/;
  last if $message =~ /STOPPING=1/;
}
waitpid $pid, 0; print "status ", $? & 127, "\\n";
`;

suite('a manager above', { concurrency: 2, timeout: 30_000 }, () => {
  for (const [kind, nameOf] of [
    ['a path', () => 'notify.sock'],
    ['an abstract name', () => `@orderly-test-${process.pid}`],
  ] as const) {
    test(`is told READY=1, STATUS= and STOPPING=1 at a socket of ${kind}`, {
      skip: needs('perl'),
    }, async (t) => {
      const instead = ['perl', '-e', manager, nameOf(), process.execPath, orderlyBin, 'up'];
      const { stdout } = await runOrderly(t, { files: { 'supervisor.yaml': config }, instead }).ended;
      assert.deepEqual(stdout.slice(-4), [
        'STATUS=1 of 2 ready; waiting for api',
        'READY=1 STATUS=2 of 2 ready',
        'STOPPING=1 STATUS=going down',
        'status 15',
      ]);
      assert.ok(stdout.every((line) => /^(?:STATUS=|READY=1|STOPPING=1|status)/.test(line)));
    });
  }

  test('has a line at --ready-fd, and its end, when all is ready; no service holds it open', async (t) => {
    const reading = `mkfifo f; "$@" --ready-fd 3 3>f >/dev/null & pid=$!; { read -r line; echo "got [$line]"; cat; echo end; } <f; kill $pid; wait`;
    const instead = ['sh', '-c', reading, 'sh', process.execPath, orderlyBin, 'up'];
    const { stdout } = await runOrderly(t, { files: { 'supervisor.yaml': config }, instead }).ended;
    assert.deepEqual(stdout, ['got []', 'end']);
  });

  test('that is not there costs a note, and nothing else', async (t) => {
    const run = runOrderly(t, { config, env: { NOTIFY_SOCKET: '/no/such/socket' } });
    const note = await run.event('run.note');
    assert.match(
      note.text,
      /^Cannot tell NOTIFY_SOCKET \("\/no\/such\/socket"\) where orderly is: nobody listens there/,
    );
    await run.event('service.ready', { service: 'api' });
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('G10: a descriptor that is none is said, before anything starts', async (t) => {
    for (const fd of ['0', '1', '2', 'x', '-1']) {
      const { status, stderr } = await runOrderly(t, { config, args: ['up', '--ready-fd', fd] }).ended;
      assert.equal(status, 2);
      assert.match(stderr.join('\n'), /number of an open descriptor/);
    }
  });
});
