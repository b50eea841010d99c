/**
 * `depends_on`: a list of names, or a map from name to edge. The condition of an edge stays open where none is
 * written: it depends on what the dependency is.
 */
import { isMap } from '../yaml/document-value.ts';
import { list, map } from './collection.ts';
import { field, type Given, isWritten, object } from './object.ts';
import { duration, truth, word } from './scalar.ts';
import { text } from './text.ts';
import { inside, ownerAt, report, reportMismatch, subjectAt, type Type, then } from './type.ts';

/** What the name of a service may be. */
export const SERVICE_NAME = {
  pattern: /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/,
  wanted: 'letters, digits, "_", "-", "." and ":", the first one a letter, a digit or "_"',
};

const edgeObject = object({
  condition: field(
    word('started', 'ready', 'completed', 'exited'),
    'What it waits for: spawned, ready, exited with 0, or exited. By default "ready", "completed" for a task.',
  ),
  optional: field(truth(), 'Wait while it is coming, but go on without it.', false),
  timeout: field(duration(1), 'The longest wait.'),
  on_loss: field(
    word('keep', 'restart', 'stop'),
    'When it is lost later: run on, start again once it is back, or stay down.',
    'keep',
  ),
  after: field(duration(), 'How long it may be away before "on_loss" follows.', '0s'),
});

const edge: Type<GivenEdge> = then(edgeObject, (read, at, written) => {
  const isUnread = read.on_loss === undefined && isWritten(written, 'on_loss');
  const reacts = read.on_loss === 'restart' || read.on_loss === 'stop';
  if (!read.after || reacts || isUnread) return read;
  report(
    inside(at, 'after'),
    `${subjectAt(inside(at, 'after'))} has no effect: when what it waits for is lost, nothing follows`,
    'Add on_loss: restart or on_loss: stop, or remove "after"',
  );
  return read;
});

export type GivenEdge = Given<typeof edgeObject.fields>;

const nameList = list(text('the name of a service'), 'a list of names');
const edgeMap = map(edge, SERVICE_NAME);

/** Edges by the name of the service, in the order of the file. */
export const dependsOn: Type<ReadonlyMap<string, GivenEdge>> = {
  read(value, at) {
    if (isMap(value)) {
      const read = edgeMap.read(value, at);
      return read && new Map([...read].map(([name, edge]) => [name, edge ?? {}]));
    }
    if (!Array.isArray(value))
      return reportMismatch(at, 'a list of names or a map', value, 'Write [db] for one called db');
    const edges = new Map<string, GivenEdge>();
    for (const [index, name] of (nameList.read(value, at) ?? []).entries()) {
      if (edges.has(name)) report(inside(at, index), `"${name}" is there twice${ownerAt(at)}`, 'Remove one');
      edges.set(name, {});
    }
    return edges;
  },
  json: () => ({ anyOf: [nameList.json(), edgeMap.json()] }),
};
