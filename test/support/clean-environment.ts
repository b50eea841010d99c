/**
 * The same small environment for a program under test, whoever runs the tests: nothing that npm, a container, an editor or
 * a continuous integration says to its children, no wishes about colours, no certificates (which cost Node 20 a third of
 * its start), no records that are kept in anybody's home, and the shell that every machine has, which `script` would
 * otherwise take from whoever runs it.
 */
const KEPT = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER', 'LOGNAME', 'ORDERLY_HELPER'];

export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), SHELL: '/bin/sh', XDG_STATE_HOME: '/dev/null' };
}
