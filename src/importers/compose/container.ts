/**
 * A service that only its image can run: docker compose runs it in the foreground. Pure.
 */
import type { ConfigPath } from '../../config/diagnostics/problem.ts';
import type { ServiceKeys, Value } from '../imported.ts';
import type { Tell } from '../read-yaml.ts';
import { filledIn } from '../texts.ts';
import { duration, durationMs, get, textAt, variablesOf } from '../values.ts';
import { healthOf, testOf } from './health.ts';
import type { HostRewriter } from './hosts.ts';
import type { ComposeService } from './service.ts';

/** What a service is seen with. */
export interface ComposeProject {
  /** The name of the file, without its folder. */
  readonly file: string;
  readonly services: readonly ComposeService[];
  readonly hosts: HostRewriter;
  readonly tell: Tell;
}

export interface Translation {
  readonly keys: ServiceKeys;
  readonly notes?: readonly string[];
}

const FOUND_BY_ITSELF = /^(?:docker-)?compose\.ya?ml$/;
/** Docker waits as long for the container, before it kills it; killed itself, it would leave the container. */
const DOCKER_GRACE_MS = 10_000;
const AFTER_DOCKER_MS = 5_000;

export function containerKeys({ theirs, written }: ComposeService, project: ComposeProject): Translation {
  const { file, services, tell } = project;
  const path: ConfigPath = ['services', theirs];
  const compose = ['docker', 'compose', ...(FOUND_BY_ITSELF.test(file) ? [] : ['-f', file])];
  const { image, key } = imageOf(written);
  const needs =
    get(written, 'command') === undefined
      ? 'has no command of its own'
      : 'has a command that its image has to run';
  tell(
    key === undefined ? path : [...path, key],
    `"${theirs}" ${needs}: docker runs ${image}, in the foreground`,
    'It needs docker. Without it write the program of this machine as its command',
  );
  tellOfNeighbours(written, path, services, tell);
  const healthcheck = get(written, 'healthcheck');
  const test = testOf(healthcheck);
  const words = typeof test === 'string' ? ['sh', '-c', filledIn(test)] : test?.map(filledIn);
  const exec: Value | undefined = words && [...compose, 'exec', '-T', theirs, ...words];
  const graceMs = durationMs(get(written, 'stop_grace_period'), 1000) ?? DOCKER_GRACE_MS;
  return {
    keys: {
      command: [...compose, 'up', '--no-deps', '--no-log-prefix', theirs],
      ...(exec !== undefined && healthOf(healthcheck, exec)),
      stop: { grace: duration(graceMs + AFTER_DOCKER_MS) },
    },
    notes: [`${image} is a container: it needs docker.`],
  };
}

function imageOf(written: unknown): { readonly image: string; readonly key: string | undefined } {
  const image = textAt(written, 'image');
  if (image !== undefined) return { image, key: 'image' };
  return get(written, 'build') === undefined
    ? { image: 'it', key: undefined }
    : { image: 'the image that it builds', key: 'build' };
}

/** In its container 127.0.0.1 is the container. */
function tellOfNeighbours(
  written: unknown,
  path: ConfigPath,
  services: readonly ComposeService[],
  tell: Tell,
): void {
  for (const [name, text] of variablesOf(get(written, 'environment'))) {
    const words = new Set(text.split(/[^\w.-]+/));
    const moved = services.find(
      ({ argv, theirs }) => argv !== undefined && words.has(theirs) && /[:/@]/.test(text),
    );
    if (moved !== undefined)
      tell(
        [...path, 'environment', name],
        `"${name}" names "${moved.theirs}", which is no container any more`,
        'From a container this machine is host.docker.internal',
      );
  }
}
