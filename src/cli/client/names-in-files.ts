/**
 * The names and labels of services as they stand in files, which need not be right: for whoever only proposes them.
 */
import { extendServices } from '../../config/files/extend.ts';
import { joinFiles } from '../../config/files/join.ts';
import { readSources, type SourcesWorld } from '../../config/files/read-sources.ts';
import { isMap, scalarText } from '../../config/yaml/document-value.ts';

interface Named {
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** None where they can't be read. The full parser is loaded only for what needs it. */
export async function namesInFiles(files: readonly string[], world: SourcesWorld): Promise<readonly Named[]> {
  const read = await readSources(files, world);
  if (!read.ok) return [];
  const joined = joinFiles(read.named, read.included);
  const { document } = extendServices(joined.document, read.variables.valueOf, true);
  const services = isMap(document) && isMap(document.services) ? document.services : {};
  return Object.entries(services).flatMap(([service, entry]) =>
    entry === null ? [] : [{ service, labels: labelsIn(entry) }],
  );
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
