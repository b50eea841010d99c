/**
 * The environment of the test without what would change a program under test: what npm and Node's test runner say
 * to their children, wishes about colours, who runs it all, and certificates, which cost Node 20 a third of its start.
 */

const OTHERS = [
  'NODE_TEST_CONTEXT',
  'NODE_EXTRA_CA_CERTS',
  'NODE_OPTIONS',
  'NO_COLOR',
  'FORCE_COLOR',
  'KUBERNETES_SERVICE_HOST',
  'NOMAD_ALLOC_ID',
  'FLY_APP_NAME',
  'FLY_MACHINE_ID',
  'container',
];

export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') && !OTHERS.includes(name)),
  );
}
