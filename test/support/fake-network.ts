/**
 * A network whose ports open and whose servers answer at given times. Every attempt is recorded.
 */
import { now } from '../../src/concurrency/index.ts';
import type { Attempt, Network, OwnerCheck, WantedStatus } from '../../src/process/ports.ts';
import { passes } from './passes.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export type FakeAnswer =
  | {
      readonly kind: 'accept';
      readonly status?: number;
      readonly afterMs?: number;
      /** It is not the service that accepts. */
      readonly heldBy?: string;
    }
  | { readonly kind: 'refuse'; readonly detail?: string; readonly afterMs?: number }
  /** Never answers. */
  | { readonly kind: 'silent' };

export interface FakeAttempt {
  /** "127.0.0.1:5432", or the URL. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly startedMs: number;
  /** Undefined while it is under way. */
  endedMs: number | undefined;
  aborted: boolean;
}

export interface FakeNetwork extends Network {
  /** How a target answers from `fromMs` (by default now) on; before that it refuses. */
  answer(target: string, answer: FakeAnswer, fromMs?: number): void;
  readonly attempts: readonly FakeAttempt[];
  /** Knows who accepts in this network. */
  readonly ownerOf: OwnerCheck;
  /** How many attempts are under way. */
  readonly underWay: number;
}

const refused: FakeAnswer = { kind: 'refuse' };
const nowhere = { address: '', port: 0 };

export function createFakeNetwork(): FakeNetwork {
  const answers = new Map<string, Timeline<FakeAnswer>>();
  const attempts: FakeAttempt[] = [];

  const timelineOf = (target: string): Timeline<FakeAnswer> => {
    const timeline = answers.get(target) ?? createTimeline(refused);
    answers.set(target, timeline);
    return timeline;
  };

  const ask = async (
    target: string,
    signal: AbortSignal,
    accepts: (status: number) => Attempt,
    ownerOf: OwnerCheck | undefined,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Attempt> => {
    const attempt: FakeAttempt = {
      target,
      startedMs: now(),
      endedMs: undefined,
      aborted: false,
      ...(headers && { headers }),
    };
    attempts.push(attempt);
    const answer = timelineOf(target).current();
    attempt.aborted = !(await passes(answer.kind === 'silent' ? Infinity : (answer.afterMs ?? 0), signal));
    attempt.endedMs = now();
    if (attempt.aborted) return { ok: false, detail: 'aborted' };
    if (answer.kind === 'accept') {
      const owner = await ownerOf?.({ local: nowhere, remote: { address: target, port: 0 } });
      return owner?.kind === 'not-own' ? { ok: false, detail: owner.detail } : accepts(answer.status ?? 200);
    }
    return { ok: false, detail: (answer.kind === 'refuse' && answer.detail) || 'connection refused' };
  };

  return {
    connect: (host, port, signal, ownerOf) =>
      ask(`${host}:${port}`, signal, () => ({ ok: true, detail: 'accepted' }), ownerOf),
    connectPath: (path, signal, ownerOf) =>
      ask(path, signal, () => ({ ok: true, detail: 'accepted' }), ownerOf),
    get: (url, headers, wanted, signal, ownerOf) =>
      ask(url, signal, (status) => statusAttempt(status, wanted), ownerOf, headers),
    async ownerOf(connection) {
      const target = 'path' in connection ? connection.path : connection.remote.address;
      const answer = timelineOf(target).current();
      if (answer.kind !== 'accept' || answer.heldBy === undefined) return { kind: 'own' };
      return { kind: 'not-own', detail: `held by ${answer.heldBy}` };
    },
    answer: (target, answer, fromMs) => timelineOf(target).set(answer, fromMs),
    attempts,
    get underWay() {
      return attempts.filter((attempt) => attempt.endedMs === undefined).length;
    },
  };
}

function statusAttempt(status: number, wanted: WantedStatus): Attempt {
  const isGood = status >= 200 && status < 400;
  const ok = wanted === 'any' || (wanted === undefined ? isGood : [wanted].flat().includes(status));
  return { ok, detail: ok ? String(status) : `status ${status}`, isAnswered: true };
}
