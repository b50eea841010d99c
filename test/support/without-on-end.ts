/**
 * What is imported says `on_end: shutdown`; as long as the configuration has no such key, tests that load it leave it out here.
 */
import { serviceObject } from '../../src/config/schema/service.ts';

/** The text as the configuration takes it today. */
export function withoutOnEnd(text: string): string {
  return 'on_end' in serviceObject.fields ? text : text.replaceAll(/^ *on_end: shutdown\n/gm, '');
}
