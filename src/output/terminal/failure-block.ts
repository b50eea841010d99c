/**
 * A failure in a few lines, for somebody who has just been woken: what it wrote, what its exit means, what went before,
 * what fell with it, and what to do next. Pure.
 *
 * The cause itself isn't among them: it is the line below.
 */
import type { OrderlyEvent } from '../../events/event.ts';
import type { EarlierLoss, FailureFacts, FailureReport, Fallen } from '../../events/failure.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { plainText } from '../../events/printable.ts';
import type { Message } from './messages.ts';

/** A crash of Node takes 17. */
const TAIL_LINES = 20;
/** More than that are counted. */
const FALLEN_NAMED = 12;

/** `isShown`: what it wrote last stands right above, in the same place. */
export function failureBlock(report: FailureReport, isShown: boolean): Message[] {
  const { output, earlier, fell, advice } = report;
  const facts = [
    ...outputLines(output, isShown),
    ...exitLines(report),
    ...earlier.map((loss) => labelled('before', earlierText(loss))),
    ...(fell.length > 0 ? [labelled('fell', fallenText(fell))] : []),
    labelled('next', advice),
  ];
  const head = headOf(report);
  return head === undefined ? facts : [{ level: 'bad', text: head }, ...facts];
}

/** What there is to say at once of a failure that the rest survives, beside that it failed. */
export function failureDetails(failure: OrderlyEvent & { readonly type: 'service.failed' }): Message[] {
  return [...exitLines(failure), labelled('next', failure.advice)];
}

/** What never ran has nothing to its name but the cause. */
function headOf({ service, attempts, uptime_ms }: FailureReport): string | undefined {
  if (uptime_ms === undefined) return undefined;
  const which = attempts > 1 ? ` (instance ${attempts})` : '';
  return `${service}${which} failed ${formatDuration(uptime_ms)} after it was started:`;
}

/** What a person would have seen of it: no colours that go on in our lines, of a progress bar its last state. */
function plain(line: string): string {
  const shown = plainText(line).trimEnd().split('\r').at(-1) ?? '';
  return shown.replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '').replaceAll('\t', ' ');
}

function outputLines(output: readonly string[], isShown: boolean): Message[] {
  const tail = output.slice(-TAIL_LINES).map(plain);
  if (tail.length === 0) return [];
  if (isShown) return [labelled('output', 'its last lines are those above')];
  return tail.map((text, index) => labelled(index === 0 ? 'output' : '', `| ${text}`));
}

/** Where a shell found no command the cause says it already. */
function exitLines({ kind, exit }: FailureFacts): Message[] {
  if (exit?.means === undefined || kind === 'command-not-found' || kind === 'not-executable') return [];
  return [labelled('exit', `${exit.signal ?? exit.code}: ${exit.means}`)];
}

function earlierText({ service, what, before_ms }: EarlierLoss): string {
  return `${service} ${what}, ${formatDuration(before_ms)} earlier`;
}

function fallenText(fell: readonly Fallen[]): string {
  const named = fell.slice(0, FALLEN_NAMED).map((one) => `${one.service} (${howText(one)})`);
  const more = fell.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
}

function howText({ how, because, exit }: Fallen): string {
  if (how === 'failed') return because ?? how;
  if (how === 'killed') return `killed: ${because}`;
  // It was asked to end, and so it may well have ended.
  const code = exit?.code ?? 0;
  return how === 'stopped' && code !== 0 && code < 128 ? `stopped, exited with code ${code}` : how;
}

function labelled(label: string, text: string): Message {
  return { level: 'info', text: `  ${label.padEnd(6)}  ${text}` };
}
