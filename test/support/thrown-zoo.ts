/**
 * What a program can throw: everything. Each animal by its name, and a fresh one for whoever asks.
 */
import fc from 'fast-check';

type Keeper = () => unknown;

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const refuse = (): never => {
  throw new Error('it must not be asked');
};

/** Each of its traps throws. */
function touchy(target: object): unknown {
  const traps = Object.getOwnPropertyNames(Reflect).map((name) => [name, refuse]);
  return new Proxy(target, Object.fromEntries(traps));
}

function withGetters(error: Error, ...keys: readonly string[]): Error {
  // Made lazily, by what is taken away here.
  void error.stack;
  for (const key of keys) Object.defineProperty(error, key, { get: refuse });
  return error;
}

function cyclic(error: Error): Error {
  error.cause = error;
  return error;
}

function named(error: Error, name: string): Error {
  error.name = name;
  return error;
}

function inItself(): AggregateError {
  const group = new AggregateError([new Error('beside'), new AggregateError([])], 'a snake');
  (group.errors[1] as AggregateError).errors.push(group);
  group.errors.push(group);
  return group;
}

/** As a path it is short, as a tree it has 2^60 leaves. */
function shared(): unknown {
  let group: unknown = new Error('leaf');
  for (let depth = 0; depth < 60; depth++) group = new AggregateError([group, group]);
  return group;
}

function deep(): unknown {
  let group: unknown = new Error('leaf');
  for (let depth = 0; depth < 5000; depth++) group = new AggregateError([group]);
  return group;
}

const KEEPERS: Readonly<Record<string, Keeper>> = {
  undefined: () => undefined,
  null: () => null,
  zero: () => 0,
  'not a number': () => Number.NaN,
  'a big integer': () => 10n,
  'an empty text': () => '',
  'a symbol': () => Symbol('thrown'),
  'a function': () => () => 'called',
  'a class': () => class Thrown {},
  'a plain object': () => ({ code: 5 }),
  'a list': () => [1, [2]],
  'an object of nothing': () => Object.create(null),
  'a revoked proxy': () => revoked({}),
  'a revoked proxy of a function': () => revoked(() => undefined),
  'a revoked proxy of an error': () => revoked(new Error('away')),
  'a revoked proxy of a list': () => revoked([]),
  'a proxy that refuses everything': () => touchy({}),
  'a proxy of an error that refuses everything': () => touchy(new Error('hidden')),
  'a proxy of a group that refuses everything': () => touchy(new AggregateError([new Error('hidden')])),
  'an error': () => new Error('plain'),
  'an error without a message': () => new TypeError(),
  'a frozen error': () => Object.freeze(new Error('cold')),
  'an error whose message throws': () => withGetters(new Error('x'), 'message'),
  'an error of which all throws': () =>
    withGetters(new Error('x'), 'message', 'name', 'stack', 'cause', 'code', 'toString'),
  'an error whose message is a symbol': () => Object.assign(new Error(), { message: Symbol('message') }),
  'an error without a prototype': () => Object.setPrototypeOf(new Error('lost'), null),
  'an error that is its own cause': () => cyclic(new Error('round')),
  'an AbortError that is its own cause': () => cyclic(named(new Error('round'), 'AbortError')),
  'an AbortError whose cause throws': () => withGetters(named(new Error('x'), 'AbortError'), 'cause'),
  'an AbortError caused by a revoked proxy': () =>
    Object.assign(named(new Error('x'), 'AbortError'), { cause: revoked(new Error('x')) }),
  'what can not be made a text': () => ({ toString: refuse, [Symbol.toPrimitive]: refuse }),
  'what has a class that throws': () => Object.defineProperty({}, Symbol.toStringTag, { get: refuse }),
  // biome-ignore lint/suspicious/noThenProperty: that is what is strange about it
  'what looks like a promise': () => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(1) }),
  'what has a then that throws': () => Object.defineProperty({}, 'then', { get: refuse }),
  'an empty group': () => new AggregateError([]),
  'a group in itself': inItself,
  'a group that is shared': shared,
  'a deep group': deep,
  'a group whose errors throw': () => withGetters(new AggregateError([]), 'errors'),
  'a group whose errors are no list': () => Object.assign(new AggregateError([]), { errors: 5 }),
  'a group whose errors are revoked': () => Object.assign(new AggregateError([]), { errors: revoked([]) }),
  'a group of strange ones': () =>
    new AggregateError([undefined, revoked({}), Symbol('x'), Object.create(null)]),
  'a large text': () => 'x'.repeat(100_000),
};

export interface Animal {
  readonly name: string;
  readonly thrown: unknown;
}

export const ANIMALS: readonly string[] = Object.keys(KEEPERS);

export function animal(name: string): Animal {
  return { name, thrown: KEEPERS[name]!() };
}

/** Shown, and shrunk, by its name. */
export const anAnimal: fc.Arbitrary<string> = fc.constantFrom(...ANIMALS);
