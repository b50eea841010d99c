/**
 * What is secret in a run, and everything that is told without it: texts, plain data, and what services write.
 *
 * A secret counts line by line, and also as it is spelled in JSON and in a URL. What is too short is none: it would be found
 * everywhere. As long as there are none, everything is passed on as it is.
 */
import type { OutputSink, StreamName } from '../events/event.ts';
import { Automaton } from './automaton.ts';
import { MaskedStream, maskText } from './mask.ts';

/** The fewest characters of a secret, and those of one that is called so. */
const LEAST = 6;
const LEAST_BY_NAME = 4;

export interface SecretsOptions {
  /** Whether a variable of that name is secret by its name. */
  readonly looksSecret: (name: string) => boolean;
  /** What everybody knows, such as the names of services. */
  readonly known: ReadonlySet<string>;
}

/** Keys of names, one or a list of them, by which programs find each other: facts would be none without them. */
const NAMES: ReadonlySet<string> = new Set([
  ...[
    'type',
    'kind',
    'service',
    'services',
    'name',
    'names',
    'selection',
    'request',
    'stopped_by',
    'replaces',
  ],
  ...['by', 'due_to', 'needed_by', 'along', 'added', 'removed', 'completed', 'likely', 'change', 'outcome'],
  ...['class', 'keys', 'want', 'code', 'condition', 'signal', 'stream', 'time', 'settings', 'client', 'how'],
]);
/** Keys of what the configuration says, nothing of which is from a command. */
const WRITTEN: ReadonlySet<string> = new Set(['dependencies', 'definitions', 'labels']);

export class Secrets {
  readonly #options: SecretsOptions;
  readonly #texts = new Set<string>();
  #automaton: Automaton | undefined;

  constructor(options: SecretsOptions) {
    this.#options = options;
  }

  /** The values of these variables are secret from now on, for good. */
  add(variables: Iterable<readonly [name: string, value: string]>): void {
    const before = this.#texts.size;
    for (const [name, value] of variables) {
      const least = this.#options.looksSecret(name) ? LEAST_BY_NAME : LEAST;
      for (const line of value.split(/[\r\n]+/)) {
        const text = line.trim();
        if (text.length < least || this.#options.known.has(text)) continue;
        for (const spelled of spellings(text)) this.#texts.add(spelled);
      }
    }
    if (this.#texts.size === before) return;
    this.#automaton = new Automaton([...this.#texts].map((text) => Buffer.from(text)));
  }

  readonly text = (text: string): string =>
    this.#automaton === undefined ? text : maskText(this.#automaton, text);

  /** Every text in plain data but names; what hasn't changed is the very same object. */
  readonly data = <T>(data: T): T => (this.#automaton === undefined ? data : this.#data(data));

  /** Bytes of which no secret goes on in what follows: whole lines. */
  readonly lines = (bytes: Buffer): Buffer => {
    if (this.#automaton === undefined) return bytes;
    const stream = new MaskedStream(() => this.#automaton);
    return Buffer.concat([stream.push(bytes), stream.end()]);
  };

  /** The same sink, which gets no secrets, whatever the chunks. */
  readonly output = (sink: OutputSink): OutputSink => {
    const streams = new Map<StreamName, MaskedStream>();
    return (stream, chunk) => {
      if (this.#automaton === undefined) return sink(stream, chunk);
      let masked = streams.get(stream);
      if (masked === undefined) {
        masked = new MaskedStream(() => this.#automaton);
        streams.set(stream, masked);
      }
      const passed = chunk === undefined ? masked.end() : masked.push(chunk);
      if (passed.length > 0) sink(stream, passed);
      if (chunk === undefined) sink(stream, undefined);
    };
  };

  /** `isFree`: the names in it are those of a service, and say nothing of what they name. */
  #data<T>(data: T, isFree = false): T {
    if (typeof data === 'string') return this.text(data) as T;
    if (typeof data !== 'object' || data === null) return data;
    if (Array.isArray(data)) {
      const items = data.map((item) => this.#data<unknown>(item));
      return items.every((item, index) => item === data[index]) ? data : (items as T);
    }
    const entries = Object.entries(data).map(
      ([key, value]) =>
        [key, !isFree && isName(key, value) ? value : this.#data<unknown>(value, key === 'values')] as const,
    );
    const isSame = entries.every(([key, value]) => value === (data as Record<string, unknown>)[key]);
    return isSame ? data : (Object.fromEntries(entries) as T);
  }
}

function isName(key: string, value: unknown): boolean {
  if (WRITTEN.has(key)) return true;
  return NAMES.has(key) && [value].flat().every((one) => typeof one !== 'object');
}

function spellings(text: string): readonly string[] {
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)];
}
