/**
 * Which service extends which, over the borders of files: reads those that services are taken from.
 *
 * Such a file is looked at by itself. In it a name is that of one of its own services, and all else that stands there counts
 * for nothing. So a file may be another project's, or one that is included as well. What is wrong with an `extends` is told here.
 */
import { basename, dirname } from 'node:path';
import { didYouMean } from '../diagnostics/closest.ts';
import { type ConfigPath, type Problem, problemAt } from '../diagnostics/problem.ts';
import { extendedService, type GivenExtends } from '../schema/extends.ts';
import { inside, rootOf } from '../schema/type.ts';
import { describeValue, isMap } from '../yaml/document-value.ts';
import type { FurtherFiles } from './further-files.ts';
import { servicesOf } from './merge.ts';
import type { Link, SourceDocument } from './origins.ts';

export interface Bases {
  /** What each service extends, where that can be told; of all files together first. */
  readonly of: ReadonlyMap<Link, Link>;
  /** The files that services are taken from. */
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly Problem[];
}

export interface BasesWorld {
  readonly further: FurtherFiles;
  readonly variable: (name: string) => string | undefined;
  /** Of what is written at a path of the whole. */
  readonly folderOf: (path: ConfigPath) => string;
  /** Services may be missing that could not be read; that one isn't there is no error then. */
  readonly isPartial: boolean;
}

const MOST_HINTS = 100;

/** `document`: all files together. */
export async function readBases(document: unknown, world: BasesWorld): Promise<Bases> {
  const whole = servicesOf(document);
  const reading = new Reading(whole, world);
  for (const [service, entry] of Object.entries(whole))
    if (extendsSomething(entry)) reading.open.add(reading.link(service, undefined, entry));
  // A set gives its iterator what is added meanwhile.
  for (const link of reading.open) await reading.follow(link);
  return { of: reading.of, documents: [...reading.documents], problems: reading.problems };
}

export function extendsSomething(entry: unknown): boolean {
  return isMap(entry) && (entry.extends ?? null) !== null;
}

class Reading {
  readonly open = new Set<Link>();
  readonly of = new Map<Link, Link>();
  readonly documents = new Set<SourceDocument>();
  readonly problems: Problem[] = [];
  readonly #whole: Readonly<Record<string, unknown>>;
  readonly #world: BasesWorld;
  /** By the file, then by the name. */
  readonly #links = new Map<string | undefined, Map<string, Link>>();
  #hints = 0;

  constructor(whole: Readonly<Record<string, unknown>>, world: BasesWorld) {
    this.#whole = whole;
    this.#world = world;
  }

  /** The same one each time. */
  link(service: string, file: string | undefined, entry: unknown): Link {
    const ofFile = this.#links.get(file) ?? new Map<string, Link>();
    this.#links.set(file, ofFile);
    const link = ofFile.get(service) ?? { service, file, entry };
    ofFile.set(service, link);
    return link;
  }

  async follow(link: Link): Promise<void> {
    const { file, service, entry } = link;
    const problems: Problem[] = [];
    const { variable, folderOf } = this.#world;
    const scope = {
      ...{ problems, references: [], variable, isService: () => false, isGiven: () => false },
      folderOf: file === undefined ? folderOf : () => dirname(file),
    };
    const at = inside(inside(inside(rootOf(scope), 'services'), service), 'extends');
    const given = extendedService.read(isMap(entry) ? entry.extends : undefined, at);
    const isRight = given !== undefined && problems.every(({ severity }) => severity === 'warning');
    for (const problem of problems) this.problems.push({ ...problem, ...(file !== undefined && { file }) });
    const base = isRight ? await this.#baseOf(link, given) : undefined;
    if (base !== undefined) this.of.set(link, base);
  }

  async #baseOf(link: Link, given: GivenExtends): Promise<Link | undefined> {
    const { service, file = link.file } = given;
    if (file === undefined) {
      if (Object.hasOwn(this.#whole, service)) return this.link(service, undefined, this.#whole[service]);
      if (!this.#world.isPartial) this.#tellMissing(link, given, Object.keys(this.#whole));
      return undefined;
    }
    const read = await this.#world.further.read(file, 'extended');
    if (!read.ok) {
      if (read.message !== undefined) this.#tell(link, 'file', read.message);
      return undefined;
    }
    this.documents.add(read.document);
    const services = servicesOf(read.document.value);
    const entry = Object.hasOwn(services, service) ? services[service] : undefined;
    if (isMap(entry)) {
      const base = this.link(service, file, entry);
      if (extendsSomething(entry)) this.open.add(base);
      return base;
    }
    const why = `it must be a map, but is ${describeValue(entry)}`;
    if (entry === undefined) this.#tellMissing(link, given, Object.keys(services));
    else this.#tell(link, 'service', `${cannot(link, given)}: ${why}`);
    return undefined;
  }

  #tellMissing(link: Link, given: GivenExtends, names: readonly string[]): void {
    this.#hints += 1;
    const near = this.#hints > MOST_HINTS ? undefined : didYouMean(given.service, names);
    const why = names.length === 0 ? 'it has no services' : 'there is no service of that name';
    this.#tell(link, 'service', `${cannot(link, given)}: ${why}`, near);
  }

  #tell({ service, file, entry }: Link, key: string, message: string, hint?: string): void {
    const isLong = isMap(entry) && isMap(entry.extends);
    const path = ['services', service, 'extends', ...(isLong ? [key] : [])];
    this.problems.push({ ...problemAt(path, message, hint), ...(file !== undefined && { file }) });
  }
}

function cannot(link: Link, { service, file }: GivenExtends): string {
  const where = file === undefined ? '' : ` of "${basename(file)}"`;
  return `"${link.service}" cannot extend "${service}"${where}`;
}
