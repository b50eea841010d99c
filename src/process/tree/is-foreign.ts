/**
 * Whether a process that was adopted came into the container from outside, by `docker exec` or the like. Pure.
 *
 * What PID 1 adopts is either an orphan of a service or what somebody left who entered the container. The latter has the
 * container's environment as we were given it, and nothing of a run. A daemon of a service has our marker; one that
 * changed its user by a login has another environment, one that writes its title over its environment has none.
 */

/** They differ from one to enter to the next. */
const OF_THE_SESSION = /^(?:HOME|TERM|PWD|OLDPWD|SHLVL|_|COLUMNS|LINES|npm_.*|ORDERLY_.*|NODE_.*)$/;
/** Whoever logs in has them. */
const OF_A_LOGIN = ['USER', 'LOGNAME'];
const MARKER = 'ORDERLY_RUN';

/** `environ` as `/proc/<pid>/environ` shows it; `own`: the environment that we were started with. */
export function isForeign(environ: string, own: Readonly<Record<string, string | undefined>>): boolean {
  const variables = new Map(
    environ
      .split('\0')
      .filter((entry) => entry.includes('='))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  if (variables.has(MARKER) || !variables.has('PATH')) return false;
  if (OF_A_LOGIN.some((name) => variables.has(name) && own[name] === undefined)) return false;
  return Object.entries(own).every(
    ([name, value]) => OF_THE_SESSION.test(name) || variables.get(name) === value,
  );
}
