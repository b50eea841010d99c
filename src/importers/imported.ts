/**
 * What every importer makes of a foreign text: services in our words, in the order of the source, and what was lost.
 */
import type { Diagnostic } from '../config/diagnostics/diagnostic.ts';

/** What can be written as YAML. Maps with names that the source chose are Maps. */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | { readonly [key: string]: Value | undefined };

/** The keys of a service, in the order in which they are written. */
export const SERVICE_KEYS = [
  ...[
    'type',
    'command',
    'before',
    'up',
    'down',
    'cwd',
    'env',
    'env_file',
    'stdin',
    'terminal',
    'user',
    'umask',
    'nice',
    'limits',
  ],
  ...['depends_on', 'ready', 'health', 'restart', 'on_failure', 'on_end', 'stop', 'cleanup', 'log'],
  ...['profiles', 'labels'],
] as const;

export type ServiceKeys = { readonly [key: string]: Value | undefined };

export interface ImportedService {
  /** One that we take. */
  readonly name: string;
  readonly keys: ServiceKeys;
  /** What is said of it as a comment, a sentence each. */
  readonly notes?: readonly string[];
}

export interface Imported {
  /** The keys of the whole. */
  readonly top: { readonly [key: string]: Value | undefined };
  readonly services: readonly ImportedService[];
  /** Each at its line of the source, with what to do. */
  readonly losses: readonly Diagnostic[];
}

export type ImportResult =
  | ({ readonly ok: true } & Imported)
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** A text to import, and the name of its file. */
export interface ImportSource {
  readonly file: string;
  readonly text: string;
  /** Whether there is a file of that name beside it. */
  readonly has?: (name: string) => boolean;
}

/** Reads one format. Never rejects because of what the text says. */
export type Importer = (source: ImportSource) => Promise<ImportResult>;
