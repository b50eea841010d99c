/**
 * A document by the full parser: everything YAML 1.2 has, and the place of everything that is wrong.
 *
 * Costs more than all the rest of the start, so it is loaded only for what `quick-yaml.ts` declines.
 */
import type { Alias, Document, Pair, Scalar } from 'yaml';
import { type Diagnostic, diagnosticAt, placeAt } from '../diagnostics/diagnostic.ts';
import { WrittenScalar } from './document-value.ts';
import { explainYamlError, type TroubleCode } from './explain-error.ts';

export interface SlowDocument {
  readonly value: unknown;
  readonly diagnostics: readonly Diagnostic[];
  /** The value can be used in spite of the diagnostics, to find more that is wrong. */
  readonly isUsable: boolean;
}

interface Trouble {
  readonly code: TroubleCode;
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

const MAX_TROUBLES = 10;
const MAX_DEPTH = 100;
const MOST_BRACKETS = 1000;
/** Lists in lists and keys of keys, on one line: `- - - x`. */
const MOST_MARKS = 100;
const MARKS = new RegExp(`(?:[-?:][ \\t]+){${MOST_MARKS}}`);

/**
 * Reads one document; its troubles come one a line, in the order of the file. Never rejects because of what it says.
 */
export async function slowYaml(file: string, text: string): Promise<SlowDocument> {
  const deep = tooDeepAt(text);
  if (deep !== undefined) return tooDeep(file, text, deep);
  const yaml = await import('yaml');
  try {
    return read(yaml, file, text);
  } catch (error) {
    // The parser goes deeper with each level: some thousands are more than the stack holds.
    if (!(error instanceof RangeError)) throw error;
    return tooDeep(file, text, 0);
  }
}

function tooDeep(file: string, text: string, from: number): SlowDocument {
  const trouble: Trouble = { code: 'RESOURCE_EXHAUSTION', message: '', from, to: from + 1 };
  return { value: undefined, diagnostics: diagnosticsOf(file, text, [trouble]), isUsable: false };
}

function read(yaml: typeof import('yaml'), file: string, text: string): SlowDocument {
  const document = yaml.parseDocument(text, { merge: true, prettyErrors: false, logLevel: 'error' });
  const quoted: Scalar[] = [];
  const troubles: Trouble[] = [];
  yaml.visit(document, {
    Alias(_key: unknown, alias: Alias) {
      if (!alias.resolve(document))
        troubles.push({ code: 'BAD_ALIAS', message: '', from: alias.range![0], to: alias.range![1] });
    },
    Pair(_key: unknown, { key, value }: Pair) {
      if (!yaml.isScalar(key) || key.type !== 'PLAIN' || !isMergeKey(key.value)) return;
      if (!isMergeable(yaml, document, value)) {
        const [from, to] = key.range!;
        troubles.push({ code: 'BAD_MERGE', message: '', from, to });
      }
    },
    Scalar(_key: unknown, scalar: Scalar, path: readonly unknown[]) {
      if (scalar.type?.startsWith('QUOTE')) quoted.push(scalar);
      // The parser writes keys out as texts, whatever they are made of.
      if (!isInKey(yaml, [...path, scalar])) keepSource(scalar);
    },
  });
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    if (code === 'BAD_INDENT' && message.startsWith('Flow end indicator')) continue;
    troubles.push({ code, message, from: startOf(message, pos[0], text, quoted), to: pos[1] });
  }
  const isWhole = troubles.every(({ code }) => code !== 'BAD_ALIAS' && code !== 'BAD_MERGE');
  const read = isWhole ? toValue(document) : undefined;
  if (read === 'too deep') troubles.push({ code: 'RESOURCE_EXHAUSTION', message: '', from: 0, to: 1 });
  return {
    value: read === 'too deep' ? undefined : read?.value,
    diagnostics: diagnosticsOf(file, text, troubles),
    isUsable: troubles.every(({ code }) => code === 'DUPLICATE_KEY'),
  };
}

/** The parser makes a symbol of it. */
function isMergeKey(key: unknown): boolean {
  return key === '<<' || (typeof key === 'symbol' && key.description === '<<');
}

/** A map, or a list of maps; what an alias that has no anchor should be is another trouble. */
function isMergeable(yaml: typeof import('yaml'), document: Document, source: unknown): boolean {
  const resolved = (node: unknown): unknown => (yaml.isAlias(node) ? (node.resolve(document) ?? MAP) : node);
  const node = resolved(source);
  const parts = yaml.isSeq(node) ? node.items.map(resolved) : [node];
  return parts.every((part) => part === MAP || yaml.isMap(part));
}

const MAP = Symbol('a map');

/** What helps: where an unclosed quote was opened, not the end of the text; the word on a line, not its indentation. */
function startOf(message: string, from: number, text: string, quoted: readonly Scalar[]): number {
  if (message.startsWith('Missing closing'))
    return quoted.findLast(({ range }) => range![0] < from)?.range?.[0] ?? from;
  return from + /^ */.exec(text.slice(from))![0].length;
}

/** `path`: from the document down, a node or pair each. */
function isInKey({ isPair }: Pick<typeof import('yaml'), 'isPair'>, path: readonly unknown[]): boolean {
  return path.some((each, at) => isPair(each) && each.key === path[at + 1]);
}

function keepSource(scalar: Scalar): void {
  const { value, source } = scalar;
  if (typeof value !== 'number' && typeof value !== 'boolean') return;
  if (source !== undefined && source !== String(value)) scalar.value = new WrittenScalar(value, source);
}

/** Aliases are resolved here: too many of them are refused by the parser, an endless one by its depth. */
function toValue(document: Document): { readonly value: unknown } | 'too deep' {
  try {
    const value: unknown = document.toJS();
    return isDeeper(value, MAX_DEPTH) ? 'too deep' : { value };
  } catch (error) {
    if (error instanceof ReferenceError || error instanceof RangeError) return 'too deep';
    throw error;
  }
}

function isDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeeper(inner, limit - 1));
}

function diagnosticsOf(file: string, text: string, troubles: readonly Trouble[]): readonly Diagnostic[] {
  const lines = new Set<number>();
  const diagnostics: Diagnostic[] = [];
  for (const { code, message, from, to } of troubles.toSorted((a, b) => a.from - b.from)) {
    const token = code === 'DUPLICATE_KEY' ? keyAt(text, from) : text.slice(from, to);
    const place = placeAt(file, text, from, token.length);
    // One mistake makes the parser stumble several times on its line.
    if (lines.has(place.line) || lines.size === MAX_TROUBLES) continue;
    lines.add(place.line);
    const explained = explainYamlError(code, message, token, place.lineText);
    diagnostics.push(diagnosticAt(place, explained.message, explained.hint));
  }
  return diagnostics;
}

function keyAt(text: string, from: number): string {
  return /^(?:"[^"\n]*"|'[^'\n]*'|[^:\n]*)/.exec(text.slice(from))![0].trim();
}

/**
 * Where a document becomes nested so deeply that the full parser would take minutes over it, or all of its stack;
 * undefined: it doesn't. Linear.
 *
 * Quotes are not looked at: a text with so many open brackets in it is none that anybody wrote.
 */
function tooDeepAt(text: string): number | undefined {
  const marks = text.search(MARKS);
  if (marks !== -1) return marks;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) open += 1;
    else if ((code === 0x5d || code === 0x7d) && open > 0) open -= 1;
    if (open > MOST_BRACKETS) return at;
  }
  return undefined;
}
