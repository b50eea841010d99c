/**
 * What can be asked over the control socket: a table of routes, each with what answers it.
 */
import { askDown, plan, requestAnswer, submit } from './asks.ts';
import { type Asked, type Controlled, json, type Reply, text } from './controlled.ts';
import { eventStream, logStream } from './follows.ts';
import { readiness, runAnswer, servicesAnswer, whyAnswer } from './looks.ts';
import { METRICS_TYPE, renderMetrics } from './metrics.ts';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Words in braces stand for any one part. */
  readonly path: string;
  readonly about: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly answer: (run: Controlled, asked: Asked) => Reply | Promise<Reply>;
}

export const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/livez', about: 'It answers.', answer: () => text(200, 'ok\n') },
  {
    method: 'GET',
    path: '/readyz',
    about: 'Everything that is wanted is ready, or has completed; else 503 with what is not.',
    answer: ({ picture }) => readiness(picture),
  },
  {
    method: 'GET',
    path: '/metrics',
    about: 'Figures, in the text format of Prometheus.',
    answer: ({ picture, nowMs }) => text(200, renderMetrics(picture, nowMs()), METRICS_TYPE),
  },
  {
    method: 'GET',
    path: '/v1/run',
    about: 'The run that answers.',
    answer: (run) => json(200, runAnswer(run)),
  },
  {
    method: 'GET',
    path: '/v1/services',
    about: 'All services, in the order of the graph.',
    answer: (run) => json(200, servicesAnswer(run)),
  },
  {
    method: 'GET',
    path: '/v1/services/{name}/why',
    about: 'Why a service is where it is.',
    answer: whyAnswer,
  },
  {
    method: 'POST',
    path: '/v1/requests',
    about: 'Asks for something: 202 and the plan, or why it is refused.',
    answer: submit,
  },
  {
    method: 'POST',
    path: '/v1/plan',
    about: 'What a request would do; nothing is done.',
    answer: plan,
  },
  {
    method: 'GET',
    path: '/v1/requests/{id}',
    about: 'What came of a request.',
    query: { wait: 'answer when it is settled' },
    answer: requestAnswer,
  },
  {
    method: 'POST',
    path: '/v1/down',
    about: 'Asks for the end of the run; with "now" what is still there is killed.',
    answer: askDown,
  },
  {
    method: 'GET',
    path: '/v1/events',
    about: 'The events of the run, one a line.',
    query: { since: 'those after this number', follow: 'and those to come' },
    answer: eventStream,
  },
  {
    method: 'GET',
    path: '/v1/logs',
    about: 'What services wrote, one line a line.',
    query: {
      name: 'of these services',
      tail: 'so many lines',
      since_ms: 'of so long ago',
      grep: 'only lines with this text',
      follow: 'and those to come',
    },
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
