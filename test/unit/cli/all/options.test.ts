/**
 * What the options of `orderly all` become. The rows are what the manual of concurrently 9 says of them (docs/cli/success.md,
 * terminating.md, restarting.md, prefixing.md, output-control.md), and where we differ on purpose, what ours says.
 */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { elsewhere } from '../../../../src/cli/all/options.ts';
import { type Asked, planned, problems } from './plan.ts';

const words = ['server', 'test', 'build'];

type Defaults = Readonly<Record<string, unknown>>;

function defaults(options: Partial<Asked>): Defaults {
  return (planned({ words, ...options }) as { readonly defaults: Defaults }).defaults;
}

function logs(options: Partial<Asked>): readonly unknown[] {
  const services = planned({ words, ...options }).services as Readonly<Record<string, { log?: unknown }>>;
  return Object.values(services).map(({ log }) => log);
}

test('without options each goes on when another ends, and reads a stdin that stays open', () => {
  const { stdin, restart, on_failure, on_end } = defaults({});
  assert.deepEqual([stdin, restart, on_failure, on_end], ['open', 'no', 'isolate', undefined]);
});

test('--kill-others, and only on failure', () => {
  const how = (options: Partial<Asked>) => {
    const { on_failure, on_end } = defaults(options);
    return [on_failure, on_end];
  };
  assert.deepEqual(how({ killOthers: true }), ['shutdown', 'shutdown']);
  assert.deepEqual(how({ killOthersOnFail: true }), ['shutdown', undefined]);
  assert.deepEqual(how({ killOthers: true, killOthersOnFail: true }), ['shutdown', 'shutdown']);
});

test('--success: all, first, last, one by name or number, all but one', () => {
  for (const [success, expected] of [
    ['all', undefined],
    ['first', 'first'],
    ['last', 'last'],
    ['command-test', ['test']],
    ['command-1', ['test']],
    ['!command-server', ['test', 'build']],
    ['!command-2', ['server', 'test']],
  ] as const)
    assert.deepEqual(planned({ words, success }).success, expected, success);
});

test('--success by the names that were given, where numbers stand before the lines', () => {
  const asked = { words, names: 'a,b,c', prefix: 'index' };
  assert.deepEqual(planned({ ...asked, success: 'command-b' }).success, ['1']);
});

test('--restart-tries and --restart-after', () => {
  const one = { policy: 'on-failure', max: 1, window: '10000h', jitter: 0 };
  for (const [restartTries, restartAfter, expected] of [
    ['0', undefined, 'no'],
    ['0', '3000', 'no'],
    ['1', undefined, { ...one, delay: '0s', factor: 1, max_delay: '0s' }],
    ['1', '3000', { ...one, delay: '3s', factor: 1, max_delay: '3s' }],
    ['1', '1m30s', { ...one, delay: '1m30s', factor: 1, max_delay: '1m30s' }],
    ['1', 'exponential', { ...one, delay: '1s', factor: 2 }],
    ['-1', '1s', { ...one, max: 0, window: undefined, delay: '1s', factor: 1, max_delay: '1s' }],
  ] as const) {
    const { restart } = defaults({ restartTries, ...(restartAfter && { restartAfter }) });
    assert.deepEqual(restart, expected, `${restartTries} ${restartAfter}`);
  }
});

test('--kill-signal and --kill-timeout', () => {
  const { stop } = defaults({ killSignal: 'SIGINT', killTimeout: '500' });
  assert.deepEqual(stop, { signal: 'SIGINT', grace: '500ms' });
  assert.deepEqual(defaults({ killSignal: 'KILL' }).stop, { signal: 'SIGKILL', grace: undefined });
});

test('--prefix none and --raw leave names out, --hide the lines', () => {
  assert.deepEqual(defaults({ prefix: 'none' }).log, { prefix: false });
  assert.deepEqual(defaults({ raw: true }).log, { prefix: false });
  const hidden = logs({ hide: 'server,2' }).map((log) => (log as { print?: boolean } | undefined)?.print);
  assert.deepEqual(hidden, [false, undefined, false]);
});

test('--prefix-colors: one for each, the last one again; auto is that of the turn', () => {
  const colors = (prefixColors: string) =>
    logs({ prefixColors }).map((log) => (log as { color?: string } | undefined)?.color);
  assert.deepEqual(colors('red,bgBlue.bold'), ['red', 'bgBlue.bold', 'bgBlue.bold']);
  assert.deepEqual(colors('auto,#23de43,auto'), [undefined, '#23de43', undefined]);
  assert.deepEqual(colors('red,green,blue,white'), ['red', 'green', 'blue']);
});

suite('what can not be so is a sentence', () => {
  const rows: readonly (readonly [Partial<Asked>, RegExp])[] = [
    [{ success: 'any' }, /^--success cannot be "any": write all, first, last, command-NAME/],
    [{ success: 'command-tset' }, /^--success names "tset", .* Did you mean "test"\?/],
    [{ success: 'command-3' }, /^--success names "3", .* They are server, test, build/],
    [{ words: ['a'], success: '!command-a' }, /leaves no command that could decide/],
    [{ hide: 'x' }, /^--hide names "x"/],
    [{ restartTries: 'often' }, /^--restart-tries cannot be "often"/],
    [{ restartTries: '1.5' }, /^--restart-tries cannot be "1.5"/],
    [{ restartAfter: 'soon' }, /^--restart-after cannot be "soon": .* or exponential/],
    [{ killTimeout: '-1' }, /^--kill-timeout cannot be "-1": write a duration/],
    [{ killSignal: 'SIGTREM' }, /^--kill-signal cannot be "SIGTREM": .* Did you mean "SIGTERM"\?/],
    [
      { prefix: '{time}-{pid}' },
      /^Cannot print "\{time\}-\{pid\}" before each line: --prefix is name, index or none/,
    ],
    [{ prefixColors: 'blue,bleu' }, /^--prefix-colors cannot have "bleu": .* Did you mean "blue"\?/],
    [{ prefixColors: 'rgb(1' }, /^--prefix-colors cannot have "rgb\(1"/],
  ];
  for (const [options, expected] of rows)
    test(JSON.stringify(options), () => {
      const told = problems({ words, ...options });
      assert.equal(told.length, 1, told.join('\n'));
      assert.match(told[0]!, expected);
    });
});

test('an option of concurrently that is not here is answered with the way', () => {
  const told = elsewhere({ group: true, maxProcesses: '2', names: 'a', padPrefix: true });
  assert.deepEqual(
    told.map((sentence) => /^"orderly all" has no (--[\w-]+): \w/.exec(sentence)?.[1]),
    ['--max-processes', '--group'],
  );
});
