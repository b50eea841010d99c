/**
 * The names and labels of services as they stand in files, which need not be right: for whoever only proposes them.
 */
import { extendServices } from '../../config/files/extend.ts';
import { servicesOf } from '../../config/files/merge.ts';
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
  const { document } = extendServices(read.document, read.bases);
  return Object.entries(servicesOf(document)).flatMap(([service, entry]) =>
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
