import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endingClause, type UnaskedEnding } from '../../../../src/engine/service/ending.ts';
import { advise } from '../../../../src/events/advice.ts';
import { sampleService } from '../../../support/sample-config.ts';

function clause(code: number, successCodes: readonly number[], wasReady = true): string {
  const { restart } = sampleService('a');
  const spec = sampleService('a', { restart: { ...restart, successCodes } });
  const ending = {
    kind: 'exited',
    exit: { kind: 'code', code },
    readyMs: wasReady ? 5 : undefined,
    upMs: 5,
  } as UnaskedEnding;
  return endingClause(spec, ending);
}

test('exit code 0 that is no success says so, and why', () => {
  const why = 'which "restart.success_codes" doesn\'t have';
  assert.equal(clause(0, [3, 4]), `exited with code 0 (${why}: 3, 4) after 5 ms`);
  assert.equal(clause(0, []), `exited with code 0 (${why}: it is empty) after 5 ms`);
  assert.equal(clause(0, [0]), 'exited with code 0 after 5 ms');
  assert.equal(clause(1, [3]), 'exited with code 1 after 5 ms');
  assert.equal(clause(0, [3], false), 'exited with code 0 after 5 ms, before it was ready');
  const failed = { service: 'a', kind: 'exited', exit: { code: 0 }, isTask: true, hasOutput: false } as const;
  assert.match(advise(failed), /add 0 to "restart.success_codes" of "a"/);
});
