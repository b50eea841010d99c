/**
 * The ini format as supervisord reads it: sections, `key = value` or `key: value`, lines that go on indented, `;` after a blank. Pure.
 */
import { linesOf, type TellLine } from '../lines.ts';

export interface Entry {
  readonly text: string;
  readonly line: number;
}

export interface Section {
  readonly name: string;
  readonly line: number;
  readonly keys: ReadonlyMap<string, Entry>;
}

export function sectionsOf(text: string, tell: TellLine): readonly Section[] {
  const sections: { name: string; line: number; keys: Map<string, Entry> }[] = [];
  let last: string | undefined;
  for (const { text: whole, number } of linesOf(text)) {
    if (/^\s*(?:[;#].*)?$/.test(whole)) continue;
    const line = whole.replace(/\s;.*$/, '').trimEnd();
    const section = sections.at(-1);
    const name = /^\[([^\]]+)\]/.exec(line)?.[1];
    if (name !== undefined) {
      sections.push({ name: name.trim(), line: number, keys: new Map() });
      last = undefined;
      continue;
    }
    const before = last === undefined ? undefined : section?.keys.get(last);
    if (/^\s/.test(line) && before !== undefined) {
      section!.keys.set(last!, { ...before, text: `${before.text}\n${line.trim()}` });
      continue;
    }
    const [, key, value] = /^\s*([^=:\s][^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || section === undefined) {
      tell(number, 'This line is left out: it is not "key=value" of a section');
      continue;
    }
    last = key.toLowerCase();
    section.keys.set(last, { text: value ?? '', line: number });
  }
  return sections;
}
