import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createFdProtocol,
  createNodeProtocol,
  createNotifyLines,
} from '../../../src/process/notify/notify-channel.ts';
import { serviceEnvironment } from '../../../src/process/spawn/service-env.ts';
import { createProcessLab } from '../../support/process-lab.ts';

const shell = (script: string) => ({ kind: 'shell', script }) as const;
const ready = (values: Record<string, string> = {}) => ({ kind: 'ready', values });

const fdTable: readonly (readonly [law: string, lines: readonly string[], said: readonly unknown[]])[] = [
  ['an empty line is ready', [''], [ready()]],
  ['any text is ready', ['up and running'], [ready()]],
  [
    'an object is ready with its values',
    ['{"port":5432,"tls":true,"url":"x"}'],
    [ready({ port: '5432', tls: 'true', url: 'x' })],
  ],
  ['values without a form as text are left out', ['{"a":null,"b":{},"c":[1],"d":0}'], [ready({ d: '0' })]],
  ['what only looks like an object is a text', ['{oops'], [ready()]],
  ['it becomes ready once', ['', '{"port":1}', 'more'], [ready()]],
  [
    'heartbeats and status come after it',
    ['', 'heartbeat', 'status 12 clients'],
    [ready(), { kind: 'heartbeat' }, { kind: 'status', text: '12 clients' }],
  ],
  ['who tells that it is loading is not ready', ['status loading'], [{ kind: 'status', text: 'loading' }]],
];

for (const [law, lines, said] of fdTable) {
  test(`fd protocol: ${law}`, () => {
    const understand = createFdProtocol();
    assert.deepEqual(
      lines.map(understand).filter((each) => each !== undefined),
      said,
    );
  });
}

const nodeTable: readonly (readonly [law: string, lines: readonly string[], said: readonly unknown[]])[] = [
  ['the word ready', ['"ready"'], [ready()]],
  ['an object with values', ['{"type":"ready","values":{"port":80}}'], [ready({ port: '80' })]],
  [
    'heartbeats in both forms',
    ['"heartbeat"', '{"type":"heartbeat"}'],
    [{ kind: 'heartbeat' }, { kind: 'heartbeat' }],
  ],
  ['a status', ['{"type":"status","text":"busy"}'], [{ kind: 'status', text: 'busy' }]],
  [
    'garbage and messages of others mean nothing',
    ['garbage', '{"cmd":"NODE_HANDLE"}', '1', 'null', '[]'],
    [],
  ],
  ['it becomes ready once', ['"ready"', '"ready"'], [ready()]],
];

for (const [law, lines, said] of nodeTable) {
  test(`node protocol: ${law}`, () => {
    const understand = createNodeProtocol();
    assert.deepEqual(
      lines.map(understand).filter((each) => each !== undefined),
      said,
    );
  });
}

test('lines are the same however they are cut, and an endless one is dropped as a whole', () => {
  const bytes = Buffer.from('one\n\nzwölf\nmuch too long a line\nlast\nopen');
  for (let size = 1; size <= bytes.length; size++) {
    const lines: string[] = [];
    const splitter = createNotifyLines(8, (line) => lines.push(line));
    for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
    assert.deepEqual(lines, ['one', '', 'zwölf', 'last']);
  }
});

test('a newline on descriptor 3 is ready, its end is the last thing said', async (t) => {
  const lab = await createProcessLab(t);
  const script =
    'echo "$ORDERLY_NOTIFY_FD"; echo >&3; echo heartbeat >&3; echo status busy > /dev/fd/3; exec 3>&-; exec sleep 1000';
  const { notified, notifications, line } = await lab.launch(shell(script), { channel: 'fd' });
  await notified('closed');
  assert.deepEqual(notifications, [
    ready(),
    { kind: 'heartbeat' },
    { kind: 'status', text: 'busy' },
    { kind: 'closed' },
  ]);
  await line(/^3$/m);
});

test('a channel closed without a word says only that', async (t) => {
  const lab = await createProcessLab(t);
  const { notified, notifications } = await lab.launch(
    shell('printf unfinished >&3; exec 3>&-; exec sleep 1000'),
    { channel: 'fd' },
  );
  await notified('closed');
  assert.deepEqual(notifications, [{ kind: 'closed' }]);
});

test('what was said just before the end is heard before the exit', async (t) => {
  const lab = await createProcessLab(t);
  for (const channel of ['fd', 'node'] as const) {
    const { instance, notifications } = await lab.launch(shell(`echo '"ready"' >&3; kill -9 $$`), {
      channel,
    });
    await instance.exited;
    assert.deepEqual(notifications[0], ready());
  }
});

test('a Node program says ready with its values, and hears the request apart from the signal', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, puppet, notified } = await lab.puppet({ channel: 'node' });
  await puppet.order('listen');
  await puppet.order('ignore', 'SIGTERM');
  await puppet.order('send', { type: 'ready', values: { port: 8080 } });
  assert.deepEqual(await notified('ready'), ready({ port: '8080' }));
  assert.equal(instance.sendShutdown(), true);
  assert.deepEqual(await puppet.hears(), { message: 'shutdown' });
  instance.ask('SIGTERM', 'group');
  assert.deepEqual(await puppet.hears(), { signal: 'SIGTERM' });
});

test('garbage on the channel of a Node program is ignored', async (t) => {
  const lab = await createProcessLab(t);
  const { notified, notifications } = await lab.launch(
    shell(`echo garbage >&3; echo '{"a' >&3; echo '"ready"' >&3; exec sleep 1000`),
    { channel: 'node' },
  );
  await notified('ready');
  assert.deepEqual(notifications, [ready()]);
});

test('asking a Node program whose channel is gone is harmless', async (t) => {
  const lab = await createProcessLab(t);
  const { instance, notified } = await lab.launch(shell('exec 3>&-; exec sleep 1000'), { channel: 'node' });
  await notified('closed');
  instance.ask('SIGTERM', 'group');
  assert.deepEqual(await instance.exited, { kind: 'signal', signal: 'SIGTERM' });
});

test('the channels of our own parent are not those of a service, unless it was given them', () => {
  const ours = {
    PATH: '/bin',
    NOTIFY_SOCKET: '/run/parent',
    WATCHDOG_USEC: '1',
    WATCHDOG_PID: '1',
    NODE_CHANNEL_FD: '3',
    ORDERLY_NOTIFY_FD: '3',
  };
  const given = { ...ours, NOTIFY_SOCKET: '/run/mine' };
  const mark = { ORDERLY_MARK: 'secret' };
  const request = { channel: 'none', env: given } as const;
  assert.deepEqual(serviceEnvironment(mark, request, ours), {
    PATH: '/bin',
    NOTIFY_SOCKET: '/run/mine',
    ORDERLY_MARK: 'secret',
  });
  const own = serviceEnvironment(mark, { ...request, channel: 'systemd' }, ours, '/run/own');
  assert.equal(own.NOTIFY_SOCKET, '/run/own');
});
