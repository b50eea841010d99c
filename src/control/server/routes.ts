/**
 * What can be asked over the control socket: a table of routes, each with what answers it. The document of the API is made from it.
 */
import { askDown, plan, requestAnswer, submit } from './asks.ts';
import { type Asked, type Controlled, json, type Reply, text } from './controlled.ts';
import { eventStream, logStream } from './follows.ts';
import { lease } from './lease.ts';
import { readiness, runAnswer, servicesAnswer, whyAnswer } from './looks.ts';
import { METRICS_TYPE } from './metrics/exposition.ts';
import { metricsAnswer } from './metrics/metrics.ts';
import type { QueryFields } from './parse-query.ts';

/**
 * What an answer is: a type of `protocol.ts` or any of several, as JSON or as one JSON value a line; else the type of its text.
 * Whatever is wrong is an `ErrorAnswer`.
 */
export type Shape =
  | { readonly json: readonly string[] }
  | { readonly lines: string }
  | { readonly text: string };

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Words in braces stand for any one part. */
  readonly path: string;
  readonly about: string;
  readonly query?: QueryFields;
  readonly body?: 'request' | 'lease' | 'down';
  /** By their status. */
  readonly answers: Readonly<Record<number, Shape>>;
  readonly answer: (run: Controlled, asked: Asked) => Reply | Promise<Reply>;
}

const TEXT = { text: 'text/plain' };
const ERROR = { json: ['ErrorAnswer'] };
const REFUSALS = {
  404: { json: ['RefusedAnswer'] },
  409: { json: ['RefusedAnswer'] },
  422: ERROR,
};

const CHOSEN: QueryFields = {
  name: { type: 'words', about: 'of these services; `*` and `?` stand for any characters and any one' },
  label: { type: 'words', about: 'of those that have all of these labels, each `key` or `key=value`' },
};

export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/livez',
    about: 'It answers.',
    answers: { 200: TEXT },
    answer: () => text(200, 'ok\n'),
  },
  {
    method: 'GET',
    path: '/readyz',
    about: 'Everything that is wanted is ready, or has completed; else 503 with what is not.',
    answers: { 200: TEXT, 503: TEXT },
    answer: ({ picture }) => readiness(picture),
  },
  {
    method: 'GET',
    path: '/metrics',
    about: 'Figures, in the text format of Prometheus.',
    answers: { 200: { text: METRICS_TYPE } },
    answer: metricsAnswer,
  },
  {
    method: 'GET',
    path: '/v1/openapi.json',
    about: 'This document.',
    answers: { 200: { text: 'application/json' } },
    answer: async ({ apiDocument }) => text(200, await apiDocument(), 'application/json'),
  },
  {
    method: 'GET',
    path: '/v1/run',
    about: 'The run that answers.',
    answers: { 200: { json: ['RunAnswer'] } },
    answer: (run) => json(200, runAnswer(run)),
  },
  {
    method: 'GET',
    path: '/v1/services',
    about: 'All services, or those that are chosen, in the order of the graph.',
    query: { ...CHOSEN, usage: { type: 'flag', about: 'with what each uses, and where it listens' } },
    answers: { 200: { json: ['ServicesAnswer'] }, 404: ERROR },
    answer: servicesAnswer,
  },
  {
    method: 'GET',
    path: '/v1/services/{name}/why',
    about: 'Why a service is where it is.',
    answers: { 200: { json: ['WhyAnswer'] }, 404: ERROR },
    answer: whyAnswer,
  },
  {
    method: 'POST',
    path: '/v1/requests',
    about: 'Asks for something: 202 and the plan, or why it is refused. With "dry_run" nothing is done: 200.',
    body: 'request',
    answers: { 200: { json: ['AcceptedAnswer'] }, 202: { json: ['AcceptedAnswer'] }, ...REFUSALS },
    answer: submit,
  },
  {
    method: 'POST',
    path: '/v1/plan',
    about: 'What a request would do; nothing is done.',
    body: 'request',
    answers: { 200: { json: ['AcceptedAnswer'] }, ...REFUSALS },
    answer: plan,
  },
  {
    method: 'GET',
    path: '/v1/requests/{id}',
    about: 'What came of a request.',
    query: { wait: { type: 'flag', about: 'answer when it is settled' } },
    answers: { 200: { json: ['RequestAnswer'] }, 404: ERROR },
    answer: requestAnswer,
  },
  {
    method: 'POST',
    path: '/v1/leases',
    about:
      'Starts what of these services is not wanted up, and holds it as long as the stream is open: first the answer, then how it ended. In a shutdown those of a client with "for_command" go after it.',
    body: 'lease',
    answers: { 200: { lines: 'LeaseLine' }, ...REFUSALS },
    answer: lease,
  },
  {
    method: 'POST',
    path: '/v1/down',
    about: 'Asks for the end of the run; with "now" what is still there is killed.',
    body: 'down',
    answers: { 202: { json: ['DownAnswer'] } },
    answer: askDown,
  },
  {
    method: 'GET',
    path: '/v1/events',
    about: 'The events of the run, one a line.',
    query: {
      since: { type: 'count', about: 'those after this number' },
      follow: { type: 'flag', about: 'and those to come' },
    },
    answers: { 200: { lines: 'EventLine' } },
    answer: eventStream,
  },
  {
    method: 'GET',
    path: '/v1/logs',
    about: 'What services wrote, one line a line.',
    query: {
      ...CHOSEN,
      tail: { type: 'count', about: 'so many lines' },
      since_ms: { type: 'count', about: 'of so long ago' },
      until_ms: { type: 'count', about: 'and not later than so long ago' },
      grep: { type: 'any text', about: 'only lines with this text' },
      follow: { type: 'flag', about: 'and those to come' },
    },
    answers: { 200: { lines: 'LogLine' }, 404: ERROR },
    answer: logStream,
  },
];

/** The route of a path, with what stands in the place of its words; `allowed`: it is there, for other methods. */
export type Found =
  | { readonly kind: 'found'; readonly route: Route; readonly path: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-method'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' };

export function findRoute(method: string, path: string): Found {
  const parts = path.split('/');
  const fitting = ROUTES.flatMap((route) => {
    const words = wordsOf(route.path.split('/'), parts);
    return words === undefined ? [] : [{ route, path: words }];
  });
  const found = fitting.find(({ route }) => route.method === method);
  if (found !== undefined) return { kind: 'found', ...found };
  if (fitting.length === 0) return { kind: 'none' };
  return { kind: 'wrong-method', allowed: fitting.map(({ route }) => route.method) };
}

function wordsOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const words: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index]!;
    if (!expected.startsWith('{')) {
      if (part !== expected) return undefined;
      continue;
    }
    try {
      words[expected.slice(1, -1)] = decodeURIComponent(part);
    } catch {
      return undefined;
    }
  }
  return words;
}
