/**
 * Group errors of our own, whose message tells of what is in them: taken apart, each part can tell of what is left in
 * it. A message that was written elsewhere stays, unless it names what was taken out.
 */
import { messageOf, nameOf, partOf } from './thrown.ts';

/** What a group with these errors says. */
type Tell = (errors: readonly unknown[]) => string;

const tellers = new WeakMap<AggregateError, Tell>();

export function groupError(errors: readonly unknown[], tell: Tell): AggregateError {
  const group = new AggregateError(errors, tell(errors));
  tellers.set(group, tell);
  return group;
}

/** `first (and 2 more)`, the second part only where there are any. */
export function andMore(errors: readonly unknown[], what = ''): string {
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more${what})` : '';
  return `${messageOf(errors[0])}${more}`;
}

/** A part of `group`, with its message, cause and trace. */
export function partOfGroup(group: AggregateError, errors: readonly unknown[]): AggregateError {
  return derive(group, errors, ownMessage(group));
}

/** What is left of `group` without `removed`, and says so. */
export function leftOfGroup(
  group: AggregateError,
  errors: readonly unknown[],
  removed: readonly unknown[],
): AggregateError {
  const message = ownMessage(group);
  const tell = tellers.get(group) ?? (tells(message, removed) ? andMore : () => message);
  const left = derive(group, errors, tell(errors));
  tellers.set(left, tell);
  return left;
}

function ownMessage(group: AggregateError): string {
  const message = partOf(group, 'message');
  return typeof message === 'string' ? message : '';
}

function tells(message: string, removed: readonly unknown[]): boolean {
  return removed.map(messageOf).some((text) => text !== '' && message.includes(text));
}

function derive(group: AggregateError, errors: readonly unknown[], message: string): AggregateError {
  const part = new AggregateError(errors, message, causeOf(group));
  const value = traceWith(group, message);
  if (value !== undefined)
    Object.defineProperty(part, 'stack', { value, configurable: true, writable: true });
  return part;
}

function causeOf(group: AggregateError): ErrorOptions | undefined {
  try {
    return 'cause' in group ? { cause: group.cause } : undefined;
  } catch {
    return undefined;
  }
}

/** Its trace begins with its message. */
function traceWith(group: AggregateError, message: string): string | undefined {
  const stack = partOf(group, 'stack');
  if (typeof stack !== 'string') return undefined;
  const head = `${nameOf(group)}: ${ownMessage(group)}`;
  return stack.startsWith(head) ? `${nameOf(group)}: ${message}${stack.slice(head.length)}` : stack;
}
