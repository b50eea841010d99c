/**
 * What is done in one step of a walk: a command of the program, a change of how services behave, or harm from outside. Pure.
 */
import type { Chance } from '../soak/random.ts';
import { BEHAVIOURS, SERVICES, type Variant } from './graph.ts';

export type Deed =
  | { readonly kind: 'command'; readonly args: readonly string[]; readonly waits: boolean }
  | { readonly kind: 'reload'; readonly variant: Variant; readonly args: readonly string[] }
  | { readonly kind: 'kill'; readonly service: string; readonly signal: NodeJS.Signals }
  /** Another `up` that leaves when it has begun to show something. */
  | { readonly kind: 'join'; readonly service: string }
  | { readonly kind: 'behave'; readonly service: string; readonly how: string; readonly isOn: boolean };

const WEIGHTS: readonly (readonly [
  kind: string,
  weight: number,
  deed: (chance: Chance, names: readonly string[]) => Deed,
])[] = [
  ['start', 6, (chance, names) => request(chance, 'start', names, ['--no-deps'])],
  ['stop', 5, (chance, names) => request(chance, 'stop', names, ['--no-deps', '--now'])],
  [
    'restart',
    6,
    (chance, names) => request(chance, 'restart', names, ['--no-deps', '--with-dependents', '--if-up']),
  ],
  [
    'signal',
    3,
    (chance, names) => command(chance, 'signal', chance.pick(names), chance.pick(['HUP', 'TERM', 'KILL'])),
  ],
  [
    'wait',
    2,
    (chance, names) =>
      command(
        chance,
        'wait',
        chance.pick(names),
        '--for',
        chance.pick(['ready', 'stopped']),
        '--timeout',
        '500ms',
      ),
  ],
  [
    'plan',
    2,
    (chance, names) =>
      command(chance, chance.pick(['start', 'stop', 'restart', 'reload']), '--dry-run', chance.pick(names)),
  ],
  [
    'look',
    2,
    (chance, names) => command(chance, ...chance.pick([['ps'], ['why', chance.pick(names)], ['health']])),
  ],
  [
    'reload',
    3,
    (chance) => ({
      kind: 'reload',
      variant: variantOf(chance),
      args: chance.below(4) === 0 ? ['--no-rollback'] : [],
    }),
  ],
  [
    'kill',
    4,
    (chance) => ({
      kind: 'kill',
      service: chance.pick(SERVICES),
      signal: chance.pick(['SIGKILL', 'SIGTERM'] as const),
    }),
  ],
  [
    'run',
    3,
    (chance, names) =>
      command(chance, 'run', '--needs', chance.pick(names), '--', 'sh', '-c', 'sleep 0.1; exit 5'),
  ],
  ['join', 2, (chance, names) => ({ kind: 'join', service: chance.pick(names) })],
  [
    'behave',
    6,
    (chance) => ({
      kind: 'behave',
      service: chance.pick(SERVICES),
      how: chance.pick(BEHAVIOURS),
      isOn: chance.below(3) === 0,
    }),
  ],
];
const ALL = WEIGHTS.flatMap(([, weight, deed]) => Array.from({ length: weight }, () => deed));

/** `names`: the services of the file that was read last. */
export function nextDeed(chance: Chance, names: readonly string[]): Deed {
  return chance.pick(ALL)(chance, names);
}

function command(chance: Chance, ...args: readonly string[]): Deed {
  const isReload = args[0] === 'reload';
  return { kind: 'command', args: isReload ? args.slice(0, 2) : args, waits: chance.below(3) > 0 };
}

/** Of one service or two, with an option or none. */
function request(chance: Chance, kind: string, names: readonly string[], options: readonly string[]): Deed {
  const chosen = new Set([chance.pick(names), ...(chance.below(4) === 0 ? [chance.pick(names)] : [])]);
  const more = [
    ...(chance.below(3) === 0 ? [chance.pick(options)] : []),
    ...(chance.below(4) === 0 ? ['--no-wait'] : []),
  ];
  return command(chance, kind, ...chosen, ...more);
}

function variantOf(chance: Chance): Variant {
  const may = ['db', 'cache', 'api', 'worker', 'mail'];
  return {
    changed: may.filter(() => chance.below(4) === 0),
    graceMs: chance.pick([300, 400]),
    isWebGone: chance.below(4) === 0,
    hasExtra: chance.below(2) === 0,
    broken: chance.below(5) === 0 ? chance.pick(may) : undefined,
  };
}
