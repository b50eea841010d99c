import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSystemdProtocol, isBarrier } from '../../../../src/process/notify/notify-systemd.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const ready = (values: Record<string, string> = {}) => ({ kind: 'ready', values });
const note = (text: string) => ({ kind: 'note', text });

const table: readonly (readonly [law: string, messages: readonly string[], said: readonly unknown[]])[] = [
  ['READY=1 is ready', ['READY=1'], [ready()]],
  ['a newline at the end means nothing', ['READY=1\n'], [ready()]],
  ['so does a NUL, which some programs send', ['READY=1\0'], [ready()]],
  ['only 1 is ready', ['READY=0', 'READY=', 'READY', 'READY=yes', 'ready=1', ' READY=1'], []],
  ['it becomes ready once', ['READY=1', 'READY=1'], [ready()]],
  [
    'X_NAME is the value name, from this message or one before it, whatever its place in it',
    ['X_HOST=::1\nX_PORT=1', 'READY=1\nX_PORT=5432', 'X_PORT=2'],
    [ready({ host: '::1', port: '5432' })],
  ],
  ['of a name that is there twice the last counts', ['READY=0\nREADY=1\nX_A=1\nX_A=2'], [ready({ a: '2' })]],
  ['a value may contain anything but the end of a line', ['X_URL=a=b c\nREADY=1'], [ready({ url: 'a=b c' })]],
  [
    'what could not be the name of a value is none',
    ['X_=1\nX_1=1\nX_A B=1\nX_A-B=1\nX___proto__=1\nREADY=1'],
    [ready({ 'a-b': '1', ...JSON.parse('{"__proto__":"1"}') })],
  ],
  [
    'the status of a loading program is no readiness',
    ['STATUS=loading'],
    [{ kind: 'status', text: 'loading' }],
  ],
  [
    'a status is cut, and can do nothing to a terminal',
    [`STATUS=\u001b[31m${'x'.repeat(300)}`],
    [{ kind: 'status', text: `[31m${'x'.repeat(195)}…` }],
  ],
  ['WATCHDOG=1 is a heartbeat', ['WATCHDOG=1'], [{ kind: 'heartbeat' }]],
  ['WATCHDOG=trigger says that it hangs', ['WATCHDOG=trigger'], [{ kind: 'tripped' }]],
  ['WATCHDOG_USEC is in microseconds', ['WATCHDOG_USEC=1500000'], [{ kind: 'watchdog', withinMs: 1500 }]],
  ['so is EXTEND_TIMEOUT_USEC', ['EXTEND_TIMEOUT_USEC=1001'], [{ kind: 'extend', byMs: 2 }]],
  [
    'what is no number of them means nothing',
    [
      'EXTEND_TIMEOUT_USEC=-1',
      'EXTEND_TIMEOUT_USEC=1s',
      'EXTEND_TIMEOUT_USEC=',
      'WATCHDOG_USEC=999999999999999999999',
    ],
    [],
  ],
  ['STOPPING=1 says that it goes down by itself', ['STOPPING=1'], [{ kind: 'stopping' }]],
  ['MAINPID names the main process', ['MAINPID=4711'], [{ kind: 'main-process', pid: 4711 }]],
  ['MAINPID of nobody means nothing', ['MAINPID=0', 'MAINPID=-1', 'MAINPID=99999999999', 'MAINPID=x'], []],
  [
    'the main process is known before the service is ready',
    ['READY=1\nMAINPID=7'],
    [{ kind: 'main-process', pid: 7 }, ready()],
  ],
  [
    'a reload is told with its end; before it is ready it means nothing',
    ['RELOADING=1\nMONOTONIC_USEC=1', 'READY=1', 'RELOADING=1', 'READY=1', 'READY=1'],
    [ready(), note('is reloading'), note('has reloaded')],
  ],
  [
    'ERRNO is told in words',
    ['ERRNO=2', 'ERRNO=3999', 'ERRNO=0', 'ERRNO=x'],
    [note('reports an error: no such file or directory (ENOENT)'), note('reports an error: number 3999')],
  ],
  ['BUSERROR is told as it is', ['BUSERROR=org.a.B'], [note('reports an error: org.a.B')]],
  [
    'EXIT_STATUS is what it will exit with',
    ['EXIT_STATUS=3', 'EXIT_STATUS=256'],
    [{ kind: 'exit-status', code: 3 }],
  ],
  [
    'what only systemd has a use for means nothing',
    ['FDSTORE=1\nFDNAME=a', 'FDPOLL=0', 'NOTIFYACCESS=all', 'BARRIER=1', '', '\n\n', '=', '=1'],
    [],
  ],
  ['a message with a NUL in it is none', ['READY=1\0\nSTATUS=x'], []],
  ['carriage returns are part of the value', ['READY=1\r\n'], []],
];

for (const [law, messages, said] of table) {
  test(`systemd protocol: ${law}`, () => {
    const understand = createSystemdProtocol();
    assert.deepEqual(
      messages.flatMap((message) => understand(Buffer.from(message))),
      said,
    );
  });
}

test('systemd protocol: any bytes are understood somehow, and are ready once at most', () => {
  const line = fc.tuple(
    fc.constantFrom(
      'READY',
      'STATUS',
      'MAINPID',
      'X_A',
      'ERRNO',
      'WATCHDOG_USEC',
      'RELOADING',
      'STOPPING',
      'é',
    ),
    fc.oneof(fc.constant('1'), fc.string({ unit: 'binary' }), fc.integer().map(String)),
  );
  const likely = fc.array(line).map((lines) => Buffer.from(lines.map((each) => each.join('=')).join('\n')));
  const message = fc.oneof(
    likely,
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  assertProperty(
    fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
      const understand = createSystemdProtocol();
      const words = messages.flatMap((each) => understand(each));
      assert.ok(words.filter(({ kind }) => kind === 'ready').length <= 1);
      for (const word of words) {
        if ('text' in word) assert.match(word.text, /^[^\x00-\x1f\x7f-\x9f]{0,300}$/u);
        if (word.kind === 'extend') assert.ok(word.byMs >= 0);
      }
    }),
    { numRuns: 1000 },
  );
});

test('systemd protocol: what is reported is bounded, however much is sent', () => {
  const understand = createSystemdProtocol();
  for (let at = 0; at < 3000; at++) understand(Buffer.from(`X_N${at}=x`));
  const [word] = understand(Buffer.from('READY=1'));
  assert.equal(word?.kind === 'ready' && Object.keys(word.values).length, 1000);
});

test('systemd protocol: a barrier is nothing but that', () => {
  assert.ok(isBarrier(Buffer.from('BARRIER=1')));
  assert.ok(isBarrier(Buffer.from('BARRIER=1\n')));
  for (const other of ['READY=1', 'BARRIER=0', 'BARRIER=1\nREADY=1', '']) {
    assert.equal(isBarrier(Buffer.from(other)), false);
  }
});
