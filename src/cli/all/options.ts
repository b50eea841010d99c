/**
 * The options of `orderly all`, which are those of concurrently: what it does of them, and what there is in place of the others.
 */
import { type Command, Option } from 'commander';

/** As they are given. */
export interface AllOptions {
  readonly names?: string;
  readonly nameSeparator?: string;
  readonly success?: string;
  readonly killOthers?: boolean;
  readonly killOthersOnFail?: boolean;
  readonly killSignal?: string;
  readonly killTimeout?: string;
  readonly restartTries?: string;
  readonly restartAfter?: string;
  readonly prefix?: string;
  readonly prefixColors?: string;
  readonly raw?: boolean;
  readonly hide?: string;
  readonly passthroughArguments?: boolean;
}

export function declareAllOptions(command: Command): Command {
  const declared = command
    .option('-n, --names <names>', 'what they are called, separated by commas (default: made from them)')
    .option('--name-separator <text>', 'what separates the names', ',')
    .option(
      '-s, --success <which>',
      'whose ends decide the status: all, first, last, command-NAME or !command-NAME',
      'all',
    )
    .option('-k, --kill-others', 'when one ends, take all down')
    .option('--kill-others-on-fail', 'when one fails, take all down')
    .option('--kill-signal <signal>', 'what asks them to end (default: SIGTERM)')
    .option('--kill-timeout <duration>', 'how long they have then until they are killed (default: 10s)')
    .option('--restart-tries <n>', 'how often each is started again when it fails; -1: always (default: 0)')
    .option('--restart-after <duration>', 'the pause before that, or "exponential" (default: 0)')
    .option('-p, --prefix <prefix>', 'what stands before each line: name, index or none', 'name')
    .option('-c, --prefix-colors <colors>', 'of the prefixes, separated by commas; the last one repeats')
    .option('-r, --raw', 'no prefixes')
    .option('--hide <commands>', 'print no lines of these, by name or number, separated by commas')
    .option('-P, --passthrough-arguments', 'what is behind -- are arguments for {1}, {@} and {*}')
    .option('--print', 'print the supervisor.yaml that does the same, and run nothing');
  for (const { flags } of ELSEWHERE) declared.addOption(new Option(flags).hideHelp());
  // Prefixes are as wide as the longest one.
  return declared.addOption(new Option('--pad-prefix').hideHelp());
}

interface Elsewhere {
  readonly flags: string;
  /** A clause. */
  readonly remedy: string;
}

/** Options of concurrently that are answered with the way to what they do there. */
const ELSEWHERE: readonly Elsewhere[] = [
  {
    flags: '-m, --max-processes <n>',
    remedy: 'all commands run at once; "depends_on" in what --print writes lets one wait for another',
  },
  {
    flags: '-g, --group',
    remedy:
      'lines are printed as they come; --hide leaves out those of a command, and "log.file" in what --print writes keeps them apart',
  },
  {
    flags: '--timings',
    remedy: '"orderly timeline" draws afterwards when each ran',
  },
  {
    flags: '--teardown <command>',
    remedy:
      'write it as "cleanup" of a service into what --print writes: it runs after that service, however it ended',
  },
  {
    flags: '-l, --prefix-length <n>',
    remedy: 'the prefix is a name; choose a short one with -n',
  },
  {
    flags: '--timestamp-format <format>',
    remedy: 'the time is HH:MM:SS.mmm; -t begins each line with it',
  },
  {
    flags: '-i, --handle-input',
    remedy:
      'commands read nothing here; "orderly run NAME" gives one service of a supervisor.yaml the terminal',
  },
  {
    flags: '--default-input-target <command>',
    remedy:
      'commands read nothing here; "orderly run NAME" gives one service of a supervisor.yaml the terminal',
  },
  {
    flags: '--shell <program>',
    remedy: `commands are for /bin/sh; write bash -c '…' as the command`,
  },
  {
    flags: '--hide-empty-lines',
    remedy: 'lines are printed as they are; let the command leave them out, as with | grep .',
  },
];

/** A sentence for each option that was given and isn't here. */
export function elsewhere(options: Readonly<Record<string, unknown>>): readonly string[] {
  return ELSEWHERE.flatMap(({ flags, remedy }) => {
    const option = new Option(flags);
    return options[option.attributeName()] === undefined
      ? []
      : [`"orderly all" has no ${option.long}: ${remedy}`];
  });
}
