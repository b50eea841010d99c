/**
 * What stands within a text of Markdown: code, emphasis and links, as pieces. Pure.
 */

export interface Piece {
  readonly kind: 'text' | 'code' | 'strong' | 'emphasis';
  readonly text: string;
}

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])|!?\[([^\]]+)\]\(([^)\s]+)\)/g;

/** A link is its text. Behind it stands what leads there: the address, or how another chapter is shown, if that isn't its text. */
export function parseInline(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > from) pieces.push({ kind: 'text', text: text.slice(from, found.index) });
    from = found.index + found[0].length;
    const [, code, strong, emphasis, label, address = ''] = found;
    if (code !== undefined) pieces.push({ kind: 'code', text: code });
    else if (strong !== undefined) pieces.push({ kind: 'strong', text: strong });
    else if (emphasis !== undefined) pieces.push({ kind: 'emphasis', text: emphasis });
    else {
      pieces.push(...parseInline(label!));
      const way = wayTo(address, label!);
      if (way !== undefined) pieces.push({ kind: 'text', text: ` (${way})` });
    }
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from) });
  return pieces;
}

function wayTo(address: string, label: string): string | undefined {
  if (/^https?:/.test(address)) return address;
  const [, chapter] = /^([\w-]+)\.md(?:#|$)/.exec(address) ?? [];
  if (chapter === undefined || chapter === label.toLowerCase().replaceAll(' ', '-')) return undefined;
  return `orderly help ${chapter}`;
}
