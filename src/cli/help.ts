/**
 * `orderly help [TOPIC]`: the help of a command, or a chapter of the manual as plain text. What has both names shows both.
 *
 * No pager: whoever wants one writes `| less`.
 */
import type { Command } from 'commander';
import { didYouMean } from '../config/diagnostics/closest.ts';
import { renderPlainText } from '../manual/plain-text.ts';
import { listTopics, type Topic } from '../manual/topics.ts';
import type { Ending, World } from './world.ts';

/** Longer lines are hard to read. */
const MOST_COLUMNS = 100;
const PIPED_COLUMNS = 80;

type HelpWorld = Pick<World, 'print' | 'complain' | 'manual' | 'stdoutColumns' | 'env'>;

export async function help(world: HelpWorld, program: Command, name: string | undefined): Promise<Ending> {
  const chapters = await world.manual().catch((error: Error) => error);
  if (chapters instanceof Error)
    return refused(world, `Cannot read the manual: ${chapters.message}; it is in the package, in src/manual`);
  const topics = listTopics(chapters);
  if (name === undefined) return shown(world, [program.helpInformation(), topicList(topics)]);
  const commands = program.createHelp().visibleCommands(program);
  const command = commands.find((one) => one.name() === name);
  const chapter = topics.some((topic) => topic.name === name) ? chapters.get(name) : undefined;
  if (command === undefined && chapter === undefined) {
    const names = [...commands.map((one) => one.name()), ...topics.map((topic) => topic.name)];
    const hint = didYouMean(name, names) ?? '"orderly help" lists them';
    return refused(world, `There is no command and no chapter "${name}". ${hint}`);
  }
  return shown(world, [
    ...(command === undefined ? [] : [command.helpInformation()]),
    ...(chapter === undefined ? [] : [renderPlainText(chapter, looks(world))]),
  ]);
}

function looks({ stdoutColumns, env }: HelpWorld): { columns: number; isBold: boolean } {
  const terminal = stdoutColumns();
  return {
    columns: Math.min(terminal ?? PIPED_COLUMNS, MOST_COLUMNS),
    isBold: terminal !== undefined && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb',
  };
}

function topicList(topics: readonly Topic[]): string {
  const width = Math.max(...topics.map(({ name }) => name.length));
  const lines = topics.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}\n`);
  return `Topics of the manual, each shown by "orderly help TOPIC":\n${lines.join('')}`;
}

function shown({ print }: HelpWorld, parts: readonly string[]): Ending {
  return { status: print(parts.join('\n')) === undefined ? 0 : 1 };
}

function refused({ complain }: HelpWorld, why: string): Ending {
  complain(`orderly: ${why}`);
  return { status: 2 };
}
