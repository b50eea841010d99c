import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../../../src/config/types.ts';
import {
  createFill,
  filledEnvironment,
  MissingValueError,
  printedVariables,
} from '../../../../src/engine/instance/environment.ts';
import { parseJson, toValues } from '../../../../src/process/notify/notify-channel.ts';
import { sampleService } from '../../../support/sample-config.ts';

const of = (value: string) => [{ service: 'db', value }];

for (const name of ['toString', '__proto__', 'constructor', 'hasOwnProperty', 'valueOf']) {
  test(`a value "${name}" that was not reported is missing`, () => {
    const fill = createFill(() => toValues({ port: 1 }));
    assert.throws(
      () => fill(of(name)),
      new MissingValueError(`needs \${db.${name}}, but "db" reported only port`),
    );
  });

  test(`a value "${name}" that was reported is there, and changes nothing else`, () => {
    const values = toValues(parseJson(`{"${name}":"x","port":5}`));
    const fill = createFill(() => values);
    assert.equal(fill(of(name)), 'x');
    assert.equal(fill(of('port')), '5');
    assert.equal(Object.getPrototypeOf(values), Object.prototype);
  });

  test(`a variable "${name}" is one like others`, () => {
    const spec = sampleService('a', { env: Object.fromEntries([[name, 'x']]), envInherit: [name] });
    const env = filledEnvironment(spec, {}, (template) => String(template));
    assert.deepEqual(Object.entries(env), [[name, 'x']]);
    assert.deepEqual(Object.entries(filledEnvironment({ ...spec, env: {} }, {}, String)), []);
  });
}

test('what commands have printed is over what is given but for what counts over it, and over what is unset', () => {
  const spec = sampleService('a', {
    env: { FILE: 'file', OWN: 'own' },
    envUnset: ['GONE', 'OF_ALL'],
    envFrom: { commands: [], over: ['OWN', 'GONE'] },
  });
  const printed = new Map(['FILE', 'OWN', 'GONE', 'OF_ALL', 'HOME', 'MORE'].map((name) => [name, 'printed']));
  const env = filledEnvironment(spec, { GONE: 'x', HOME: '/' }, String, {}, printed);
  assert.deepEqual(env, {
    ...{ HOME: 'printed', FILE: 'printed', OWN: 'own', OF_ALL: 'printed', MORE: 'printed' },
  });
});

test('programs of the project stand before an inherited PATH, and before no other', () => {
  const path = (spec: Partial<ServiceConfig>, inherited: Readonly<Record<string, string>>) =>
    filledEnvironment(sampleService('a', spec), inherited, String, {}, new Map(), ['/p/.bin', '/.bin']).PATH;
  assert.equal(path({}, { PATH: '/bin' }), '/p/.bin:/.bin:/bin');
  assert.equal(path({}, { PATH: '' }), '/p/.bin:/.bin');
  assert.equal(path({}, {}), undefined);
  assert.equal(path({ envInherit: ['HOME'] }, { PATH: '/bin' }), undefined);
  assert.equal(path({ envUnset: ['PATH'] }, { PATH: '/bin' }), undefined);
  assert.equal(path({ env: { PATH: '/own' } }, { PATH: '/bin' }), '/own');
});

test('a service whose variables nobody has asked for is not started without them', () => {
  const spec = sampleService('a', { envFrom: { commands: [], over: [] } });
  assert.throws(() => printedVariables(spec, undefined), MissingValueError);
  assert.throws(() => printedVariables(spec, () => undefined), MissingValueError);
  assert.equal(printedVariables(sampleService('a'), undefined).size, 0);
});

test('a value that no program can be given is no value', () => {
  const fill = createFill(() => ({ nul: 'a\0b', half: 'a\ud800' }));
  assert.throws(
    () => fill(of('nul')),
    /needs \$\{db\.nul\}, but what "db" reported has a NUL character in it/,
  );
  assert.throws(() => fill(of('half')), /has half a character in it/);
});

test('what a shell calculates with is a whole number, or the service is not started', () => {
  const fill = createFill(() => ({ port: '-5432', code: 'x[$(id)]', long: '1'.repeat(19) }));
  assert.equal(fill(of('port'), true), '-5432');
  assert.throws(
    () => fill(of('code'), true),
    /is no whole number, and a shell calculates with it: "x\[\$\(id\)\]"/,
  );
  assert.throws(() => fill(of('long'), true), /no whole number/);
  assert.equal(fill(of('code')), 'x[$(id)]');
});
