/**
 * Texts that wait for values of other services: filled in when an instance starts, shown with `${service.value}`
 * in their place until then.
 */
import type { Template, ValueReference } from '../types.ts';

export type FilledTemplate =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly missing: ValueReference };

/** The whole text, or the first reference that `lookup` has no value for. */
export function fillTemplate(
  template: Template,
  lookup: (reference: ValueReference) => string | undefined,
): FilledTemplate {
  if (typeof template === 'string') return { ok: true, text: template };
  let text = '';
  for (const part of template) {
    const piece = typeof part === 'string' ? part : lookup(part);
    if (piece === undefined) return { ok: false, missing: part as ValueReference };
    text += piece;
  }
  return { ok: true, text };
}

/** The text for people, its references as they are written in the file. */
export function templateText(template: Template): string {
  if (typeof template === 'string') return template;
  return template.map((part) => (typeof part === 'string' ? part : referenceText(part))).join('');
}

/** As it is written in the file: `${db.port}`. */
export function referenceText(reference: ValueReference): string {
  return `\${${reference.service}.${reference.value}}`;
}

/** The references of a template, in order, repeated ones included. */
export function references(template: Template): readonly ValueReference[] {
  if (typeof template === 'string') return [];
  return template.filter((part) => typeof part !== 'string');
}

/** One template of several pieces: neighbouring texts joined, a plain string if nothing waits for a value. */
export function joinTemplate(pieces: readonly (string | ValueReference)[]): Template {
  const parts: (string | ValueReference)[] = [];
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') parts[parts.length - 1] = last + piece;
    else if (piece !== '') parts.push(piece);
  }
  const [only] = parts;
  if (only === undefined) return '';
  return parts.length === 1 && typeof only === 'string' ? only : parts;
}
