/**
 * Eight real services whose behaviour is told by files in their folder, and what a reload may change of them, as text. Pure.
 *
 * `api.broken`: it fails as it starts; `api.late`: it takes its time to be ready; `api.deaf`: it ignores SIGTERM; `api.short`: it
 * ends by itself with a failure.
 */

export const BEHAVIOURS = ['broken', 'late', 'deaf', 'short'] as const;
export const SERVICES = ['db', 'cache', 'migrate', 'api', 'worker', 'web', 'mail', 'seed'] as const;
export const PROGRAM = 'service.sh';

/** What they all run: `sh service.sh NAME`. */
export const program = `
[ -e "$1.broken" ] && { echo "$1 is broken" >&2; exit 4; }
[ -e "$1.late" ] && sleep 0.3
[ -e "$1.deaf" ] && trap '' TERM
echo up
[ -e "$1.short" ] && { sleep 0.2; exit 3; }
[ -e "$1.deaf" ] || exec sleep 1000
while :; do sleep 0.05; done
`;

/** What can be different in a file. */
export interface Variant {
  /** Of which the environment is another one: it has to start anew. */
  readonly changed: readonly string[];
  /** Of which only the grace is another one: nothing has to stop. */
  readonly graceMs: number;
  readonly isWebGone: boolean;
  readonly hasExtra: boolean;
  /** That service fails as it starts, so that all of it is taken back. */
  readonly broken: string | undefined;
}

export const FIRST: Variant = {
  changed: [],
  graceMs: 400,
  isWebGone: false,
  hasExtra: false,
  broken: undefined,
};

export function configOf(variant: Variant, version: number): string {
  const service = (name: string, more: string): string => {
    const command =
      variant.broken === name ? '[sh, -c, "echo it can not work; exit 9"]' : `[sh, ${PROGRAM}, ${name}]`;
    const env = variant.changed.includes(name) ? `, env: { VERSION: "${version}" }` : '';
    return `  ${name}: { command: ${command}${env}, ${more} }`;
  };
  const up = 'ready: { log: up, within: 5s }';
  return [
    `defaults: { stop: { grace: ${variant.graceMs}ms }, on_failure: isolate, restart: { max: 3, delay: 20ms, max_delay: 100ms } }`,
    'services:',
    service('db', `${up}, cleanup: ["echo db is clean"]`),
    service('cache', `${up}, on_failure: ignore`),
    '  migrate: { type: task, command: "echo migrated", depends_on: [db] }',
    service(
      'api',
      `${up}, depends_on: { db: {}, migrate: {}, cache: { optional: true } }, cleanup: ["echo api is clean", "true"]`,
    ),
    service('worker', `${up}, depends_on: { api: { on_loss: restart } }`),
    ...(variant.isWebGone ? [] : [service('web', `${up}, depends_on: [api]`)]),
    service('mail', `${up}, depends_on: [db], profiles: [mail]`),
    '  seed: { type: task, command: "sleep 0.1; echo seeded", depends_on: [db] }',
    ...(variant.hasExtra ? [service('extra', `${up}, depends_on: [db]`)] : []),
    '',
  ].join('\n');
}
