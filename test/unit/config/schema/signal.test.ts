import assert from 'node:assert/strict';
import { test } from 'node:test';
import { badConfig, goodConfig } from '../load.ts';

const taken: readonly [written: string, signal: string][] = [
  ['15', 'SIGTERM'],
  ['"15"', 'SIGTERM'],
  ['2', 'SIGINT'],
  ['TERM', 'SIGTERM'],
  ['sigint', 'SIGINT'],
  ['SIGRTMIN', 'SIGRTMIN'],
  ['RTMIN+3', 'SIGRTMIN+3'],
  ['37', 'SIGRTMIN+3'],
  ['SIGRTMAX-2', 'SIGRTMIN+28'],
  ['"${STOP:-12}"', 'SIGUSR2'],
];

for (const [written, signal] of taken) {
  test(`a signal number or name, ${written}, is taken as ${signal}`, async () => {
    const { services } = await goodConfig(`services: { a: { command: x, stop: { signal: ${written} } } }`);
    assert.equal(services[0]?.stop.signal, signal);
  });
}

for (const written of [
  '0',
  '65',
  '-9',
  '1.5',
  'SIGRTMIN-1',
  'SIGRTMIN+31',
  'SIGRTMAX+1',
  'true',
  '[15]',
  '32',
]) {
  test(`the signal ${written} is refused`, async () => {
    const [problem] = await badConfig(`services: { a: { command: x, stop: { signal: ${written} } } }`);
    assert.match(JSON.stringify(problem), /must be the name or the number of a signal/);
  });
}
