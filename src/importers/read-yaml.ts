/**
 * A source in YAML, or in JSON, which is YAML too: its value, and losses told by their paths in it.
 */
import { type Diagnostic, diagnosticAt } from '../config/diagnostics/diagnostic.ts';
import { createLocate, sortDiagnostics } from '../config/diagnostics/locate.ts';
import type { ConfigPath, Problem } from '../config/diagnostics/problem.ts';
import { isMap } from '../config/yaml/document-value.ts';
import { readDocument } from '../config/yaml/read-document.ts';
import type { Imported, ImportResult, ImportSource } from './imported.ts';

/** Tells a loss: the value at that path of the source, what is lost, and what to do. */
export type Tell = (path: ConfigPath, message: string, hint?: string) => void;

type Translated = Pick<Imported, 'top' | 'services'>;

/** Has the document translated, and gives what was told a place each. One that holds no map and no list, or no service, is refused. */
export async function importYaml(
  source: ImportSource,
  translate: (document: object, tell: Tell) => Translated,
): Promise<ImportResult> {
  const { file, text } = source;
  const { value, diagnostics, isUsable } = await readDocument({ file, text });
  if (!isUsable || diagnostics.some(({ severity }) => severity === 'error'))
    return { ok: false, diagnostics };
  if (!isMap(value) && !Array.isArray(value)) return refused(`Cannot import "${file}": it holds no map`);
  const told: Problem[] = [];
  const translated = translate(value, (path, message, hint) => {
    told.push({ severity: 'warning', path, message, atKey: true, ...(hint !== undefined && { hint }) });
  });
  if (translated.services.length === 0) return refused(`Cannot import "${file}": there is no service in it`);
  const locate = createLocate([{ file, text }], (path) => [{ source: 0, path }]);
  const isSecret = ({ path }: Problem): boolean => path.some((key) => key === 'environment' || key === 'env');
  const shown = await locate(told.filter((one) => !isSecret(one)));
  const hidden = await locate(told.filter(isSecret));
  return {
    ok: true,
    ...translated,
    losses: sortDiagnostics([...shown, ...hidden.map(withoutLine)], [source]),
  };
}

/** The values of variables may be secret: their lines are not shown. */
function withoutLine(loss: Diagnostic): Diagnostic {
  return loss.place === undefined ? loss : { ...loss, place: { ...loss.place, lineText: '' } };
}

/** A sentence about the whole file. */
export function refused(message: string, hint?: string): Extract<ImportResult, { readonly ok: false }> {
  return { ok: false, diagnostics: [diagnosticAt(undefined, message, hint)] };
}
