/**
 * As whom and within which limits programs run. Types only.
 */

/**
 * As whom and within which limits a program runs: looked up and decided before anything was started, the same for all
 * that belongs to a service.
 */
export interface Rights {
  /** Variables that go with its user, under those of the service itself; undefined: not inherited. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Programs with their arguments that each execute what follows them; the last one has the rights. */
  readonly before: readonly string[];
  /** What a shell does after them, as that user: `umask 027`. Undefined: no shell is needed. */
  readonly script: string | undefined;
  /** What the spawn itself changes, where no program can. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined;
  /** The same as plain facts, where nothing but them is needed; undefined: only the programs and the shell can do it. */
  readonly direct?: DirectRights | undefined;
  /** The number of its user; undefined: as we. */
  readonly uid: number | undefined;
  /** `user "app"`; undefined: nobody else. */
  readonly who: string | undefined;
}

/** What is given to a process right before it executes its program. */
export interface DirectRights {
  readonly ids?:
    | { readonly uid: number; readonly gid: number; readonly groups: readonly number[] }
    | undefined;
  readonly umask?: number | undefined;
  readonly nice?: number | undefined;
  readonly limits?: readonly DirectLimit[];
}

/** By the number of setrlimit(2) in Linux; Infinity: none. */
export interface DirectLimit {
  readonly resource: number;
  readonly soft: number;
  readonly hard: number;
}
