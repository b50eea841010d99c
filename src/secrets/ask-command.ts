/**
 * Runs one command that prints variables, within its limits, and reads what it printed.
 *
 * No sentence about it has a part of what it printed: of its output only numbers of lines are told. What it says on stderr is for
 * people, and is passed on.
 */
import type { Clock } from '../concurrency/index.ts';
import { placeAt } from '../config/diagnostics/diagnostic.ts';
import type { EnvCommand } from '../config/env-from-types.ts';
import { decodeText } from '../config/read-text.ts';
import { parseDotenv } from '../config/variables/dotenv.ts';
import { describeExit } from '../events/describe.ts';
import { formatDuration } from '../events/format-duration.ts';
import { plainText, printable } from '../events/printable.ts';
import { inherited } from '../hooks/run-hook.ts';
import { wholeLines } from '../hooks/whole-lines.ts';
import { withinTime } from '../hooks/within-time.ts';
import type { Commands, ShortCommandEnd } from '../process/ports.ts';

export interface AskPorts {
  readonly clock: Clock;
  readonly commands: Commands;
  /** Ours: what commands inherit. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes a line that a command wrote for people, with the name of the command before it. */
  readonly tell: (text: string) => void;
}

export type Printed =
  | { readonly kind: 'variables'; readonly variables: ReadonlyMap<string, string> }
  | {
      readonly kind: 'failed';
      /** A whole sentence. */
      readonly message: string;
      readonly hint: string | undefined;
    }
  /** It was cut: nobody wants it any more. */
  | { readonly kind: 'cut' };

/** From then on somebody wonders. */
const WAITING_MS = 2_000;
const MOST_BYTES = 1024 * 1024;
const MOST_TOLD_LINES = 50;
const MOST_NAME_CHARACTERS = 80;
/** Before a line that it wrote. */
const MOST_SHORT_CHARACTERS = 30;

/** As it is written, on one line, and not too long. */
export function nameOf({ command }: Pick<EnvCommand, 'command'>, most = MOST_NAME_CHARACTERS): string {
  const written = command.kind === 'exec' ? command.argv.join(' ') : command.script;
  const text = written.trim().replace(/\s+/g, ' ');
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Never rejects. An abort of `end` cuts it. */
export async function askCommand(
  { clock, commands, env, tell }: AskPorts,
  asked: EnvCommand,
  withinMs: number,
  end: AbortSignal,
): Promise<Printed> {
  const name = nameOf(asked);
  const short = nameOf(asked, MOST_SHORT_CHARACTERS);
  const waiting = clock.at(clock.now() + WAITING_MS, () =>
    tell(`waiting for the variables of ${short}, for ${formatDuration(withinMs)} at most`),
  );
  const chunks: Buffer[] = [];
  let bytes = 0;
  const said = sayings((line) => tell(`${short}: ${line}`));
  const { result: ended, isCut } = await withinTime(clock, { withinMs, end }, (signal, cut) =>
    commands.run(
      {
        command: asked.command,
        cwd: asked.cwd,
        env: inherited(env),
        onOutput(stream, chunk) {
          if (stream === 'stderr') return said.add(chunk);
          bytes += chunk.length;
          if (bytes > MOST_BYTES) cut();
          else chunks.push(Buffer.from(chunk));
        },
      },
      signal,
    ),
  );
  waiting.cancel();
  said.end();
  if (end.aborted) return { kind: 'cut' };
  if (bytes > MOST_BYTES)
    return failed(name, 'it printed more than 1 MiB, and was killed', 'Print only KEY=VALUE lines');
  if (isCut)
    return failed(
      name,
      `it did not end within ${formatDuration(withinMs)}, and was killed`,
      'Give it a longer "within"; it has no terminal, and can ask nothing',
    );
  const trouble = ended === 'given-up' ? 'it was given up' : troubleOf(ended);
  if (trouble !== undefined) return failed(name, withLastWords(trouble, said.last()));
  return read(name, Buffer.concat(chunks));
}

function read(name: string, bytes: Buffer): Printed {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return unreadable(name, placeAt('', decoded.text, decoded.offset, 1).line, decoded.why);
  const { entries, problems } = parseDotenv(decoded.text, true);
  const [first] = problems;
  if (first !== undefined) {
    const more = problems.length > 1 ? `, and ${problems.length - 1} more like it` : '';
    return unreadable(name, placeAt('', decoded.text, first.offset, 1).line, `${first.why}${more}`);
  }
  return {
    kind: 'variables',
    variables: new Map(entries.map(({ name: variable, text }) => [variable, text])),
  };
}

function unreadable(name: string, line: number, why: string): Printed {
  const message = `Cannot read line ${line} of what ${JSON.stringify(name)} printed: ${why}`;
  return { kind: 'failed', message, hint: 'It must print KEY=VALUE lines, as in a file of "env_file"' };
}

function failed(name: string, why: string, hint?: string): Printed {
  return { kind: 'failed', message: `Cannot get variables from ${JSON.stringify(name)}: ${why}`, hint };
}

function troubleOf(ended: ShortCommandEnd): string | undefined {
  switch (ended.kind) {
    case 'failed':
      return ended.message;
    case 'survived':
      return 'it outlived SIGKILL';
    default:
      return ended.kind === 'code' && ended.code === 0 ? undefined : `it ${describeExit(ended)}`;
  }
}

function withLastWords(trouble: string, last: string | undefined): string {
  return last === undefined ? trouble : `${trouble}; it wrote last: ${last}`;
}

/** What a command writes for people, line by line; of very much only the beginning, and the end. */
function sayings(say: (line: string) => void): {
  readonly add: (chunk: Buffer) => void;
  readonly end: () => void;
  readonly last: () => string | undefined;
} {
  let count = 0;
  let last: string | undefined;
  const lines = wholeLines((chunk) => {
    for (const line of chunk.toString().split('\n')) {
      const text = printable(plainText(line).trim());
      if (text === '') continue;
      last = text;
      count += 1;
      if (count <= MOST_TOLD_LINES) say(text);
      else if (count === MOST_TOLD_LINES + 1) say('… (it wrote more, which is left out)');
    }
  });
  return { add: lines.add, end: lines.end, last: () => last };
}
