/**
 * Hooks: a command or a webhook for each event that somebody wants to hear of.
 */
import type { Hook } from '../hook-types.ts';
import { isMap } from '../yaml/document-value.ts';
import { plainCommand } from './command.ts';
import { field, type Given, isWritten, object, orShort } from './object.ts';
import { duration } from './scalar.ts';
import { text } from './text.ts';
import { named, report, subjectAt, then } from './type.ts';

const webhook = text('a URL', (address) => {
  if (!/^https?:\/\//.test(address)) return 'it does not start with http:// or https://';
  return URL.canParse(address) ? undefined : 'it is not a URL';
});

const hookObject = object({
  run: field(plainCommand, 'The command: it is told ORDERLY_EVENT and more in its environment.'),
  url: field(webhook, 'The address that gets the same as a small JSON object, by POST.'),
  timeout: field(duration(1), 'It is ended when it takes longer.', '10s'),
});

/** A command, or a map of one kind with its limit. */
export const hook = named<Hook>('hook', () =>
  then(
    orShort(hookObject, plainCommand, (run) => ({ run })),
    ({ run, url, timeout }, at, written) => {
      const has = (key: string) => isMap(written) && isWritten(written, key);
      if (has('run') && has('url')) {
        const hint = 'Let a script do both, or leave one out';
        return report(at, `${subjectAt(at)} has "run" and "url", but only one is possible`, hint);
      }
      if (isMap(written) && !has('run') && !has('url')) {
        const hint = 'Write a command as "run", or the address of a webhook as "url"';
        return report(at, `${subjectAt(at)} does not say what to do`, hint);
      }
      const timeoutMs = timeout ?? hookObject.fields.timeout.initial!;
      if (run) return { kind: 'command', run, timeoutMs };
      return url ? { kind: 'webhook', url, timeoutMs } : undefined;
    },
  ),
);

export const hooksObject = object({
  ready: field(
    hook,
    'It is ready; of the whole graph, all that is wanted is, each time that it was not so before.',
  ),
  failed: field(hook, 'It has failed for good; of the whole graph, the first one since all was ready.'),
  restarted: field(hook, 'It was started again after it had failed.'),
  unhealthy: field(hook, 'Its health has failed, or its watchdog tripped.'),
});

export type GivenHooks = Given<typeof hooksObject.fields> | null | undefined;
