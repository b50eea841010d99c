/**
 * A diagnostic as GitHub shows it beside the line of a change: a workflow command on a line of its own (docs.github.com, "Workflow commands
 * for GitHub Actions"). Pure.
 */
import { relative } from 'node:path';
import type { Diagnostic } from './diagnostic.ts';

/** `folder`: that of the checkout, where it is known; else paths stay as they are. */
export function annotation(
  { severity, message, hint, place }: Diagnostic,
  folder: string | undefined,
): string {
  const file = place && (folder === undefined ? place.file : relative(folder, place.file));
  const where =
    place === undefined ? '' : ` file=${property(file ?? '')},line=${place.line},col=${place.column}`;
  return `::${severity}${where}::${data(hint === undefined ? message : `${message}. ${hint}`)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
