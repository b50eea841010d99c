/**
 * The picture of a run that was told these facts.
 */
import { Picture } from '../../src/control/picture/picture.ts';
import type { View } from '../../src/control/picture/why-chain.ts';
import { describeDefinition } from '../../src/engine/run/record.ts';
import type { Fact, OrderlyEvent } from '../../src/events/event.ts';
import type { Dependency, ToldDefinition } from '../../src/events/fact-shape.ts';
import { sampleService } from './sample-config.ts';

/** A fact, or how many milliseconds pass until the next one. */
export type Told = Fact | number;

/** Each is one event later; the run begins at 0. */
export function stampAll(told: readonly Told[]): readonly OrderlyEvent[] {
  let ms = 0;
  const events: OrderlyEvent[] = [];
  for (const one of told) {
    if (typeof one === 'number') ms += one;
    else events.push({ seq: events.length + 1, time: `t${ms}`, ms, ...one });
  }
  return events;
}

export function toldPicture(told: readonly Told[]): Picture {
  const picture = new Picture();
  for (const event of stampAll(told)) picture.apply(event);
  return picture;
}

/** Of that picture, some milliseconds after the start of the run; `lines`: the last one of each service. */
export function viewOf(
  told: readonly Told[],
  nowMs: number,
  lines: Readonly<Record<string, string>> = {},
): View {
  return { picture: toldPicture(told), nowMs, lastLine: (service) => lines[service] };
}

const DEFINITION = describeDefinition(sampleService('any'));

/** The beginning of a run of these services, each with what it needs to be ready. */
export function started(
  needs: Readonly<Record<string, readonly string[]>>,
  {
    about = {},
    ...more
  }: {
    readonly selection?: readonly string[];
    readonly about?: Readonly<Record<string, Pick<ToldDefinition, 'labels' | 'replica_of'>>>;
  } = {},
): Fact {
  const edges = (of: readonly string[]): Dependency[] =>
    of.map((service) => ({ service, condition: 'ready' }));
  const dependencies = Object.fromEntries(Object.entries(needs).map(([name, of]) => [name, edges(of)]));
  const definitions = Object.fromEntries(
    Object.entries(about).map(([name, told]) => [name, { ...DEFINITION, ...told }]),
  );
  const services = Object.keys(needs);
  return { type: 'run.started', name: 'shop', services, dependencies, definitions, pid: 1, ...more };
}

/** What a request with that plan is told as. */
export function accepted(
  request: string,
  kind: string,
  changes: Readonly<Record<string, string>>,
): Fact & { readonly type: 'request.accepted' } {
  const plan = Object.entries(changes).map(([service, change]) => ({ service, change, isNamed: true }));
  return { type: 'request.accepted', request, kind, names: Object.keys(changes), plan, replaces: [] };
}
