/**
 * A quick reader of the plain subset of YAML 1.2 that configurations are written in.
 *
 * Its law: it yields exactly what the package `yaml` yields, or declines at the first thing it isn't sure of
 * (anchors, tags, tabs, scalars over several lines, a key twice, …). It never accepts what `yaml` rejects. It
 * reports nothing: whoever is declined asks `yaml`, which costs fifty times as much at start-up.
 */
import { type BlockCursor, readBlock, toContent } from './quick-yaml-block.ts';
import { DECLINED } from './quick-yaml-scalar.ts';

const UNUSUAL = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\uffff]/;
const DOCUMENT_START = /^(?: *(?:#.*)?\n)*---(?: *| +#.*)\n/;

/** The value of a document that is a map or a list in block style; undefined: ask the full parser. */
export function quickYaml(text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    // A text of many megabytes on one line is more than the stack of regular expressions holds.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function read(text: string): unknown {
  if (UNUSUAL.test(text)) return undefined;
  const cursor: BlockCursor = { text, position: DOCUMENT_START.exec(text)?.[0].length ?? 0, indent: -1 };
  toContent(cursor);
  if (cursor.indent === -1) return undefined;
  const value = readBlock(cursor, 0);
  return value === DECLINED || cursor.indent !== -1 ? undefined : value;
}
