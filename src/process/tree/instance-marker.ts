/**
 * The variables by which a process of an instance is recognised, wherever it went.
 *
 * A daemon that called setsid and was adopted by another process keeps its environment: `/proc/<pid>/environ` shows
 * what it was executed with. A program that clears its environment can't be recognised this way.
 */

const RUN = 'ORDERLY_RUN';
const SERVICE = 'ORDERLY_SERVICE';
const ATTEMPT = 'ORDERLY_ATTEMPT';

/** What the environment of an instance gets. `run` is a text that no other run has. */
export function markerVariables(run: string, service: string, attempt: number): Record<string, string> {
  return { [RUN]: run, [SERVICE]: service, [ATTEMPT]: String(attempt) };
}

/** One text for an instance of a run. */
export function instanceMarker(service: string, attempt: number | string): string {
  return `${attempt}/${service}`;
}

/** In the place of an instance's marker: a probe or a clean-up of the run, and what came of it. */
export const OF_A_COMMAND = 'command';

/** What the environment of a command of the run gets: not an instance's, since no tree is to wait for it. */
export function commandVariables(run: string): Record<string, string> {
  return { [RUN]: `${run}+` };
}

/** The service in a marker; empty: it is of none. */
export function serviceOfMarker(marker: string): string {
  return marker === OF_A_COMMAND ? '' : marker.slice(marker.indexOf('/') + 1);
}

/** The marker in an environment as `/proc/<pid>/environ` shows it, if it is of that run. */
export function findMarker(environ: string, run: string): string | undefined {
  const entries = `\0${environ}`;
  if (!entries.includes(`\0${RUN}=${run}`)) return undefined;
  const of = variableOf(entries, RUN);
  if (of === `${run}+`) return OF_A_COMMAND;
  if (of !== run) return undefined;
  const service = variableOf(entries, SERVICE);
  const attempt = variableOf(entries, ATTEMPT);
  return service === undefined || attempt === undefined ? undefined : instanceMarker(service, attempt);
}

/** Of which service of that run it is; empty: of none. Undefined: it is not of that run. */
export function findRunService(environ: string, run: string): string | undefined {
  const marker = findMarker(environ, run);
  return marker === undefined ? undefined : serviceOfMarker(marker);
}

/** A variable in an environment as `/proc/<pid>/environ` shows it. */
export function findVariable(environ: string, name: string): string | undefined {
  return variableOf(`\0${environ}`, name);
}

function variableOf(entries: string, name: string): string | undefined {
  const start = entries.indexOf(`\0${name}=`);
  if (start === -1) return undefined;
  const from = start + name.length + 2;
  const to = entries.indexOf('\0', from);
  return entries.slice(from, to === -1 ? undefined : to);
}
