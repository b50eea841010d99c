/**
 * The command line: what it may say, and which command it is. Bad usage is a sentence and status 2.
 */
import { Argument, Command, CommanderError, Option } from 'commander';
import { declareAllOptions } from './all/options.ts';
import { declareClientCommands } from './client/commands.ts';
import { askedFor, saidStatus } from './client/run-client.ts';
import {
  budget,
  collect,
  columns,
  commaList,
  descriptor,
  duration,
  FILE,
  outputFormat,
  project,
  runningServices,
  supervising,
} from './options.ts';
import type { Ending, World } from './world.ts';

type Options = Readonly<Record<string, unknown>>;

/** Parses and runs. Resolves with how the program ends; rejects only for bugs. */
export async function runProgram(world: World): Promise<Ending> {
  let ending: Ending = { status: 0 };
  const run = (command: (names: string[], options: Options) => Promise<Ending> | Ending) => {
    return async (names: string[], _own: Options, parsed: Command) => {
      ending = await command(names, merged(parsed));
    };
  };
  const look: typeof run = (command) =>
    run((names, options) => {
      world.letSignalsEnd();
      return command(names, options);
    });
  const program = createProgram(world, run, look);
  try {
    await program.parseAsync(['node', 'orderly', ...world.argv]);
    return ending;
  } catch (error) {
    if (error instanceof CommanderError) return { status: error.exitCode === 0 ? 0 : 2 };
    const status = saidStatus(error);
    if (status === undefined) throw error;
    world.complain(`orderly: ${(error as Error).message}`);
    return { status };
  }
}

type Runner = (
  command: (names: string[], options: Options) => Promise<Ending> | Ending,
) => (names: string[], own: Options, parsed: Command) => Promise<void>;

/** `look` is for commands that start nothing. Each is loaded when it is called: starting costs only what is used. */
function createProgram(world: World, run: Runner, look: Runner): Command {
  const program = new Command('orderly')
    .description('Starts a graph of services in the order they become ready, and takes it down in reverse.')
    .version(world.version)
    .enablePositionalOptions()
    .showHelpAfterError('(orderly --help shows the usage)')
    .addHelpText(
      'after',
      '\n"orderly help" lists the chapters of the manual, and "orderly help TOPIC" shows one.',
    )
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void world.print(text),
      writeErr: (text) => world.complain(text.trimEnd()),
    });

  project(program);
  supervising(program.command('up'))
    .description('run the graph, or the named services with what they need, in the foreground')
    .argument('[service...]')
    .option('-d, --detach', 'leave it in the background, and return when all is ready')
    .option('--timeout <duration>', 'with -d: wait no longer; it goes on', duration)
    .option('-q, --quiet', 'with -d: tell only what went wrong')
    .option('--listen <address>', 'let clients in at 127.0.0.1:PORT too, with a token; 0: any free port')
    .option('--token-file <file>', 'with --listen: the token they must know (default: one is made)')
    .addOption(new Option('--in-background <file>').hideHelp())
    .addOption(new Option('--exit-code-from <service>', 'end with this service, and with its exit code'))
    .action(run(async (names, options) => (await import('./up.ts')).up(world, names, options)));
  // Nothing else can be meant, and what isn't declared costs nothing.
  if (world.argv[0] === 'up') return program;

  project(program.command('check'))
    .description('load, validate and show the plan: start waves, stop order, worst cases, warnings')
    .argument('[service...]')
    .addOption(budget())
    .addOption(outputFormat())
    .action(look(async (names, options) => (await import('./check/check.ts')).check(world, names, options)));

  project(program.command('graph'))
    .description('show the graph')
    .argument('[service...]')
    .addOption(
      new Option('--format <format>', 'how').choices(['tree', 'mermaid', 'dot', 'json']).default('tree'),
    )
    .action(
      look(async (names, options) => (await import('./graph.ts')).graph(world, names, options as never)),
    );

  program
    .command('env')
    .description('tell every variable of a service, and where it comes from; secrets are masked')
    .argument('<service>')
    .option(...FILE, collect)
    .option('--ask', 'run the commands of "env_from" too, to tell which variables they print')
    .option('--json', 'as JSON')
    .action(async (name: string, own: Options, parsed: Command) => {
      const tell = look(async (_names, options) => (await import('./env/env.ts')).env(world, name, options));
      await tell([], own, parsed);
    });

  supervising(program.command('run'))
    .description('start what a command needs, run it with the terminal, shut down, exit with its code')
    .argument('<service-or-command...>', 'a service of the graph, or a command after --')
    .option('--needs <services>', 'services the command needs, separated by commas', commaList)
    .addOption(new Option('--lifeline <fd>').argParser(descriptor).hideHelp())
    .passThroughOptions()
    .action(run(async (words, options) => (await import('./run.ts')).run(world, words, options)));

  runningServices(declareAllOptions(program.command('all')))
    .description('run commands side by side, as concurrently does, without a file')
    .argument('[command...]', 'each a word: "npm:dev-*", "php artisan serve"')
    .action(async (words: string[], own: Options, parsed: Command) => {
      const behind = wordsBehind(world.argv);
      const runAll = run(async (given, options) =>
        (await import('./all/all.ts')).all(world, given, behind, options),
      );
      await runAll(words, own, parsed);
    });

  const draw = look(async ([file], options) =>
    (await import('./timeline.ts')).timeline(world, file, options, async (named) =>
      (await import('../config/files/read-sources.ts')).sourceFiles(named, world),
    ),
  );
  program
    .command('timeline')
    .description('draw a recorded run: what each service was when, and both critical paths')
    .argument('[record]', 'the file of --record, or - for stdin (default: the last run of the project)')
    .option('-f, --file <file>', 'the project that this file is of (default: the nearest)', collect)
    .option('--project <name>', 'the project that was given this name')
    .addOption(
      new Option('--format <format>', 'how (default: what the name of the output says, else text)').choices([
        'text',
        'svg',
        'html',
      ]),
    )
    .option('-o, --out <file>', 'where to (default: stdout)')
    .option(
      '--width <columns>',
      'of text (default: COLUMNS, else that of the terminal, from 80 to 200)',
      columns,
    )
    .option('--to <service>', 'show what its start waited for, in place of the last one that became ready')
    .action((file: string | undefined, own: Options, parsed: Command) =>
      draw(file === undefined ? [] : [file], own, parsed),
    );

  declareClientCommands(program, (deed) => async (names, options) => {
    const ask = look(async () => {
      const client = await world.asClient();
      return askedFor(client, () => deed(client, names, options));
    });
    await ask(names, options, program);
  });

  const there = (command: Command): Command =>
    command
      .option('-f, --file <file>', 'the project that this file is of (default: the nearest)', collect)
      .option('--project <name>', 'the project that was given this name');
  there(program.command('exec'))
    .description(
      'run a command beside a running service: with its environment, folder and user, and this terminal',
    )
    .argument('<service>')
    .argument('<command...>', 'after --')
    .passThroughOptions()
    .action(async (service: string, command: string[], own: Options, parsed: Command) => {
      const executed = run(async (words, options) =>
        (await import('./join/exec.ts')).exec(world, words, options),
      );
      await executed([service, ...(command[0] === '--' ? command.slice(1) : command)], own, parsed);
    });
  there(program.command('attach'))
    .description('show a run as its own terminal does, from now on')
    .option('-t, --timestamps', 'begin each line with the time')
    .option('--json', 'events and lines as JSON')
    .action(async (own: Options, parsed: Command) => {
      const attached = run(async (_names, options) =>
        (await import('./join/attach.ts')).attach(world, options),
      );
      await attached([], own, parsed);
    });

  const diagnose = look(async (_names, options) => (await import('./doctor.ts')).doctor(world, options));
  program
    .command('doctor')
    .description('tell what this machine can do for orderly, and what each lack means')
    .addOption(outputFormat())
    .action((own: Options, parsed: Command) => diagnose([], own, parsed));

  program
    .command('help')
    .description('show the help of a command, or a chapter of the manual')
    .argument('[topic]')
    .action(async (topic: string | undefined) => {
      const { help } = await import('./help.ts');
      await look(() => help(world, program, topic))([], {}, program);
    });

  program
    .command('completion')
    .description('print a script by which a shell completes commands, options and names of services')
    .addArgument(new Argument('<shell>', 'yours').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { completion } = await import('./completion.ts');
      await look(() => completion(world, program, shell))([], {}, program);
    });

  program
    .command('schema')
    .description('print the JSON Schema of supervisor.yaml')
    .action(async () => {
      (await import('./schema.ts')).schema(world);
    });
  return program;
}

/** What stands before the command and what stands after it, together. */
function merged(parsed: Command): Options {
  const before = parsed.parent?.opts() ?? {};
  const own = parsed.opts();
  const both = (name: string) => [...(before[name] ?? []), ...(own[name] ?? [])];
  return { ...own, file: both('file'), profile: both('profile') };
}

/** How many words of a command line stand behind `--`. */
function wordsBehind(argv: readonly string[]): number {
  const end = argv.indexOf('--');
  return end === -1 ? 0 : argv.length - end - 1;
}
