/**
 * The definition of the configuration: validation, defaults and JSON Schema all come from here.
 */
import type { Config } from '../types.ts';
import { list, map } from './collection.ts';
import { command } from './command.ts';
import { condition, http } from './condition.ts';
import { SERVICE_NAME } from './edge.ts';
import { envCommands } from './env-from.ts';
import { hook, hooksObject } from './hook.ts';
import { includedFiles } from './include.ts';
import { field, type Given, object } from './object.ts';
import { countLimit, sizeLimit } from './rights.ts';
import { duration, durationOr, word } from './scalar.ts';
import { defaultsObject, environment, environmentFiles, service } from './service.ts';
import { text } from './text.ts';
import type { JsonSchema, Type } from './type.ts';

export const shutdownObject = object({
  budget: field(
    durationOr(['auto'], 1),
    'From the cause to the exit, everything included; auto is 28s, 9s as PID 1 outside Kubernetes.',
    'auto',
  ),
  interrupt_grace: field(duration(), 'The most that each service is given of its grace after Ctrl-C.', '2s'),
});

export const processObject = object({
  cgroup: field(
    word('auto', 'off', 'require'),
    'Keep the processes of each service in a cgroup (v2), which nothing leaves: if possible, never, or else start nothing.',
    'auto',
  ),
});

const successWord = word('all', 'first', 'last');
const successNames = list(text('the name of a service'), 'a list of names');

const success: Type<NonNullable<Config['success']> | 'all'> = {
  read: (value, at) => (Array.isArray(value) ? successNames.read(value, at) : successWord.read(value, at)),
  json: () => ({ anyOf: [successWord.json(), successNames.json()] }),
};

export const configObject = object({
  name: field(text(), "The name of the project; by default the folder's name."),
  env: field(environment, 'Environment variables for every service.'),
  env_file: field(environmentFiles, 'Files of environment variables for every service, later over earlier.'),
  env_from: field(
    envCommands,
    'Commands that print environment variables for every service; the values are masked in everything told.',
  ),
  shutdown: field(shutdownObject, 'How the whole program goes down.'),
  process: field(processObject, 'How processes are kept together.'),
  on: field(
    hooksObject,
    'What is run, or told to a webhook, when something has happened to the whole graph.',
  ),
  on_hangup: field(
    word('shutdown', 'reload'),
    'What SIGHUP asks for, unless it says that the terminal was closed.',
    'shutdown',
  ),
  success: field(
    success,
    'Whose ends decide the exit status: nothing may fail; the first or the last that ended by itself must not; or these must end with success.',
    'all',
  ),
  include: field(includedFiles, 'Further files, whose services are in the graph too.'),
  defaults: field(defaultsObject, 'Keys for every service.'),
  services: field(map(service, SERVICE_NAME, { readEmpty: true }), 'The services, by name.'),
});

const { env, env_file, env_from, defaults } = configObject.fields;

/** What a file says for all its services: an included one may say it too. */
export const sharedObject = object({ env, env_file, env_from, defaults });

export type GivenShared = Given<typeof sharedObject.fields>;

export type GivenConfig = Given<typeof configObject.fields>;

const DEFINITIONS = [service, command, condition, http, hook, sizeLimit, countLimit];

/**
 * JSON Schema (draft 2020-12) for editors, of one file, which may be one of several: no key is required. Keys that this
 * version doesn't support are left out, as they are errors.
 */
export function configJsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:orderlyd:supervisor.yaml',
    title: 'supervisor.yaml',
    description: 'Configuration of orderly, a process supervisor.',
    ...configObject.json(),
    $defs: Object.fromEntries(DEFINITIONS.map(({ name, definition }) => [name, definition()])),
  };
}
