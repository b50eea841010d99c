/**
 * Questions made from the description of an API: those that it describes, and those that it doesn't.
 */
import fc from 'fast-check';
import type { ApiDocument, Operation, Parameter } from './api-document.ts';
import type { RawQuestion } from './ask-socket.ts';

type Json = Readonly<Record<string, unknown>>;

export interface MadeQuestion {
  readonly question: RawQuestion;
  /** The document doesn't describe it. */
  readonly isWrong: boolean;
}

export interface QuestionOptions {
  /** Names that there are. */
  readonly services: readonly string[];
  /** Nothing that would be done, if it were right; nothing that takes long. */
  readonly isHarmless: boolean;
}

/** The end of the run is never asked for. */
export function questionsOf(document: ApiDocument, options: QuestionOptions): fc.Arbitrary<MadeQuestion> {
  const described = fc
    .constantFrom(...document.operations)
    .chain((one) => questionOf(document, one, options));
  return fc
    .oneof({ weight: 9, arbitrary: described }, { weight: 1, arbitrary: strange })
    .filter((made) => !doesHarm(made, options));
}

function doesHarm({ question, isWrong }: MadeQuestion, { isHarmless }: QuestionOptions): boolean {
  const { method, target } = question;
  if (isWrong || method !== 'POST') return false;
  if (target.startsWith('/v1/down')) return true;
  if (target.startsWith('/v1/leases')) return isHarmless;
  const isDry = /"dry_run":true/.test(String(question.body));
  return isHarmless && target.startsWith('/v1/requests') && !isDry;
}

/** Of no route; or of one, by another method. */
const strange: fc.Arbitrary<MadeQuestion> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE'),
    target: fc.oneof(
      fc.stringMatching(/^\/[!-~]{0,40}$/),
      fc.constantFrom('*', '//', '/v1/', '/v1/run/', '/V1/run', '/v1/services//why', '/v1/services/%/why'),
      fc.constantFrom(
        'http://',
        'http://x',
        'http://[/',
        'https://x/v2?y',
        '/%2e%2e/livez',
        '/livez#x',
        '/v1\\run',
      ),
    ),
    body: fc.option(fc.string({ maxLength: 20 }), { nil: undefined }),
  })
  .map((question) => ({ question, isWrong: true }));

function questionOf(
  document: ApiDocument,
  operation: Operation,
  options: QuestionOptions,
): fc.Arbitrary<MadeQuestion> {
  const { method, path, parameters } = operation;
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  return fc
    .record({
      words: fc.tuple(...inPath.map(() => wordOf(options))),
      query: queryOf(inQuery, options),
      body: bodyOf(document, operation, options),
      // Who leaves hears nothing: where answers are judged, nobody does that needn't.
      leaves: fc.constantFrom<Leaves>(...mayLeave(options)),
    })
    .map(({ words, query, body, leaves }): MadeQuestion => {
      const filled = inPath.reduce((text, { name }, at) => text.replace(`{${name}}`, () => words[at]!), path);
      const target = query.text === '' ? filled : `${filled}?${query.text}`;
      // Such a one may be answered much later, or never ends.
      const isLong = (query.isLong || path === '/v1/leases') && !query.isWrong;
      const leaving: Leaves = path.includes('{') ? 'at once' : 'with the answer';
      const question = { method, target, body: body.text, leaves: isLong ? leaving : leaves };
      return { question, isWrong: query.isWrong || body.isWrong };
    });
}

type Leaves = RawQuestion['leaves'];

function mayLeave({ isHarmless }: QuestionOptions): readonly Leaves[] {
  return isHarmless ? [undefined] : [undefined, undefined, 'at once'];
}

function wordOf({ services }: QuestionOptions): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...services, 'r1', 'r2', 'r3'),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map(encodeURIComponent),
  );
}

interface MadeQuery {
  readonly text: string;
  readonly isWrong: boolean;
  readonly isLong: boolean;
}

function queryOf(parameters: readonly Parameter[], options: QuestionOptions): fc.Arbitrary<MadeQuery> {
  const right = fc.tuple(...parameters.map((one) => fc.option(rightText(one, options), { nil: undefined })));
  const wrong = fc.option(wrongPair(parameters), { nil: undefined, freq: 2 });
  return fc.tuple(right, wrong).map(([texts, wrongOne]) => {
    const pairs = texts.flatMap((text, at) =>
      text === undefined ? [] : [[parameters[at]!.name, text] as const],
    );
    const all = wrongOne === undefined ? pairs : [...pairs, wrongOne];
    const text = new URLSearchParams(all.map(([name, value]): [string, string] => [name, value])).toString();
    const isLong = pairs.some(([name, value]) => ['follow', 'wait'].includes(name) && value !== 'false');
    return { text, isWrong: wrongOne !== undefined, isLong };
  });
}

function rightText({ schema }: Parameter, options: QuestionOptions): fc.Arbitrary<string> {
  if (schema.type === 'array') return fc.constantFrom(...options.services);
  return fitting(schema, options).map(String);
}

/** Nobody takes it: a name that isn't there, what stands for no value of its type. */
function wrongPair(parameters: readonly Parameter[]): fc.Arbitrary<readonly [string, string]> {
  const pair = (name: string, ...texts: readonly string[]): fc.Arbitrary<readonly [string, string]> =>
    fc.constantFrom(...texts).map((text) => [name, text] as const);
  const typed = parameters.flatMap(({ name, schema }) => {
    if (schema.type === 'integer') return [pair(name, '', '-1', '1.5', '9e9', 'x', '9007199254740993')];
    return schema.enum === undefined ? [] : [pair(name, 'yes', '0', 'TRUE')];
  });
  const unknown = ['', 'folow', '__proto__', 'constructor', 'x'].map((name) => pair(name, '', '1'));
  return fc.oneof(...unknown, ...typed);
}

interface MadeBody {
  readonly text: string | undefined;
  readonly isWrong: boolean;
}

function bodyOf(
  document: ApiDocument,
  operation: Operation,
  options: QuestionOptions,
): fc.Arbitrary<MadeBody> {
  const { body: schema } = operation;
  // Of what takes none it is not looked at.
  if (schema === undefined)
    return fc.constantFrom({ text: undefined, isWrong: false }, { text: '{}', isWrong: false });
  const judged = bodiesOf(document, schema, options).map((value) => ({
    text: JSON.stringify(value),
    isWrong: !document.isValid(schema, value),
  }));
  const garbled = fc.constantFrom('{', '[1,', 'names', '\u0000', '{"kind":"stop",}');
  return fc.oneof(
    { weight: 9, arbitrary: judged },
    { weight: 1, arbitrary: garbled.map((text) => ({ text, isWrong: true })) },
  );
}

/** JSON values that fit a schema, that hardly do, and others. */
export function bodiesOf(
  document: ApiDocument,
  schema: Json,
  options: QuestionOptions = { services: ['db'], isHarmless: true },
): fc.Arbitrary<unknown> {
  const right = fitting(schema, options);
  const keys = ['names', 'kind', 'id', 'now', 'expect', 'replicas', 'x', '__proto__'];
  const spoiled = fc
    .tuple(right, fc.constantFrom(...keys), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
    .map(([value, key, spoil]) => ({ ...(value as Json), ...Object.fromEntries([[key, spoil]]) }));
  return fc
    .oneof(
      { weight: 4, arbitrary: right.filter((value) => document.isValid(schema, value)) },
      { weight: 4, arbitrary: spoiled },
      { weight: 1, arbitrary: fc.jsonValue() },
    )
    .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
}

/** A value that fits the schema, as far as it is used here. */
function fitting(schema: Json, options: QuestionOptions): fc.Arbitrary<unknown> {
  const {
    type,
    enum: values,
    oneOf,
    properties = {},
    required = [],
    items,
    minItems = 0,
  } = schema as {
    readonly type?: string;
    readonly enum?: readonly unknown[];
    readonly oneOf?: readonly Json[];
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
    readonly items?: Json;
    readonly minItems?: number;
  };
  if (oneOf !== undefined) return fc.oneof(...oneOf.map((one) => fitting(one, options)));
  if (values !== undefined) return fc.constantFrom(...values);
  switch (type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.constantFrom(...[1, 2, 7, 1_000, 100_000_000, Number.MAX_SAFE_INTEGER]);
    case 'number':
      return fc.constantFrom(0, 0.5, 1, 100, 1e10, Number.MAX_SAFE_INTEGER);
    case 'array':
      return fc.array(fitting(items ?? {}, options), { minLength: minItems, maxLength: 4 });
    case 'object': {
      const keys = Object.fromEntries(
        Object.entries(properties).map(([key, one]) => [key, textOr(key, one, options)]),
      );
      return fc.record(keys, { requiredKeys: [...required] });
    }
    default:
      return fc.oneof(
        {
          weight: 4,
          arbitrary: fc.constantFrom(...options.services, '*', 'd*', '?pi', '*a*a*a*a*a*a*a*a*a*b'),
        },
        { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }) },
      );
  }
}

/** Most signals that there could be are none, and the system knows which. */
function textOr(key: string, schema: Json, options: QuestionOptions): fc.Arbitrary<unknown> {
  if (key !== 'signal') return fitting(schema, options);
  return fc.constantFrom(
    'SIGTERM',
    'SIGKILL',
    'SIGSTOP',
    'SIGCONT',
    'SIGUSR1',
    'SIGHUP',
    'SIGWINCH',
    'SIGNONE',
  );
}
