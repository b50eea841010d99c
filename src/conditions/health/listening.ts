/**
 * A health check that doesn't ask but listens: well is what was heard of since the last check.
 *
 * It hears lines of output that match a pattern (those of `log.ts`), or any word over the notify channel that shows
 * that the program is alive.
 */
import { sleep } from '../../concurrency/index.ts';
import type { ConditionKind } from '../../config/types.ts';
import type { StreamName } from '../../events/event.ts';
import { plainText } from '../../events/printable.ts';
import { createMatcher } from '../../patterns/create-matcher.ts';
import type { Notification } from '../../process/ports.ts';
import { createLineSplitter, LINE_LIMIT_BYTES, passedOver } from '../kinds/log.ts';
import { channelNames } from '../kinds/notify.ts';
import type { Outcome } from '../probe/check.ts';
import type { HealthCheck } from './check.ts';

type LogCondition = Extract<ConditionKind, { readonly kind: 'log' }>;
type NotifyCondition = Extract<ConditionKind, { readonly kind: 'notify' }>;

const NEWLINE = 0x0a;
/**
 * What the service wrote before the check was due may still lie in its pipe, after a busy moment of ours above all: it
 * is read first.
 */
const READ_FIRST_MS = 10;

interface Ear {
  hear(what: string): void;
  /** Was anything heard since it was last asked? */
  attempt(signal: AbortSignal): Promise<Outcome>;
}

/** `silence` is the sentence for an attempt that heard nothing; `listenOnce` is called when it is due. */
function createEar(silence: () => string, listenOnce: () => void = () => undefined): Ear {
  let heard: string | undefined;
  return {
    hear(what) {
      heard ??= what;
    },
    async attempt() {
      if (heard === undefined) await sleep(READ_FIRST_MS);
      if (heard === undefined) listenOnce();
      const evidence = heard;
      heard = undefined;
      return evidence === undefined ? { kind: 'not-yet', detail: silence() } : { kind: 'held', evidence };
    },
  };
}

/**
 * Once a line has matched nothing more is looked at until the next check, so that a service that writes much pays for
 * one line an interval. A line that is under way then is passed over: its rest is no line.
 */
export function createLogHealth({ pattern, ignoreCase }: LogCondition): HealthCheck {
  const matcher = createMatcher(pattern, ignoreCase);
  const subject = `log /${pattern}/${ignoreCase ? 'i' : ''}`;
  const ear = createEar(
    () => `${subject}: no line matched since the last check${passedOver(matcher)}`,
    () => {
      for (const stream of [streams.stdout, streams.stderr]) stream.lookAtUnfinished();
    },
  );
  let looks = true;
  const look = (line: string): void => {
    if (!looks || matcher.match(plainText(line)) === undefined) return;
    ear.hear(subject);
    looks = false;
  };
  const isOfNoUse = (bytes: Buffer, from: number, to: number): boolean =>
    !looks || matcher.rulesOut(bytes, from, to);
  const streams = { stdout: createStream(), stderr: createStream() };

  function createStream() {
    let lines = createLineSplitter(LINE_LIMIT_BYTES, look, isOfNoUse);
    let endsInside = false;
    let skips = false;
    return {
      push(chunk: Buffer): void {
        if (chunk.length === 0) return;
        matcher.beginChunk();
        const restEnds = skips ? chunk.indexOf(NEWLINE) : 0;
        if (looks && restEnds !== -1) {
          lines.push(skips ? chunk.subarray(restEnds + 1) : chunk);
          skips = false;
        }
        endsInside = chunk[chunk.length - 1] !== NEWLINE;
      },
      end(): void {
        if (looks && !skips) lines.end();
      },
      /** A line may be as it is for long: a prompt, say. */
      lookAtUnfinished(): void {
        const line = skips ? undefined : lines.unfinished();
        if (line === undefined) return;
        matcher.beginChunk();
        look(line);
      },
      /** Looks again after a time of not looking: what comes first may be the rest of a line. */
      resume(): void {
        lines = createLineSplitter(LINE_LIMIT_BYTES, look, isOfNoUse);
        skips = endsInside;
      },
    };
  }

  return {
    subject,
    unanswered: 'not heard',
    channel: 'none',
    listens: true,
    wantsOutput: true,
    output(stream: StreamName, chunk) {
      if (chunk === undefined) streams[stream].end();
      else streams[stream].push(chunk);
    },
    notification: () => undefined,
    async attempt(signal) {
      const outcome = await ear.attempt(signal);
      if (looks) return outcome;
      looks = true;
      streams.stdout.resume();
      streams.stderr.resume();
      return outcome;
    },
  };
}

/** Anything that shows that it is alive, over its notify channel, since the last check. */
export function createNotifyHealth({ protocol }: NotifyCondition): HealthCheck {
  const subject = `notify ${protocol}`;
  let closed = false;
  const ear = createEar(() =>
    closed
      ? `${subject}: it has closed its channel, and can say nothing any more`
      : `${subject}: no word over ${channelNames[protocol]} since the last check`,
  );
  return {
    subject,
    unanswered: 'not heard',
    channel: protocol,
    listens: true,
    wantsOutput: false,
    output: () => undefined,
    notification(notification) {
      if (notification.kind === 'closed') closed = true;
      else if (speaksForIt(notification)) ear.hear(`${subject}: ${notification.kind}`);
    },
    attempt: (signal) => ear.attempt(signal),
  };
}

/** A note is ours, and what says that it hangs isn't well. */
function speaksForIt({ kind }: Notification): boolean {
  return kind !== 'note' && kind !== 'tripped';
}
