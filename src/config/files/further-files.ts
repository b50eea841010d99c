/**
 * Reads the files that those of a configuration name: what is included, and what services are taken from.
 *
 * Each file is read once, however often it is named. What they may take is bounded: their number, their size together, and
 * nothing but regular files is read, so that none is waited for.
 */
import { type Diagnostic, diagnosticAt } from '../diagnostics/diagnostic.ts';
import { ENCODING_HINT, type FileReader, tryToRead } from '../read-text.ts';
import { readDocument } from '../yaml/read-document.ts';
import type { SourceDocument } from './origins.ts';

export type FurtherFile =
  | { readonly ok: true; readonly document: SourceDocument }
  /** `message`: to be told where the file is named; undefined: it was told, or is not worth a second time. */
  | { readonly ok: false; readonly message: string | undefined };

const MOST_FILES = 1000;
const MOST_CHARACTERS = 64 * 1024 * 1024;

const SAID: FurtherFile = { ok: false, message: undefined };

export class FurtherFiles {
  /** What is wrong with the texts themselves. */
  readonly diagnostics: Diagnostic[] = [];
  readonly #readFile: FileReader;
  readonly #known: Map<string, FurtherFile>;
  readonly #named: number;
  #characters = 0;
  /** There are too many, which was told. */
  #isFull = false;

  /** `named`: what has been read already. */
  constructor(named: readonly SourceDocument[], readFile: FileReader) {
    this.#readFile = readFile;
    this.#known = new Map(named.map((document) => [document.file, { ok: true, document }]));
    this.#named = this.#known.size;
  }

  /** `what`: why it is read, as it is told. */
  async read(file: string, what: 'included' | 'extended'): Promise<FurtherFile> {
    const known = this.#known.get(file);
    if (known !== undefined) return known;
    const isTooMany = this.#known.size - this.#named >= MOST_FILES;
    if (isTooMany && this.#isFull) return SAID;
    this.#isFull = isTooMany;
    if (isTooMany) return { ok: false, message: `More than ${MOST_FILES} files are included or extended` };
    const read = await this.#read(file, `Cannot read the ${what} file "${file}"`);
    this.#known.set(file, read);
    return read;
  }

  async #read(file: string, cannot: string): Promise<FurtherFile> {
    if (this.#characters > MOST_CHARACTERS) return SAID;
    const read = tryToRead(file, this.#readFile, 'regular');
    if (!read.ok) {
      const message = `${cannot}: ${read.why}`;
      if (read.place === undefined) return { ok: false, message };
      this.diagnostics.push(diagnosticAt(read.place, message, ENCODING_HINT));
      return SAID;
    }
    const { text } = read;
    this.#characters += text.length;
    if (this.#characters > MOST_CHARACTERS)
      return { ok: false, message: `${cannot}: with those before it, it is too large` };
    const { value, diagnostics, isUsable } = await readDocument({ file, text });
    for (const diagnostic of diagnostics) this.diagnostics.push(diagnostic);
    return isUsable ? { ok: true, document: { file, text, value } } : SAID;
  }
}
