/**
 * What is written is read back as it was.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Plain, writeYaml } from '../../../../src/cli/all/write-yaml.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { goodConfig } from '../../config/load.ts';
import { planned } from './plan.ts';

test('as a person would write it', () => {
  const map: Record<string, Plain | undefined> = {
    success: ['test', '0'],
    defaults: { restart: 'no', none: undefined, stop: { grace: '1m30s' }, log: { prefix: false } },
    services: { a: { command: 'echo ${HOME} $$ $HOME', max: 3 } },
  };
  assert.equal(
    writeYaml(map),
    `success: [test, "0"]
defaults:
  restart: "no"
  stop:
    grace: 1m30s
  log:
    prefix: false
services:
  a:
    command: "echo $\${HOME} $$$ $HOME"
    max: 3
`,
  );
});

test('any command reaches the shell as it was typed', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('$', '{', '}', '"', "'", '\\', ':', '#', ' ', '\n', 'a') }),
  );
  // An argument of a program has no NUL.
  const command = text.filter((one) => one.trim() !== '' && !one.includes('\0'));
  await assertAsyncProperty(
    fc.asyncProperty(command, async (typed) => {
      const { services } = await goodConfig(writeYaml({ services: { a: { command: typed } } }));
      assert.deepEqual(services[0]!.command, { kind: 'shell', script: typed });
    }),
    { numRuns: 100 },
  );
});

test('what is planned is a configuration', async () => {
  const config = planned({
    ...{ words: ['a', 'b'], killOthers: true, success: 'command-a', hide: '0', prefixColors: 'red' },
    ...{ restartTries: '2', restartAfter: '500', killSignal: 'INT', killTimeout: '3s', raw: true },
  });
  const { success, services } = await goodConfig(writeYaml(config));
  assert.deepEqual(success, ['a']);
  const [{ restart, onFailure, onEnd, stop, stdin, log }] = services as [(typeof services)[number]];
  assert.deepEqual(
    { max: restart.max, delayMs: restart.delayMs, onFailure, onEnd, stdin },
    { max: 2, delayMs: 500, onFailure: 'shutdown', onEnd: 'shutdown', stdin: 'open' },
  );
  assert.deepEqual([stop.signal, stop.graceMs], ['SIGINT', 3000]);
  assert.deepEqual(log, { prefix: false, color: 'red', print: false });
});
