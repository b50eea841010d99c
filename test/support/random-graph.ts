/**
 * Random configurations for properties: acyclic, with random edges, graces, clean-ups, and an order in the file
 * that has nothing to do with the order of the dependencies. They shrink to few services with small numbers.
 */
import fc from 'fast-check';
import type { Config, Edge, EdgeCondition, OnLoss, ServiceConfig } from '../../src/config/types.ts';
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
  readonly cleanupsMs: readonly number[];
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
    cleanupsMs: fc.array(fc.nat(maxCleanupMs), { maxLength: 2 }),
    placeInFile: fc.nat(1000),
  });
  return fc
    .array(service, { minLength: 1, maxLength: maxServices })
    .map((rough) => sampleConfig(inFileOrder(rough, rough.map(refined))));
}

const onLoss: fc.Arbitrary<OnLoss> = fc.record({
  act: fc.constantFrom('restart' as const, 'restart' as const, 'stop' as const),
  afterMs: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(1000)),
});

function refined(rough: RoughService, at: number): ServiceConfig {
  return sampleService(`s${at}`, {
    dependsOn: at === 0 ? [] : edgesToEarlier(rough.edges, at),
    stop: { signal: 'SIGTERM', graceMs: rough.graceMs, command: undefined, target: 'group' },
    cleanup: rough.cleanupsMs.map((timeoutMs) => ({ run: { kind: 'exec', argv: ['true'] }, timeoutMs })),
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
  const place = (service: ServiceConfig) => rough[services.indexOf(service)]?.placeInFile ?? 0;
  return services.toSorted((a, b) => place(a) - place(b));
}
