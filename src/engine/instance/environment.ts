/**
 * What a service's processes are given: environment, and texts with the reported values filled in. Pure.
 */
import type { Fill } from '../../conditions/probe/probe.ts';
import type { ServiceConfig, ValueReference } from '../../config/types.ts';
import { fillTemplate, referenceText } from '../../config/variables/template.ts';
import { reportedValue, type Values } from '../../events/fact-shape.ts';

/** A reported value that is needed isn't there, or can't be used. The message is a clause fit after the service's name. */
export class MissingValueError extends Error {
  override readonly name = 'MissingValueError';
}

/** What commands have printed for a service; throws a `MissingValueError` if it isn't known, though it needs it. */
export function printedVariables(
  spec: ServiceConfig,
  printedFor: ((spec: ServiceConfig) => ReadonlyMap<string, string> | undefined) | undefined,
): ReadonlyMap<string, string> {
  const printed = spec.envFrom === undefined ? new Map<string, string>() : printedFor?.(spec);
  if (printed !== undefined) return printed;
  throw new MissingValueError('needs the variables of its "env_from", and no command was run for them');
}

/** Longer ones are none to a shell. */
const NUMBER = /^-?\d{1,18}$/;

/** Fills in templates of one service; throws `MissingValueError` for a value that was not reported, or can't be used. */
export function createFill(valuesOf: (service: string) => Values): Fill {
  return (template, asNumber = false) => {
    const filled = fillTemplate(template, (reference) => {
      const text = reportedValue(valuesOf(reference.service), reference.value);
      if (text !== undefined) checkUse(reference, text, asNumber);
      return text;
    });
    if (filled.ok) return filled.text;
    const { service } = filled.missing;
    const known = Object.keys(valuesOf(service));
    const reported = known.length === 0 ? 'no values' : `only ${known.join(', ')}`;
    throw new MissingValueError(
      `needs ${referenceText(filled.missing)}, but "${service}" reported ${reported}`,
    );
  };
}

function checkUse(reference: ValueReference, text: string, asNumber: boolean): void {
  const needs = `needs ${referenceText(reference)}, but what "${reference.service}" reported`;
  if (text.includes('\0'))
    throw new MissingValueError(`${needs} has a NUL character in it, which no program can get`);
  if (/\p{Cs}/u.test(text))
    throw new MissingValueError(
      `${needs} has half a character in it (a lone surrogate), which no program can get`,
    );
  if (asNumber && !NUMBER.test(text))
    throw new MissingValueError(
      `${needs} is no whole number, and a shell calculates with it: ${JSON.stringify(text)}`,
    );
}

/** Of a terminal, where nothing says which one it is. */
const USUAL_TERMINAL = 'xterm';

/** Before it programs of the project are looked for, unless the service says where it looks. */
function searchPath(path: string, folders: readonly string[]): string {
  return [...folders, ...(path === '' ? [] : [path])].join(':');
}

/**
 * The inherited variables that the service lets in, over them those that go with its user, over those its own; those that commands
 * have `printed` for it are over its own but for some. `programFolders` stand before an inherited PATH.
 */
export function filledEnvironment(
  spec: ServiceConfig,
  inherited: Readonly<Record<string, string | undefined>>,
  fill: Fill,
  ofUser: Readonly<Record<string, string | undefined>> = {},
  printed: ReadonlyMap<string, string> = new Map(),
  programFolders: readonly string[] = [],
): Record<string, string> {
  const environment: Record<string, string> = {
    ...(spec.terminal === true ? { TERM: USUAL_TERMINAL } : {}),
    ...(spec.envInherit === true ? definedIn(inherited) : onlyOf(inherited, spec.envInherit)),
  };
  for (const [name, value] of Object.entries(ofUser)) {
    if (value === undefined) delete environment[name];
    else put(environment, name, value);
  }
  for (const name of spec.envUnset ?? []) delete environment[name];
  const { PATH: path } = environment;
  if (path !== undefined && programFolders.length > 0) environment.PATH = searchPath(path, programFolders);
  for (const [name, template] of Object.entries(spec.env)) put(environment, name, fill(template));
  for (const [name, value] of printed) if (!spec.envFrom?.over.includes(name)) put(environment, name, value);
  return environment;
}

const defined = new WeakMap<object, Readonly<Record<string, string>>>();

/** Most services let in all that there is: it is looked through once. */
function definedIn(
  inherited: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const known = defined.get(inherited) ?? onlyOf(inherited, Object.keys(inherited));
  defined.set(inherited, known);
  return known;
}

function onlyOf(
  inherited: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = Object.hasOwn(inherited, name) ? inherited[name] : undefined;
    if (value !== undefined) put(found, name, value);
  }
  return found;
}

/** Any name may be asked for, that of a prototype too. */
function put(environment: Record<string, string>, name: string, value: string): void {
  if (name !== '__proto__') environment[name] = value;
  else
    Object.defineProperty(environment, name, { value, enumerable: true, configurable: true, writable: true });
}
