/**
 * The chapters of the manual as topics: which there are, in the order of the contents. Pure.
 */
import { parseBlocks } from './blocks.ts';
import { parseInline } from './inline.ts';

export interface Topic {
  readonly name: string;
  readonly title: string;
}

/** Texts by their names; `README` has the contents. A chapter that the contents lack stands at the end. */
export function listTopics(texts: ReadonlyMap<string, string>): readonly Topic[] {
  const contents = texts.get('README') ?? '';
  const linked = [...contents.matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name = '']) => name);
  const names = new Set([...linked, ...texts.keys()].filter((name) => name !== 'README' && texts.has(name)));
  return [...names].map((name) => ({ name, title: titleOf(texts.get(name)!) ?? name }));
}

function titleOf(text: string): string | undefined {
  const heading = parseBlocks(text).find((block) => block.kind === 'heading');
  if (heading?.kind !== 'heading') return undefined;
  return parseInline(heading.text)
    .map((piece) => piece.text)
    .join('');
}
