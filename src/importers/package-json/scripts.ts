/**
 * The scripts of a package, and how one of them is run. Pure.
 */
import { entriesOf, get, textAt } from '../values.ts';

export interface Scripts {
  readonly manager: string;
  /** The commands by the names of their scripts, in the order of the file. */
  readonly commands: ReadonlyMap<string, string>;
}

/** By what a package manager is known that is not named. */
const LOCK_FILES: readonly (readonly [string, readonly string[]])[] = [
  ['npm', ['package-lock.json']],
  ['pnpm', ['pnpm-lock.yaml']],
  ['yarn', ['yarn.lock']],
  ['bun', ['bun.lock', 'bun.lockb']],
];

/** What runs its scripts. `named`: what its `packageManager` says; `has`: whether the folder has a file of that name. */
export function managerOf(named: string | undefined, has: (name: string) => boolean): string {
  const [word] = (named ?? '').split('@');
  const found = LOCK_FILES.find(([name]) => name === word) ?? LOCK_FILES.find(([, files]) => files.some(has));
  return found?.[0] ?? 'npm';
}

export function scriptsOf(document: unknown, has: (name: string) => boolean): Scripts {
  const scripts = entriesOf(get(document, 'scripts')).flatMap(([name, command]) =>
    typeof command === 'string' && command.trim() !== '' ? [[name, command] as const] : [],
  );
  return { manager: managerOf(textAt(document, 'packageManager'), has), commands: new Map(scripts) };
}

/** The names of scripts that a pattern means: `*` is a part between colons, `**` any (npm-run-all); `everything`: `*` is any (concurrently). */
export function matching({ commands }: Scripts, pattern: string, everything: boolean): readonly string[] {
  if (!pattern.includes('*')) return [pattern];
  const parts = pattern.split(/(\*+)/).map((part) => {
    if (!part.startsWith('*')) return part.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&');
    return everything || part.length > 1 ? '.*' : '[^:]*';
  });
  const whole = new RegExp(`^${parts.join('')}$`);
  return [...commands.keys()].filter((name) => whole.test(name));
}
