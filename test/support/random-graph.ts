/**
 * Random configurations for properties: acyclic, with random edges, graces, clean-ups, and an order in the file
 * that has nothing to do with the order of the dependencies. They shrink to few services with small numbers. Some are
 * chains of hundreds.
 */
import fc from 'fast-check';
import type { Cleanup, Config, Edge, EdgeCondition, OnLoss, ServiceConfig } from '../../src/config/types.ts';
import { sampleConfig, sampleEdge, sampleService } from './sample-config.ts';

export interface RandomGraphOptions {
  readonly maxServices?: number;
  readonly conditions?: readonly EdgeCondition[];
  readonly maxGraceMs?: number;
  readonly maxCleanupMs?: number;
  /** Some edges react to a loss. */
  readonly reacting?: boolean;
}

interface RoughEdge {
  readonly to: number;
  readonly condition: EdgeCondition;
  readonly optional: boolean;
  readonly onLoss: OnLoss | undefined;
}

interface RoughService {
  readonly edges: readonly RoughEdge[];
  readonly graceMs: number;
  readonly cleanups: readonly Cleanup[];
  readonly placeInFile: number;
}

/** A configuration of one service or more; the services are called `s0`, `s1`, …, later ones depend on earlier ones. */
export function randomConfig({
  maxServices = 10,
  conditions = ['ready', 'started', 'completed', 'exited'],
  maxGraceMs = 20_000,
  maxCleanupMs = 10_000,
  reacting = false,
}: RandomGraphOptions = {}): fc.Arbitrary<Config> {
  const edge = fc.record({
    to: fc.nat(maxServices),
    condition: fc.constantFrom(...conditions),
    optional: fc.boolean(),
    onLoss: reacting ? fc.option(onLoss, { nil: undefined }) : fc.constant(undefined),
  });
  const service = fc.record({
    edges: fc.array(edge, { maxLength: 3 }),
    graceMs: fc.oneof(fc.constant(0), fc.constant(Math.min(10_000, maxGraceMs)), fc.nat(maxGraceMs)),
    cleanups: fc.array(cleanup(maxCleanupMs), { maxLength: 2 }),
    placeInFile: fc.nat(1000),
  });
  return fc
    .array(service, { minLength: 1, maxLength: maxServices })
    .map((rough) => sampleConfig(inFileOrder(rough, rough.map(refined))));
}

/**
 * A chain in which each service depends on the one before it, with some edges beside that. Its parts are those of a few
 * services, again and again.
 */
export function deepConfig({
  maxServices = 300,
  conditions = ['ready', 'started'],
  maxGraceMs = 20_000,
  maxCleanupMs = 10_000,
}: RandomGraphOptions = {}): fc.Arbitrary<Config> {
  const part = fc.record({
    edges: fc.array(
      fc.record({
        to: fc.nat(maxServices),
        condition: fc.constantFrom(...conditions),
        optional: fc.boolean(),
        onLoss: fc.constant(undefined),
      }),
      { maxLength: 1 },
    ),
    graceMs: fc.oneof(fc.constant(0), fc.constant(Math.min(10_000, maxGraceMs)), fc.nat(maxGraceMs)),
    cleanups: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(cleanup(maxCleanupMs), { maxLength: 2 }) },
    ),
    placeInFile: fc.nat(1000),
    condition: fc.constantFrom(...conditions),
  });
  return fc
    .record({
      length: fc.integer({ min: 1, max: maxServices }),
      parts: fc.array(part, { minLength: 1, maxLength: 5 }),
    })
    .map(({ length, parts }) => {
      const rough = Array.from({ length }, (_, at): RoughService => {
        const { condition, ...own } = parts[at % parts.length]!;
        const before = { to: at - 1, condition, optional: false, onLoss: undefined };
        return { ...own, edges: at === 0 ? [] : [...own.edges, before] };
      });
      return sampleConfig(inFileOrder(rough, rough.map(refined)));
    });
}

/** Some have no timeout of their own. */
function cleanup(maxMs: number): fc.Arbitrary<Cleanup> {
  const run = { kind: 'exec', argv: ['true'] } as const;
  return fc
    .record({ timeoutMs: fc.nat(maxMs), untimed: fc.boolean() })
    .map(({ timeoutMs, untimed }) => ({ run, timeoutMs, ...(untimed && { untimed }) }));
}

const onLoss: fc.Arbitrary<OnLoss> = fc.record({
  act: fc.constantFrom('restart' as const, 'restart' as const, 'stop' as const),
  afterMs: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(1000)),
});

function refined(rough: RoughService, at: number): ServiceConfig {
  return sampleService(`s${at}`, {
    dependsOn: at === 0 ? [] : edgesToEarlier(rough.edges, at),
    stop: { signal: 'SIGTERM', graceMs: rough.graceMs, command: undefined, target: 'group' },
    cleanup: rough.cleanups,
  });
}

/** Only backwards, so that there is no cycle; at most one to each. */
function edgesToEarlier(edges: readonly RoughEdge[], at: number): readonly Edge[] {
  const byTarget = new Map(
    edges.map(({ to, condition, optional, onLoss }) => {
      const canBeLost = condition === 'started' || condition === 'ready';
      const reaction = onLoss !== undefined && canBeLost ? { onLoss } : {};
      return [to % at, sampleEdge(`s${to % at}`, { condition, optional, ...reaction })];
    }),
  );
  return [...byTarget.values()];
}

function inFileOrder(rough: readonly RoughService[], services: readonly ServiceConfig[]): ServiceConfig[] {
  const places = new Map(services.map((service, at) => [service, rough[at]?.placeInFile ?? 0]));
  return services.toSorted((a, b) => places.get(a)! - places.get(b)!);
}
