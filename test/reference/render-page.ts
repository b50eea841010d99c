/**
 * One page of reference as Markdown: contents, then each export with its docstring, its signature and its examples.
 * Pure: what it is made of is handed in.
 */
import { posix } from 'node:path';
import type { Entry, Group, Page } from './contents.ts';
import type { Declaration, Member } from './declarations.ts';

export interface Sources {
  /** The exports, by name. */
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** What stands before the contents. */
  readonly introduction: string;
  /** The text of an example, by the name of its file. */
  readonly example: (file: string) => string;
}

export function renderPage(page: Page, sources: Sources): string {
  const headings = headingsOf(page, sources.declarations);
  const parts = [
    `<!-- Made by \`npm run reference\`: edit the docstrings in this folder, test/reference and examples/${page.name}. -->`,
    `# ${page.specifier}`,
    linked(sources.introduction.trim(), headings, undefined),
    '## Contents',
    page.groups.map((group) => contentsOf(group, sources.declarations, headings)).join('\n'),
    ...page.groups.flatMap(({ title, entries }) => [
      `## ${title}`,
      ...entries.flatMap((entry) => entryParts(entry, page, sources, headings)),
    ]),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What exists at run time has a heading of its own; a type stands under the heading before it. */
export function isType({ kind }: Declaration): boolean {
  return kind === 'interface' || kind === 'type';
}

/** The anchor that every name of the page leads to. */
type Headings = ReadonlyMap<string, string>;

function headingsOf(page: Page, declarations: ReadonlyMap<string, Declaration>): Headings {
  const headings = new Map<string, string>();
  for (const { entries } of page.groups) {
    for (const { names } of entries) {
      for (const { name, types } of sections(names, declarations)) {
        const anchor = name.toLowerCase();
        if ([...headings.values()].includes(anchor))
          throw new Error(`Two headings have the anchor "${anchor}"`);
        for (const each of [name, ...types]) headings.set(each, anchor);
      }
    }
  }
  return headings;
}

interface Section {
  readonly name: string;
  readonly types: readonly string[];
}

function sections(
  names: readonly string[],
  declarations: ReadonlyMap<string, Declaration>,
): readonly Section[] {
  const found: { name: string; types: string[] }[] = [];
  for (const name of names) {
    const last = found.at(-1);
    if (last !== undefined && isType(declared(name, declarations))) last.types.push(name);
    else found.push({ name, types: [] });
  }
  return found;
}

function declared(name: string, declarations: ReadonlyMap<string, Declaration>): Declaration {
  const declaration = declarations.get(name);
  if (declaration === undefined) throw new Error(`The page tells of "${name}", which is not exported`);
  return declaration;
}

function contentsOf(
  { title, entries }: Group,
  declarations: ReadonlyMap<string, Declaration>,
  headings: Headings,
): string {
  const names = entries.flatMap((entry) => entry.names);
  const link = (name: string) => `[\`${name}\`](#${headings.get(name)})`;
  const types = names.filter((name) => isType(declared(name, declarations)));
  const values = names.filter((name) => !types.includes(name));
  const lines = [`- **${title}**: ${values.map(link).join(', ')}`];
  if (types.length > 0) lines.push(`  - types: ${types.map(link).join(', ')}`);
  return lines.join('\n');
}

function entryParts(entry: Entry, page: Page, sources: Sources, headings: Headings): readonly string[] {
  const { declarations } = sources;
  const shown = new Set<string>();
  const told = sections(entry.names, declarations).flatMap(({ name, types }) => {
    const main = declared(name, declarations);
    const exported = types.map((type) => declared(type, declarations));
    // What is not exported stands behind what needs it first.
    const all = [...main.local, ...exported.flatMap((one) => [one, ...one.local])];
    const beside = [...new Map(all.map((one) => [one.name, one])).values()].filter(
      (one) => !shown.has(one.name),
    );
    for (const one of beside) shown.add(one.name);
    return [
      `### ${name}`,
      linked(prose(main.doc ?? ''), headings, name),
      codeBlock('ts', renderCode({ ...main, doc: undefined })),
      ...(beside.length === 0 ? [] : [codeBlock('ts', beside.map(renderCode).join('\n\n'))]),
    ];
  });
  const folder = posix.relative(posix.join('src', page.folder), posix.join('examples', page.name));
  const examples = entry.examples.flatMap((file) => [
    `[${file}](${folder}/${file}):`,
    codeBlock('ts', sources.example(file).trim()),
  ]);
  return [...told, ...examples];
}

/** A paragraph a line: a line of a docstring might begin with what means something else in Markdown. */
function prose(doc: string): string {
  return doc.replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
}

/** Names of other exports, where they stand as code, lead to their headings. */
function linked(text: string, headings: Headings, self: string | undefined): string {
  return text.replaceAll(/(?<!\[)`(\w+)(\(\))?`/g, (code, name: string) => {
    const anchor = headings.get(name);
    return anchor === undefined || name === self ? code : `[${code}](#${anchor})`;
  });
}

function codeBlock(language: string, code: string): string {
  return `\`\`\`${language}\n${code}\n\`\`\``;
}

function renderCode({ doc, code, members, kind }: Declaration): string {
  const hasMembers = kind === 'class' || kind === 'interface';
  const text = hasMembers ? `${code}${renderMembers(members)}}` : code;
  return `${comment(doc)}${halfIndented(tidy(text))}`;
}

function renderMembers(members: readonly Member[]): string {
  const blocks = members.map(({ doc, code }, index) => {
    const gap = index > 0 && (doc !== undefined || members[index - 1]?.doc !== undefined) ? '\n' : '';
    return gap + `${comment(doc)}${code}`.replaceAll(/^(?=.)/gm, '    ');
  });
  return blocks.length === 0 ? '' : `\n${blocks.join('\n')}\n`;
}

/** The compiler indents by four; what is left over belongs to a comment. */
function halfIndented(code: string): string {
  return code.replaceAll(/^ +/gm, ({ length }) => ' '.repeat(2 * Math.floor(length / 4) + (length % 4)));
}

/** What a parameter is taken apart into is not its caller's affair. */
function tidy(code: string): string {
  return code.replaceAll(/\{ [\w, .]+ \}(\??):/g, 'options$1:');
}

function comment(doc: string | undefined): string {
  if (doc === undefined) return '';
  const lines = doc.split('\n');
  if (lines.length === 1) return `/** ${doc} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`;
}
