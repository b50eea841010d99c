/**
 * `orderly env`: every variable of a service's environment, and where it comes from. Nothing is started; commands that print variables
 * are run only if that is asked for.
 *
 * No value of a file of variables or of a command is shown, nor one that is secret by its name.
 */
import { closest } from '../../config/diagnostics/closest.ts';
import { formatDiagnostic, type Place, shortPath } from '../../config/diagnostics/diagnostic.ts';
import type { EnvCommand } from '../../config/env-from-types.ts';
import { readConfig } from '../../config/load-config.ts';
import type { ServiceConfig } from '../../config/types.ts';
import { signalNumber } from '../../engine/outcome/exit-status.ts';
import { jsonText } from '../../events/printable.ts';
import { wantsColor } from '../../output/terminal/palette.ts';
import { preflight } from '../../preflight/preflight.ts';
import { renderTable } from '../client/service-table.ts';
import { remembering, withForeignFiles } from '../foreign-files.ts';
import { complainAll } from '../load-project.ts';
import { type Ending, UsageError, type World } from '../world.ts';
import { placedNames } from './commands.ts';
import { type Variable, variablesOf } from './variables.ts';

export interface EnvOptions {
  readonly file?: readonly string[];
  readonly json?: boolean;
  /** Commands that print variables are run, to tell which. */
  readonly ask?: boolean;
}

type Read = Extract<Awaited<ReturnType<typeof readConfig>>, { readonly ok: true }>;
type Places = ReadonlyMap<string, Place | undefined>;

export async function env(world: World, name: string, options: EnvOptions): Promise<Ending> {
  const { cwd } = world;
  const named = options.file ?? [];
  const { readFile, texts } = remembering(world.readFile);
  const read = await readConfig({ files: named, cwd, env: world.env, readFile });
  if (!read.ok) {
    complainAll(world, await withForeignFiles(read.diagnostics, named, cwd, texts));
    return { status: 2 };
  }
  const spec = serviceNamed(read.config.services, name);
  const missing = read.missing.get(name) ?? [];
  complainAll(world, missing);
  if (missing.length > 0) return { status: 2 };
  const commands = spec.envFrom?.commands ?? [];
  const asked =
    options.ask === true && commands.length > 0 ? await askCommands(world, read, spec) : undefined;
  if (asked !== undefined && 'status' in asked) return asked;
  const variables = variablesOf({
    printed: asked,
    ...{
      spec,
      own: read.environment.of(name),
      inherited: world.env,
      programFolders: await world.programFolders(spec.cwd),
      ofUser: await ofUser(world, spec, read),
    },
    ...{ colours: coloursOf(world), channels: CHANNELS, variable: read.environment.variable },
    isService: (word) => read.config.services.some((one) => one.name === word),
  });
  const places = await placesOf(variables, read);
  const notAsked = asked === undefined ? await placedNames(commands, read.locate, cwd) : [];
  const shown =
    options.json === true
      ? `${jsonText(
          {
            ...{ service: name, variables: variables.map((one) => asJson(one, places)) },
            ...(notAsked.length > 0 && { not_asked: notAsked }),
          },
          2,
        )}\n`
      : renderTable([
          ['NAME', 'FROM', 'VALUE'],
          ...variables.map((one) => [one.name, fromText(one, places, cwd), one.value ?? AT_THE_START]),
        ]) + notAskedText(notAsked);
  return { status: world.print(shown) === undefined ? 0 : 1 };
}

/** It is not known what they print. */
function notAskedText(names: readonly string[]): string {
  if (names.length === 0) return '';
  const lines = names.map((name) => `  ${name}`);
  return ['\nenv_from may print more, and other values: "orderly env --ask" runs', ...lines, ''].join('\n');
}

const AT_THE_START = '(known when it starts)';

/** By these our own parent speaks to us. */
const CHANNELS: readonly string[] = [
  ...['NODE_CHANNEL_FD', 'NODE_CHANNEL_SERIALIZATION_MODE', 'NOTIFY_SOCKET', 'ORDERLY_NOTIFY_FD'],
  ...['WATCHDOG_PID', 'WATCHDOG_USEC'],
];

function serviceNamed(services: readonly ServiceConfig[], name: string): ServiceConfig {
  const found = services.find((service) => service.name === name);
  if (found !== undefined) return found;
  const names = services.map((service) => service.name);
  const near = closest(name, names);
  const hint = near === undefined ? `Known are ${names.join(', ')}` : `Did you mean "${near}"?`;
  throw new UsageError(`Cannot tell the environment of "${name}": there is no service of that name. ${hint}`);
}

/** What can't be had on this machine may be had on another: it is told, and left out. */
async function ofUser(
  world: World,
  spec: ServiceConfig,
  { locate }: Read,
): Promise<Readonly<Record<string, string | undefined>>> {
  if (spec.rights === undefined) return {};
  const { rightsOf, problems } = await preflight(world, [spec]);
  for (const one of await locate(problems))
    world.complain(formatDiagnostic({ ...one, severity: 'warning' }, world.cwd));
  return rightsOf(spec.name)?.env ?? {};
}

/** Which command prints which variable; how the program ends where that can't be told. */
async function askCommands(
  world: World,
  { config, locate }: Read,
  spec: ServiceConfig,
): Promise<ReadonlyMap<string, EnvCommand> | Ending> {
  const { RunSecrets, secretsOfProject } = await import('../beside/run-secrets.ts');
  const complain = (text: string): void => world.complain(`orderly: ${text}`);
  const system = world.openSystem({ cgroup: 'off', note: complain, window: () => undefined });
  const secrets = new RunSecrets(world, secretsOfProject({ config }), {
    system: () => system,
    tell: complain,
  });
  let cut: Ending | undefined;
  world.onSignal({ hasCommand: false, hangupReloads: () => false }, (_signal, meaning) => {
    if (meaning.kind !== 'stop') return;
    cut ??= { status: 128 + signalNumber(meaning.signal), raise: meaning.signal };
    secrets.cut();
  });
  const troubles = await secrets.get({ locate }, [spec]);
  await secrets.close();
  (await system).dispose();
  if (cut !== undefined) return cut;
  for (const trouble of troubles ?? []) world.complain(trouble);
  return troubles?.length === 0 ? secrets.sourcesFor(spec) : { status: 2 };
}

/** As `up` would on this terminal. */
function coloursOf({ env: own, stdoutColumns }: World): readonly string[] {
  const isTty = stdoutColumns() !== undefined;
  return isTty && wantsColor({ isTty, flag: undefined, env: own })
    ? ['FORCE_COLOR', 'CLICOLOR_FORCE', 'COLUMNS']
    : [];
}

/** Of those that stand in the configuration, by their names. */
async function placesOf(variables: readonly Variable[], { locate }: Read): Promise<Places> {
  const problems = variables.flatMap(({ name, from }) =>
    from.kind === 'env' || from.kind === 'env_from'
      ? [{ severity: 'warning' as const, message: name, path: from.path, atKey: from.kind === 'env' }]
      : [],
  );
  return new Map((await locate(problems)).map(({ message, place }) => [message, place]));
}

function fromText({ name, from }: Variable, places: Places, cwd: string): string {
  if (from.kind === 'env_file') return `env_file ${shortPath(from.file, cwd)}:${from.line}`;
  if (from.kind !== 'env' && from.kind !== 'env_from') return from.kind;
  const place = places.get(name);
  return place === undefined
    ? from.kind
    : `${from.kind} ${shortPath(place.file, cwd)}:${place.line}:${place.column}`;
}

function asJson({ name, from, value }: Variable, places: Places): unknown {
  const place = places.get(name);
  const where =
    from.kind === 'env_file'
      ? { file: from.file, line: from.line }
      : (from.kind === 'env' || from.kind === 'env_from') && place !== undefined
        ? { file: place.file, line: place.line, column: place.column }
        : {};
  return { name, from: from.kind, ...where, value: value ?? null };
}
