import assert from 'node:assert/strict';
import test from 'node:test';
import { parse } from 'yaml';
import { configJsonSchema } from '../../../../src/config/schema/config.ts';
import { EVERYTHING, GENERATED, TYPICAL, WHOLE_SAMPLE } from '../sample-texts.ts';

type Schema = Readonly<Record<string, unknown>>;
const whole = configJsonSchema() as Schema;

/** What is wrong by the part of JSON Schema that the definition uses; an unknown keyword is an error of the test. */
function wrong(value: unknown, schema: Schema, path = '$'): string[] {
  const problems: string[] = [];
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const fail = (why: string) => problems.push(`${path}: ${why}`);
  for (const [keyword, rule] of Object.entries(schema)) {
    switch (keyword) {
      case '$schema':
      case '$id':
      case '$defs':
      case 'title':
      case 'description':
      case 'default':
      case 'additionalProperties':
      case 'patternProperties':
        break;
      case '$ref': {
        const name = (rule as string).replace('#/$defs/', '');
        const found = (whole.$defs as Record<string, Schema>)[name];
        assert.ok(found, `no definition for ${rule}`);
        problems.push(...wrong(value, found, path));
        break;
      }
      case 'anyOf': {
        const [only, ...others] = (rule as Schema[]).filter(({ type }) => value === null || type !== 'null');
        const inOne = wrong(value, only!, path);
        if (others.length === 0) problems.push(...inOne);
        else if (
          ![inOne, ...others.map((option) => wrong(value, option, path))].some((found) => found.length === 0)
        ) {
          fail('none of anyOf');
        }
        break;
      }
      case 'enum':
        if (!(rule as unknown[]).includes(value)) fail(`not in ${JSON.stringify(rule)}`);
        break;
      case 'const':
        if (value !== rule) fail(`not ${rule}`);
        break;
      case 'type': {
        const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
        const kinds = [rule].flat();
        if (!kinds.includes(kind) && !(kinds.includes('integer') && Number.isInteger(value)))
          fail(`is ${kind}, not ${rule}`);
        break;
      }
      case 'pattern':
        if (typeof value === 'string' && !new RegExp(rule as string, 'u').test(value))
          fail(`doesn't match ${rule}`);
        break;
      case 'minimum':
        if (typeof value === 'number' && value < (rule as number)) fail('too small');
        break;
      case 'maximum':
        if (typeof value === 'number' && value > (rule as number)) fail('too large');
        break;
      case 'minItems':
        if (Array.isArray(value) && value.length < (rule as number)) fail('too short');
        break;
      case 'items':
        if (Array.isArray(value))
          problems.push(...value.flatMap((item, index) => wrong(item, rule as Schema, `${path}[${index}]`)));
        break;
      case 'propertyNames':
        if (isObject)
          for (const key of Object.keys(value)) problems.push(...wrong(key, rule as Schema, `${path} key`));
        break;
      case 'properties':
        break;
      default:
        assert.fail(`unknown keyword ${keyword}`);
    }
  }
  if (isObject) problems.push(...wrongProperties(value as Schema, schema, path));
  return problems;
}

function wrongProperties(value: Schema, schema: Schema, path: string): string[] {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const patterns = Object.keys((schema.patternProperties ?? {}) as Schema);
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = `${path}.${key}`;
    if (Object.hasOwn(properties, key)) return wrong(inner, properties[key]!, here);
    if (patterns.some((pattern) => new RegExp(pattern, 'u').test(key))) return [];
    if (schema.additionalProperties === false) return [`${here}: unknown key`];
    return schema.additionalProperties ? wrong(inner, schema.additionalProperties as Schema, here) : [];
  });
}

for (const [name, text] of Object.entries({ WHOLE_SAMPLE, EVERYTHING, TYPICAL })) {
  test(`the JSON Schema accepts ${name}`, () => {
    assert.deepEqual(wrong(parse(text), whole), []);
  });
}

test('the JSON Schema refuses misspelt keys and values that are none', () => {
  assert.ok(wrong(parse(GENERATED), whole).includes('$.services.s0.restart_: unknown key'));
  assert.ok(wrong({ services: { a: { command: 'x', stop: { grace: 10 } } } }, whole).length > 0);
  assert.ok(wrong({ services: { 'a/b': { command: 'x' } } }, whole).length > 0);
});

test('every default of the JSON Schema is valid by its own schema, and every property says what it is for', () => {
  let defaults = 0;
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const schema = node as Schema;
    if ('default' in schema) {
      defaults += 1;
      assert.deepEqual(wrong(schema.default, schema), []);
    }
    for (const [key, property] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
      assert.ok(typeof property.description === 'string' && property.description.endsWith('.'), key);
    }
    Object.values(node).forEach(walk);
  };
  walk(whole);
  assert.ok(defaults >= 20, `${defaults} defaults`);
});

test('the JSON Schema is plain JSON, with the defaults of the contract', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(whole)), whole);
  const { service } = whole.$defs as Record<string, { properties: Record<string, Schema> }>;
  assert.equal(service?.properties.on_failure?.default, 'shutdown');
  assert.equal(whole.$schema, 'https://json-schema.org/draft/2020-12/schema');
});
