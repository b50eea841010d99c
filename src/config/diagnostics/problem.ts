/**
 * What is wrong with a configuration, before its place in a file is known.
 *
 * Validation and the graph work on plain values and name a problem by its path; only when there is one is the
 * text read again, slowly, to find the line. So a good configuration never pays for places.
 */

/**
 * Where in the document: keys and list positions from the root. What an included file says for all its services stands below
 * `include` and the name of that file.
 */
export type ConfigPath = readonly (string | number)[];

/** The included file that a path leads into, and the path there; undefined: it is of the whole. */
export function insideIncluded(
  path: ConfigPath,
): { readonly file: string; readonly path: ConfigPath } | undefined {
  const [first, file, ...rest] = path;
  return first === 'include' && typeof file === 'string' ? { file, path: rest } : undefined;
}

/** The path of what stands there in an included file. */
export function pathInIncluded(file: string): ConfigPath {
  return ['include', file];
}

/** Something wrong with a configuration, before its place in a file is known. */
export interface Problem {
  /** With an error nothing is started. */
  readonly severity: 'error' | 'warning';
  /** A sentence without its full stop. */
  readonly message: string;
  /** Empty: it is about the whole. */
  readonly path: ConfigPath;
  /** Mark the key at the path, not its value (an unknown key). */
  readonly atKey?: boolean;
  /** What to do about it, a sentence. */
  readonly hint?: string;
  /** Not the configuration is wrong, but something outside of it is not there: a variable, a file. */
  readonly isMissing?: boolean;
  /** The one file that it is about, in which the path is; left out: the one that sets the path. */
  readonly file?: string;
  /** Further places that belong to it (the edges of a cycle), in order. */
  readonly trail?: readonly Step[];
}

/** A further place of a problem. */
export interface Step {
  readonly path: ConfigPath;
  readonly file?: string;
  readonly message: string;
}

/** An error there. */
export function problemAt(path: ConfigPath, message: string, hint?: string): Problem {
  return { severity: 'error', message, path, ...(hint === undefined ? {} : { hint }) };
}

/** The subject of a sentence about this place: `"stop.grace" of service "db"`, `Service "db"`, `The configuration`. */
export function subjectOf(path: ConfigPath): string {
  const own = insideIncluded(path)?.path ?? path;
  const [first, service, ...rest] = own;
  if (first === undefined) return 'The configuration';
  if (first !== 'services' || service === undefined) return `"${keyText(own)}"`;
  return rest.length === 0 ? `Service "${service}"` : `"${keyText(rest)}" of service "${service}"`;
}

/** The same within a sentence. */
export function innerSubjectOf(path: ConfigPath): string {
  const subject = subjectOf(path);
  return subject[0]!.toLowerCase() + subject.slice(1);
}

/** The owner of a key, for the end of a sentence: ` in "stop" of service "db"`, nothing at the root. */
export function ownerOf(path: ConfigPath): string {
  return path.length === 0 ? '' : ` in ${innerSubjectOf(path)}`;
}

function keyText(path: ConfigPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
