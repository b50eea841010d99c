/**
 * The names and labels of services as they stand in files, which need not be right: for whoever only proposes them.
 */
import { findFiles } from '../../config/find-files.ts';
import type { FileReader } from '../../config/read-text.ts';
import { isMap, scalarText } from '../../config/yaml/document-value.ts';
import { quickYaml } from '../../config/yaml/quick/quick-yaml.ts';

interface Named {
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** None where they can't be read. The full parser is loaded only for what needs it. */
export async function namesInFiles(
  files: readonly string[],
  cwd: string,
  readFile: FileReader,
): Promise<readonly Named[]> {
  const found = findFiles(files, cwd, readFile);
  const named = new Map<string, Named['labels']>();
  for (const { file, text } of found.ok ? found.sources : []) {
    const document = quickYaml(text) ?? (await slowDocument(file, text));
    const services = isMap(document) && isMap(document.services) ? document.services : {};
    for (const [service, entry] of Object.entries(services)) {
      if (entry === null) named.delete(service);
      else named.set(service, { ...named.get(service), ...labelsIn(entry) });
    }
  }
  return [...named].map(([service, labels]) => ({ service, labels }));
}

async function slowDocument(file: string, text: string): Promise<unknown> {
  const { slowYaml } = await import('../../config/yaml/slow-yaml.ts');
  return (await slowYaml(file, text)).value;
}

function labelsIn(entry: unknown): Named['labels'] {
  const labels = isMap(entry) && isMap(entry.labels) ? entry.labels : {};
  return Object.fromEntries(
    Object.entries(labels).flatMap(([key, value]) => {
      const text = scalarText(value);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}
