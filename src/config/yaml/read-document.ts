/**
 * A document as a value, by the parser that it needs: nearly every file is plain, and read without the full one.
 */
import type { SourceText } from '../diagnostics/locate.ts';
import { quickYaml } from './quick/quick-yaml.ts';
import { type SlowDocument, slowYaml } from './slow-yaml.ts';

export async function readDocument({ file, text }: SourceText): Promise<SlowDocument> {
  const value = quickYaml(text);
  return value === undefined ? slowYaml(file, text) : { value, diagnostics: [], isUsable: true };
}
