/**
 * Diagnostics without the secrets that were filled in in the texts that they quote. Pure.
 *
 * What is secret is what `orderly env` masks: a value of `.env`, one that is secret by its name, and the password of a URL. As
 * everywhere, what is too short for that is none.
 */
import type { Diagnostic } from '../../config/diagnostics/diagnostic.ts';
import { Secrets } from '../../secrets/secrets.ts';
import { looksSecret, masked } from '../env/mask.ts';

export interface FilledIn {
  /** Variables that stand in the configuration, with their values. */
  readonly variables: ReadonlyMap<string, string>;
  /** Our own environment: what is of it is secret by its name alone. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** Names that everybody knows. */
  readonly known: ReadonlySet<string>;
}

export function withoutSecrets(
  diagnostics: readonly Diagnostic[],
  { variables, inherited, known }: FilledIn,
): readonly Diagnostic[] {
  const secrets = new Secrets({ looksSecret, known });
  const isOurs = (name: string) => Object.hasOwn(inherited, name) && inherited[name] !== undefined;
  secrets.add([...variables].filter(([name]) => looksSecret(name) || !isOurs(name)));
  const told = (text: string): string => secrets.text(masked('', text));
  return diagnostics.map((diagnostic) => ({
    ...diagnostic,
    message: told(diagnostic.message),
    hint: diagnostic.hint === undefined ? undefined : told(diagnostic.hint),
  }));
}
