/**
 * What a service's processes are given: environment, and texts with the reported values filled in. Pure.
 */
import { fillTemplate } from '../config/template.ts';
import type { ServiceConfig, Template } from '../config/types.ts';
import type { Values } from '../events/values.ts';

/** A reported value that is needed isn't there. The message is a clause fit after the service's name. */
export class MissingValueError extends Error {
  override readonly name = 'MissingValueError';
}

/** Fills in templates of one service; throws `MissingValueError` for a value that was not reported. */
export type Fill = (template: Template) => string;

export function createFill(valuesOf: (service: string) => Values): Fill {
  return (template) => {
    const filled = fillTemplate(template, (reference) => valuesOf(reference.service)[reference.value]);
    if (filled.ok) return filled.text;
    const { service, value } = filled.missing;
    const known = Object.keys(valuesOf(service));
    const reported = known.length === 0 ? 'no values' : `only ${known.join(', ')}`;
    throw new MissingValueError(`needs \${${service}.${value}}, but "${service}" reported ${reported}`);
  };
}

/** The inherited variables that the service lets in, over them those that go with its user, over those its own. */
export function serviceEnvironment(
  spec: ServiceConfig,
  inherited: Readonly<Record<string, string | undefined>>,
  fill: Fill,
  ofUser: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of spec.envInherit === true ? Object.keys(inherited) : spec.envInherit) {
    const value = inherited[name];
    if (value !== undefined) environment[name] = value;
  }
  for (const [name, value] of Object.entries(ofUser)) {
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
  for (const name of spec.envUnset ?? []) delete environment[name];
  for (const [name, template] of Object.entries(spec.env)) environment[name] = fill(template);
  return environment;
}
