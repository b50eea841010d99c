/**
 * README and manual as tests read them: their texts, tables, snippets, links and prose.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

const FOLDER = 'src/manual';

export function readText(path: string): string {
  return readFileSync(join(repositoryRoot(), path), 'utf8');
}

/** The paths of all chapters and of their contents, from the root of the project. */
export function manualPaths(): readonly string[] {
  return readdirSync(join(repositoryRoot(), FOLDER))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${FOLDER}/${file}`);
}

export function chapter(name: string): string {
  return readText(`${FOLDER}/${name}.md`);
}

/** What stands between two texts that are there once. */
export function between(start: string, end: string, text: string): string {
  const [, after, ...more] = text.split(start);
  if (after === undefined || more.length > 0)
    throw new Error(`${JSON.stringify(start)} should be there once`);
  return after.slice(0, after.indexOf(end));
}

/** The rows of all tables, each with its cells; without the lines below the heads. */
export function tableRows(text: string): readonly (readonly string[])[] {
  const rows = text.split('\n').filter((line) => /^\|(?!---)/.test(line));
  return rows.map((row) => row.split(/(?<!\\)\|/).slice(1, -1));
}

export interface Snippet {
  /** What stands behind its fence: `yaml service`. */
  readonly info: string;
  readonly code: string;
  /** Of its fence, from 1. */
  readonly line: number;
}

export function snippets(text: string): readonly Snippet[] {
  return [...text.matchAll(/^```(\w.*)\n([\s\S]*?)^```$/gm)].map(({ index, 1: info = '', 2: code = '' }) => ({
    ...{ info, code },
    line: text.slice(0, index).split('\n').length,
  }));
}

/** Where links and pictures lead. */
export function links(text: string): readonly string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
}

/** The anchors of its headings, as GitHub makes them. */
export function anchors(text: string): readonly string[] {
  const prose = text.replaceAll(/^```.*\n[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** Its sentences: without code, tables and headings; what is written as code counts as a word. */
export function sentences(text: string): readonly string[] {
  const prose = text
    .replaceAll(/^```.*\n[\s\S]*?^```$/gm, '\n')
    .replaceAll(/<!--.*?-->/gs, '')
    .replaceAll(/^(?:[|#]|!\[).*$/gm, '\n')
    .replaceAll(/`[^`]+`/g, 'code')
    .replaceAll(/!?\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll('*', '');
  const blocks = prose
    .split(/\n\s*\n|\n(?=(?:-|\d+\.) )/)
    .map((block) => block.replaceAll(/\s+/g, ' ').trim());
  return blocks.flatMap((block) => block.split(/(?<=[.!?:]) (?=\S)/)).filter((part) => /\w/.test(part));
}

export function wordCount(sentence: string): number {
  return sentence.split(' ').filter((word) => /\w/.test(word)).length;
}
