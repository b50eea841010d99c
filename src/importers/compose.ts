/**
 * Compose files, of version 2 and later: what has a command of its own is run by this machine, everything else by docker in the
 * foreground, and told.
 *
 * Variables are filled in as compose does: nothing where they aren't set. Nothing is started again that has no `restart`, and who fails
 * takes nobody along, except while others wait for it.
 */
import { basename } from 'node:path';
import { isMap } from '../config/yaml/document-value.ts';
import { containerKeys } from './compose/container.ts';
import { edgesOf, withExtended } from './compose/graph.ts';
import { hostRewriter } from './compose/hosts.ts';
import { lostTopKey } from './compose/lost.ts';
import { programKeys } from './compose/program.ts';
import { restartOf } from './compose/restart.ts';
import { argvOf, type ComposeService, portsOf } from './compose/service.ts';
import type { ImportedService, Importer, ServiceKeys } from './imported.ts';
import { createNames, renamed } from './names.ts';
import { importYaml, type Tell } from './read-yaml.ts';
import { filledIn } from './texts.ts';
import { entriesOf, get, mapped, numberAt, textAt, textsOf, variablesOf } from './values.ts';

export const importCompose: Importer = (source) =>
  importYaml(source, (document, tell) => {
    for (const key of Object.keys(document)) {
      const lost = lostTopKey(key);
      if (lost !== undefined) tell([key], `"${key}" is left out: ${lost[0]}`, lost[1]);
    }
    const services = servicesOf(document, tell);
    const hosts = hostRewriter(services, aliasesOf(services));
    const awaited = awaitedToEnd(services);
    const file = basename(source.file);
    const project = { file, services, hosts, tell };
    const imported = services.map((service): ImportedService => {
      const { keys, notes } =
        service.argv === undefined ? containerKeys(service, project) : programKeys(service, project);
      const common = commonKeys(service, services, awaited, tell);
      // A task is ready when it has ended well, and asked nothing.
      const asked = common.type === 'task' ? { ready: undefined, health: undefined } : {};
      return { name: service.name, keys: { ...common, ...keys, ...asked }, ...(notes && { notes }) };
    });
    const name = textAt(document, 'name');
    return {
      top: { ...(name !== undefined && name !== '' && { name: filledIn(name) }) },
      services: imported,
    };
  });

function servicesOf(document: unknown, tell: Tell): readonly ComposeService[] {
  const names = createNames();
  const all = get(document, 'services');
  return entriesOf(all).flatMap(([theirs]) => {
    const written = withExtended(all, theirs, tell);
    const path = ['services', theirs];
    if (!isMap(written)) {
      tell(path, `"${theirs}" is left out: it is no map`, 'Write at least its image or its command');
      return [];
    }
    const name = names.of(theirs);
    if (name !== theirs) tell(path, renamed(theirs, name));
    return [{ theirs, name, written, argv: argvOf(written), ports: portsOf(written) }];
  });
}

/** The names by which others know a service of the network besides its own. */
function aliasesOf(services: readonly ComposeService[]): ReadonlyMap<string, ComposeService> {
  const byName = new Map(services.map((one) => [one.theirs, one]));
  const aliases = new Map<string, ComposeService>();
  for (const service of services) {
    const container = textAt(service.written, 'container_name');
    const own = entriesOf(get(service.written, 'networks')).flatMap(([, network]) =>
      textsOf(get(network, 'aliases')),
    );
    for (const alias of [...own, ...textsOf(container)]) aliases.set(alias, service);
    for (const link of textsOf(get(service.written, 'links'))) {
      const [target = '', alias = target] = link.split(':');
      const linked = byName.get(target);
      if (linked !== undefined && alias !== '') aliases.set(alias, linked);
    }
  }
  return aliases;
}

/** Those that others wait for until they have ended. */
function awaitedToEnd(services: readonly ComposeService[]): ReadonlySet<string> {
  return new Set(
    services.flatMap(({ written }) =>
      entriesOf(get(written, 'depends_on'))
        .filter(([, edge]) => textAt(edge, 'condition') === 'service_completed_successfully')
        .map(([theirs]) => theirs),
    ),
  );
}

/** What means the same wherever it runs. */
function commonKeys(
  { theirs, name, written }: ComposeService,
  services: readonly ComposeService[],
  awaited: ReadonlySet<string>,
  tell: Tell,
): ServiceKeys {
  const path = ['services', theirs];
  const profiles = textsOf(get(written, 'profiles')).filter((profile) => profile !== '');
  const restart = restartOf(written);
  if (restart === undefined)
    tell(
      [...path, 'restart'],
      `"restart" of "${theirs}" can not be read: it is not started again`,
      'Write restart: always',
    );
  const scale = numberAt(written, 'scale') ?? numberAt(get(written, 'deploy'), 'replicas') ?? 1;
  if (scale !== 1) {
    const at = get(written, 'scale') === undefined ? 'deploy' : 'scale';
    tell(
      [...path, at],
      `"${theirs}" is to have ${scale} replicas, and has one`,
      `When it runs: orderly scale ${name}=${scale}`,
    );
  }
  if (get(written, 'deploy') !== undefined && get(get(written, 'deploy'), 'resources') !== undefined)
    tell(
      [...path, 'deploy', 'resources'],
      `"deploy.resources" of "${theirs}" is left out`,
      'Limit it where the program can, as node does by --max-old-space-size; nice: 10 lets others go first',
    );
  const isTask = awaited.has(theirs);
  return {
    ...(isTask && { type: 'task' }),
    depends_on: edgesOf(written, path, services, tell),
    restart: restart ?? 'no',
    ...(!isTask && { on_failure: 'ignore' }),
    ...(profiles.length > 0 && { profiles: profiles.map(filledIn) }),
    labels: mapped(variablesOf(get(written, 'labels')), filledIn),
  };
}
