/**
 * The name of an instance within its run, as marks and cgroups tell it. Pure.
 */

/** One text for an instance of a run. */
export function instanceMarker(service: string, attempt: number | string): string {
  return `${attempt}/${service}`;
}

/** In the place of an instance's marker: a probe or a clean-up of the run, and what came of it. */
export const OF_A_COMMAND = 'command';

/** The service in a marker; empty: it is of none. */
export function serviceOfMarker(marker: string): string {
  return marker === OF_A_COMMAND ? '' : marker.slice(marker.indexOf('/') + 1);
}

/** A variable in an environment as `/proc/<pid>/environ` shows it. */
export function variableOf(environ: string, name: string): string | undefined {
  const entries = `\0${environ}`;
  const start = entries.indexOf(`\0${name}=`);
  if (start === -1) return undefined;
  const from = start + name.length + 2;
  const to = entries.indexOf('\0', from);
  return entries.slice(from, to === -1 ? undefined : to);
}
