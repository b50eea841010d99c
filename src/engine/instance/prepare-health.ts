/**
 * The health check of an instance that is about to be launched. One that speaks of values that the service itself
 * reports (the port that it chose) can be made only once it is ready; which channel it needs is known before.
 */
import { createHealthCheck } from '../../conditions/create-health-check.ts';
import { createLateHealth, type HealthCheck } from '../../conditions/health/check.ts';
import type { Fill, ProbeContext } from '../../conditions/probe/probe.ts';
import { references } from '../../config/variables/template.ts';
import type { Values } from '../../events/fact-shape.ts';
import type { Run } from '../run/run.ts';
import type { ServiceNode } from '../service/node.ts';
import { createFill, MissingValueError } from './environment.ts';

/** Stands for every value of its own, as long as there are none. */
const ANY: Values = new Proxy(
  {},
  {
    get: () => '1',
    ownKeys: () => [],
    getOwnPropertyDescriptor: () => ({ value: '1', configurable: true, enumerable: true }),
  },
);

/** Undefined: its health isn't checked. Throws a `MissingValueError` for a value of another service. */
export function prepareHealth(run: Run, node: ServiceNode, context: ProbeContext): HealthCheck | undefined {
  const { health } = node.spec;
  if (health === undefined) return undefined;
  let isAboutItself = false;
  const valuesOf = (service: string) => run.nodes.get(service)?.values ?? {};
  const fillOthers = createFill((service) => (service === node.name ? ANY : valuesOf(service)));
  const fill: Fill = (template, asNumber) => {
    isAboutItself ||= references(template).some(({ service }) => service === node.name);
    return fillOthers(template, asNumber);
  };
  const draft = createHealthCheck(health.condition, { ...context, fill });
  if (!isAboutItself) return draft;
  return createLateHealth(draft, () => {
    try {
      return createHealthCheck(health.condition, { ...context, fill: createFill(valuesOf) });
    } catch (error) {
      if (error instanceof MissingValueError) return { why: error.message };
      throw error;
    }
  });
}
