/**
 * The commands that run no services, most of which ask a run, as the command line has them: each with what it takes and what it does.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../config/duration.ts';
import { FORMATS } from '../../importers/formats.ts';
import { type Ending, UsageError } from '../world.ts';
import type { ClientWorld } from './client-world.ts';

type Options = Readonly<Record<string, unknown>>;

/** By their names: whoever runs one of them needs nothing of what runs services. */
export const CLIENT_COMMANDS = [
  'ps',
  'logs',
  'why',
  'start',
  'stop',
  'restart',
  'signal',
  'wait',
  'scale',
  'reload',
  'down',
  'events',
  'health',
  'ls',
  'agent',
  'init',
  'import',
  'complete',
] as const;

type ClientCommand = (typeof CLIENT_COMMANDS)[number];

type Deed = (world: ClientWorld, names: string[], options: Options) => Promise<Ending> | Ending;

/** Runs a command with its words and its options. */
export type Act = (deed: Deed) => (names: string[], options: Options) => Promise<void>;

/**
 * `run` is called with what each does; options of the project may stand before the command too. `only`: that one alone, since to declare
 * the others takes a millisecond.
 */
export function declareClientCommands(program: Command, run: Act, only?: string): void {
  const act = (deed: Deed) => {
    const acted = run(deed);
    return (...given: unknown[]): Promise<void> => {
      const parsed = given.at(-1) as Command;
      return acted([...parsed.args], withParent(parsed));
    };
  };
  // Where `-f` means to follow, as everywhere, the file has only its long name.
  const of = (name: string, about: string, file = '-f, --file <file>'): Command =>
    program
      .command(name)
      .description(about)
      .option(file, 'the project that this file is of (default: the nearest)', collect)
      .option('--project <name>', 'the project that was given this name')
      .option('--json', 'answer with JSON');
  const asking = (name: string, about: string): Command =>
    of(name, about)
      .option('--dry-run', 'show what would be done, and do nothing')
      .option('--no-wait', 'return when it is accepted')
      .option('--timeout <duration>', 'wait no longer; the request goes on', duration)
      .option('--fail-if-busy', 'refuse to take the place of another request')
      .option('-q, --quiet', 'do not show what is waited for');

  const labelled = (command: Command): Command =>
    command.option('-l, --label <label>', 'those with this label: key, or key=value; repeatable', collect);

  const declarations: Record<ClientCommand, () => Command> = {
    ps: () =>
      labelled(of('ps', 'show where each service is'))
        .argument('[service...]')
        .option('-u, --usage', 'with processor, memory, and where each listens')
        .option('-w, --watch', 'show it again whenever something changes, and what is used each second')
        .action(
          act(async (world, names, options) =>
            options.watch === true
              ? (await import('./watch-ps.ts')).watchPs(world, names, options)
              : (await import('./ps.ts')).ps(world, names, options),
          ),
        ),
    logs: () =>
      labelled(of('logs', 'show what services wrote', '--file <file>'))
        .argument('[service...]')
        .option('-f, --follow', 'and what they go on writing')
        .option('-n, --tail <lines>', 'the last so many lines (default: 100)', wholeNumber)
        .option('--since <duration>', 'only of so long ago', duration)
        .option('--until <duration>', 'only until so long ago', duration)
        .option('--grep <text>', 'only lines with this text')
        .option('-t, --timestamps', 'begin each line with the time at which it was written')
        .action(
          act(async (world, names, options) => (await import('./logs.ts')).logs(world, names, options)),
        ),
    why: () =>
      of('why', 'tell why a service is where it is, and what would help')
        .argument('<service>')
        .action(
          act(async (world, [name = ''], options) => (await import('./look.ts')).why(world, name, options)),
        ),
    start: () =>
      labelled(asking('start', 'start services, with what they need'))
        .argument('[service...]')
        .option('--no-deps', 'them alone: they wait for what they need')
        .action(asks((names, { deps }) => ({ kind: 'start', names, no_deps: deps === false }))),
    stop: () =>
      labelled(asking('stop', 'stop services, and first what can not be without them'))
        .argument('[service...]')
        .option('--no-deps', 'them alone: what needs them loses them')
        .option('--now', 'kill them when their turn comes')
        .option('--grace <duration>', 'how long each has, in place of its own', duration)
        .action(
          asks((names, { deps, now, grace }) => ({
            ...{ kind: 'stop', names, no_deps: deps === false },
            grace_ms: now === true ? 0 : grace,
          })),
        ),
    restart: () =>
      labelled(asking('restart', 'give services a new instance'))
        .argument('[service...]')
        .option('--with-dependents', 'and all that can not be without them')
        .option('--no-deps', 'nobody else takes notice')
        .option('--if-up', 'leave alone what is at rest')
        .option('--parallel <n>', 'of replicas: how many at the same time', wholeNumber)
        .option('--settle <duration>', 'of replicas: how long one must be ready before the next', duration)
        .action(
          asks((names, { deps, withDependents, ifUp, parallel, settle }) => ({
            ...{ kind: 'restart', names, no_deps: deps === false, with_dependents: withDependents },
            ...{ if_up: ifUp, parallel, settle_ms: settle },
          })),
        ),
    signal: () =>
      labelled(asking('signal', 'send a signal to main processes: orderly signal api HUP'))
        .argument('<service-and-signal...>')
        .addOption(new Option('--whom <whom>', 'which processes').choices(['main', 'group', 'tree']))
        .action(
          asks((words, { whom }) => {
            const signal = (words.at(-1) ?? '').toUpperCase();
            return {
              ...{ kind: 'signal', names: words.slice(0, -1), whom },
              signal: signal.startsWith('SIG') ? signal : `SIG${signal}`,
            };
          }),
        ),
    wait: () =>
      labelled(of('wait', 'wait until services are ready, or what else is wanted'))
        .argument('[service...]')
        .addOption(
          new Option('--for <state>', 'what is waited for')
            .choices(['ready', 'completed', 'stopped', 'healthy'])
            .default('ready'),
        )
        .option('--any', 'one of them is enough')
        .option('--timeout <duration>', 'wait no longer', duration)
        .option('-q, --quiet', 'do not show what is waited for')
        .action(asks((names, options) => ({ kind: 'wait', names, until: options.for, any: options.any }))),
    scale: () =>
      asking('scale', 'set how many replicas there are: orderly scale web=3')
        .argument('<service=n>')
        .action(
          asks(([word = '']) => {
            const [, name = '', count = ''] = /^(.*)=(\d+)$/.exec(word) ?? [];
            if (name === '') throw new UsageError('Cannot scale: write the service and how many: web=3');
            return { kind: 'scale', names: [name], replicas: Number(count) };
          }),
        ),
    reload: () =>
      asking('reload', 'read the configuration again, and change what is different')
        .option('--no-rollback', 'stay with the new one, also if something of it fails')
        .action(asks((_names, { rollback }) => ({ kind: 'reload', no_rollback: rollback === false }))),
    down: () =>
      of('down', 'stop everything, and end')
        .option('--now', 'kill what is there, in its order; clean-ups run')
        .option('--budget <duration>', 'how long it may take', duration)
        .option('-q, --quiet', 'say nothing')
        .action(act(async (world, _names, options) => (await import('./down.ts')).down(world, options))),
    events: () =>
      of('events', 'show the events of a run, as JSON lines', '--file <file>')
        .option('-f, --follow', 'and those to come')
        .option('--since <seq>', 'those after this number', wholeNumber)
        .action(act(async (world, _names, options) => (await import('./look.ts')).events(world, options))),
    health: () =>
      of('health', 'status 0 if everything that is wanted is ready, else 1: for probes')
        .option('--live', 'only whether it answers')
        .action(act(async (world, _names, options) => (await import('./look.ts')).health(world, options))),
    ls: () =>
      program
        .command('ls')
        .description('show all runs of this user')
        .option('--json', 'answer with JSON')
        .action(act(async (world, _names, options) => (await import('./look.ts')).ls(world, options))),
    agent: () =>
      program
        .command('agent')
        .description(
          'let an agent look at a run and command it: a Model Context Protocol server over stdin and stdout',
        )
        .option('-f, --file <file>', 'the project that this file is of (default: the nearest)', collect)
        .option('--project <name>', 'the project that was given this name')
        .action(
          act(async (world, _names, options) =>
            (await import('./agent/agent.ts')).agent(world, options, program.version() ?? ''),
          ),
        ),
    complete: () =>
      program
        .command('complete', { hidden: true })
        .description('tell a shell what it can propose')
        .argument('<kind>', 'services, labels or scripts')
        .argument('[word...]', 'after --: the words so far, and the one that is being typed')
        .action(act(async (world, words) => (await import('./complete.ts')).complete(world, words))),
    init: () =>
      program
        .command('init')
        .description(
          'write a first supervisor.yaml, of what the folder has; nothing that is there is changed',
        )
        .option('--agents', 'add a section about orderly to AGENTS.md')
        .action(act(async (world, _names, options) => (await import('./init/init.ts')).init(world, options))),
    import: () =>
      program
        .command('import')
        .description(
          'write a supervisor.yaml of a compose file, a Procfile, a package.json, …, and tell what is lost',
        )
        .argument('<file>')
        .addOption(new Option('--from <format>', 'what it is, if its name does not say').choices(FORMATS))
        .option(
          '-o, --out <file>',
          'where to write it; - prints it (default: supervisor.yaml, if there is none)',
        )
        .action(
          act(async (world, [name = ''], options) =>
            (await import('./import/import.ts')).importFile(world, name, options),
          ),
        ),
  };
  for (const name of CLIENT_COMMANDS) if (only === undefined || only === name) declarations[name]();

  function asks(bodyOf: (names: string[], options: Options) => AskedBody) {
    return act(async (world, names, options) => {
      const { request } = await import('./request.ts');
      return request(world, withChoice(bodyOf(names, options), options), options);
    });
  }
}

type AskedBody = Readonly<Record<string, unknown>> & {
  readonly kind: string;
  readonly names?: readonly string[];
};

/** With the labels, and without an empty list of names. Throws a `UsageError` if neither says which services are meant. */
function withChoice(body: AskedBody, { label: labels }: Options): AskedBody {
  const { names, ...rest } = body;
  if (names === undefined) return body;
  if (names.length === 0 && labels === undefined)
    throw new UsageError(`Cannot ${body.kind}: name the services, or choose them with --label`);
  return { ...rest, ...(names.length > 0 && { names }), ...(labels !== undefined && { labels }) };
}

function withParent(parsed: Command): Options {
  const before = parsed.parent?.opts() ?? {};
  const own = parsed.opts();
  return { ...before, ...own, file: [...(before.file ?? []), ...(own.file ?? [])] };
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function duration(value: string): number {
  const ms = parseDuration(value);
  if (ms === undefined) throw new InvalidArgumentError('Write a duration such as 500ms, 3s or 1m30s.');
  return ms;
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('Write a whole number, from 0 on.');
  return Number(value);
}
