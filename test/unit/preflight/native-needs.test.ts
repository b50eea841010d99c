/**
 * What needs the package koffi is refused where there is none, with its place.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Condition, WatchdogConfig } from '../../../src/config/types.ts';
import { findNativeNeeds, terminalNeeds } from '../../../src/preflight/preflight.ts';
import { sampleService } from '../../support/sample-config.ts';

const timing = { withinMs: 1000, timeoutMs: 1000, intervalMs: undefined, successes: 1 };
const notify = { kind: 'notify', protocol: 'systemd', ...timing } as const;
const ready: Condition = { kind: 'all', of: [{ kind: 'delay', delayMs: 1, ...timing }, notify], ...timing };
const watchdog = (source: WatchdogConfig['source']): WatchdogConfig => ({
  withinMs: 1000,
  source,
  onFailure: 'restart',
});
const services = [
  sampleService('a', { ready, watchdog: watchdog('systemd') }),
  sampleService('b', { watchdog: watchdog('systemd') }),
  sampleService('c', { watchdog: watchdog('log') }),
];

test('G10 a channel to systemd that cannot be had is refused once for each service', async () => {
  const why = { reason: 'koffi is missing', remedy: 'Run "npm install koffi"' };
  const problems = await findNativeNeeds({ whyNoSystemdNotify: async () => why }, services);
  assert.deepEqual(
    problems.map(({ path, message, hint }) => [path.join('.'), message, hint]),
    [
      [
        'services.a.ready.all.1.notify',
        '"notify: systemd" of service "a" is not possible here: koffi is missing',
        why.remedy,
      ],
      [
        'services.b.watchdog',
        '"watchdog.source: systemd" of service "b" is not possible here: koffi is missing',
        why.remedy,
      ],
    ],
  );
});

test('nothing is loaded where nobody needs it', async () => {
  const whyNoSystemdNotify = () => assert.fail('it was asked for');
  assert.deepEqual(await findNativeNeeds({ whyNoSystemdNotify }, services.slice(2)), []);
});

test('G10 a terminal that cannot be had is refused for each service that wants one, and looked for only then', async () => {
  const why = { reason: 'koffi is missing', remedy: 'Run "npm install koffi", or remove "terminal"' };
  const wanting = [
    sampleService('a', { terminal: true }),
    sampleService('b'),
    sampleService('c', { terminal: true }),
  ];
  const problems = await terminalNeeds({ whyNoTerminal: async () => why }, wanting);
  assert.deepEqual(
    problems.map(({ path, message, hint }) => [path.join('.'), message, hint]),
    ['a', 'c'].map((name) => [
      `services.${name}.terminal`,
      `"terminal" of service "${name}" is not possible here: koffi is missing`,
      why.remedy,
    ]),
  );
  assert.deepEqual(await terminalNeeds({ whyNoTerminal: async () => undefined }, wanting), []);
  assert.deepEqual(
    await terminalNeeds({ whyNoTerminal: () => assert.fail('it was asked for') }, services),
    [],
  );
});
