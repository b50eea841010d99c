/**
 * Which files are included, and which these include.
 *
 * A file that is named twice is taken once, where it is named first.
 */
import { basename, dirname } from 'node:path';
import { type ConfigPath, type Problem, problemAt } from '../diagnostics/problem.ts';
import { includedFiles } from '../schema/include.ts';
import { inside, rootOf } from '../schema/type.ts';
import { isMap } from '../yaml/document-value.ts';
import type { FurtherFiles } from './further-files.ts';
import type { SourceDocument } from './origins.ts';

export interface Included {
  /** A file before those that are named after it, behind those that it includes. */
  readonly documents: readonly SourceDocument[];
  /** By an included file: the one that includes it first. */
  readonly includers: ReadonlyMap<string, string>;
  /** Each with the file that it is in. */
  readonly problems: readonly Problem[];
  /** The number of the named file whose `include` counts; -1: none has one. */
  readonly by: number;
}

export interface IncludeWorld {
  readonly variable: (name: string) => string | undefined;
  readonly further: FurtherFiles;
}

/** An entry of `include`, and the file that it names. */
interface Entry {
  readonly from: string;
  readonly path: ConfigPath;
  readonly file: string;
}

/** `named`: the files of the configuration, of which the last that says what is included counts, as with every list. */
export async function readIncluded(named: readonly SourceDocument[], world: IncludeWorld): Promise<Included> {
  const by = named.findLastIndex(({ value }) => isMap(value) && Object.hasOwn(value, 'include'));
  const reading = new Reading(new Set(named.map(({ file }) => file)), world);
  const first = named[by];
  if (first !== undefined) await reading.follow(first);
  return { ...reading, by };
}

class Reading {
  readonly documents: SourceDocument[] = [];
  readonly includers = new Map<string, string>();
  readonly problems: Problem[] = [];
  readonly #named: ReadonlySet<string>;
  readonly #world: IncludeWorld;
  /** The entries that lead to the file at hand. */
  readonly #trail: Entry[] = [];

  constructor(named: ReadonlySet<string>, world: IncludeWorld) {
    this.#named = named;
    this.#world = world;
  }

  async follow(document: SourceDocument): Promise<void> {
    for (const entry of this.#entriesOf(document)) {
      const { file } = entry;
      const start = this.#trail.findIndex(({ from }) => from === file);
      if (file === entry.from || start !== -1) {
        this.#tell(entry, cycle([...this.#trail.slice(start === -1 ? this.#trail.length : start), entry]));
      } else if (this.#named.has(file)) {
        const message = `Cannot include "${file}": it is one of the files of this configuration already`;
        this.#tell(entry, problemAt(entry.path, message));
      } else if (!this.includers.has(file)) {
        this.#trail.push(entry);
        await this.#take(entry);
        this.#trail.pop();
      }
    }
  }

  #entriesOf({ file: from, value }: SourceDocument): readonly Entry[] {
    if (!isMap(value) || (value.include ?? null) === null) return [];
    const problems: Problem[] = [];
    const scope = {
      ...{ problems, references: [], variable: this.#world.variable, folderOf: () => dirname(from) },
      ...{ isService: () => false, isGiven: () => false },
    };
    const files = includedFiles.read(value.include, inside(rootOf(scope), 'include')) ?? [];
    for (const problem of problems) this.problems.push({ ...problem, file: from });
    const wrong = new Set(problems.map(({ path }) => path.join()));
    return files.filter(({ path }) => !wrong.has(path.join())).map((found) => ({ ...found, from }));
  }

  async #take(entry: Entry): Promise<void> {
    this.includers.set(entry.file, entry.from);
    const read = await this.#world.further.read(entry.file, 'included');
    if (read.ok) {
      await this.follow(read.document);
      this.documents.push(read.document);
    } else if (read.message !== undefined) this.#tell(entry, problemAt(entry.path, read.message));
  }

  #tell({ from }: Entry, problem: Problem): void {
    this.problems.push({ ...problem, file: from });
  }
}

function cycle(entries: readonly Entry[]): Problem {
  const [first] = entries as readonly [Entry, ...Entry[]];
  const names = [...entries.map(({ from }) => basename(from)), basename(first.from)];
  const message =
    entries.length === 1
      ? `"${names[0]}" cannot include itself`
      : `These files include each other: ${names.join(' -> ')}`;
  const trail = entries.map(({ from, path, file }) => ({
    ...{ path, file: from },
    message: `"${basename(from)}" includes "${basename(file)}"`,
  }));
  return {
    ...problemAt(entries.at(-1)!.path, message, 'Remove one of these entries'),
    ...(entries.length > 1 && { trail }),
  };
}
