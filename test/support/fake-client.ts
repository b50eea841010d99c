/**
 * The outside of a command that asks a run, for tests: answers by their paths, and what the command said.
 */
import assert from 'node:assert/strict';
import type { ClientScreen, ClientSignal, ClientWorld } from '../../src/cli/client/client-world.ts';
import { NoAnswerError, type Question } from '../../src/control/client/ask.ts';
import type { FoundRun } from '../../src/process/guard/find-run.ts';

/** What a path answers: a value, a text as it is, or why there is no answer. */
type Answer = object | string | NoAnswerError;

export interface FakeClient {
  readonly world: ClientWorld;
  readonly printed: string[];
  readonly complained: string[];
  /** In order. */
  readonly asked: Question[];
  /** What was shown to be waited for, one after the other; empty: it was taken away. */
  readonly shown: readonly (readonly string[])[];
  interrupt(signal: ClientSignal): void;
}

export const RUN: FoundRun = {
  ...{ run: '7-1-b-x', pid: 7, project: 'file:/shop/supervisor.yaml', file: '/shop/supervisor.yaml' },
  ...{ since: 't', socket: '/run/orderly/s' },
};

export interface FakeOutside {
  readonly runs?: readonly FoundRun[];
  readonly files?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** By path, without what follows a question mark; a missing one is never answered. */
  readonly answers?: Readonly<Record<string, Answer>>;
  /** What a stream tells; it breaks off after that. */
  readonly lines?: readonly object[];
  /** Missing: there is no terminal. */
  readonly screen?: ClientScreen;
  /** Times that have passed. */
  readonly isLate?: boolean;
}

/** It is silent until the request has ended, which may take hours: who gives it up before has given up a request that goes on. */
export function isTooSoon({ path, patienceMs }: Question): boolean {
  return path.endsWith('?wait') && patienceMs !== undefined;
}

const MOST_QUESTIONS = 1_000;

export function fakeClient(outside: FakeOutside = {}): FakeClient {
  const { runs = [RUN], files = { '/shop/supervisor.yaml': '' }, cwd = '/shop', answers = {} } = outside;
  const [printed, complained, asked]: [string[], string[], Question[]] = [[], [], []];
  const shown: (readonly string[])[] = [];
  let interrupt: (signal: ClientSignal) => void = () => {};
  const interrupted = new Promise<ClientSignal>((resolve) => {
    interrupt = resolve;
  });
  const world: ClientWorld = {
    cwd,
    env: {},
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
      return text;
    },
    realPath: (path) => path,
    createFile: () => undefined,
    appendToFile: () => undefined,
    isAlive: () => true,
    startOwnProgram: () => assert.fail('not asked for'),
    async *input() {},
    openScreen: async () => outside.screen,
    openWaitingArea: async () => ({
      show: (lines) => void shown.push(lines),
      clear: () => void shown.push([]),
    }),
    print: (text) => void printed.push(text),
    complain: (text) => void complained.push(text),
    findRun: (project) => runs.find((run) => run.project === project),
    findRuns: () => runs,
    ask: async (_socket, question) => {
      asked.push(question);
      if (asked.length > MOST_QUESTIONS) throw new Error('it asks on and on');
      if (isTooSoon(question)) throw new NoAnswerError('it was silent');
      const answer = answers[question.path.replace(/\?.*/, '')];
      if (answer instanceof NoAnswerError) throw answer;
      if (answer === undefined) return new Promise(() => undefined);
      const text = typeof answer === 'string' ? answer : JSON.stringify({ run: RUN.run, ...answer });
      return { status: 200, text };
    },
    async *follow() {
      for (const line of outside.lines ?? []) yield JSON.stringify(line);
      throw new NoAnswerError('it broke off in the middle');
    },
    pause: () => Promise.resolve(),
    after: () => (outside.isLate === true ? Promise.resolve() : new Promise(() => undefined)),
    interrupted: () => interrupted,
  };
  return { world, printed, complained, asked, shown, interrupt };
}
