/**
 * What the surroundings are taken for, and the budget that follows: every trace alone, and of two the one that counts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tellSurroundings } from '../../../../src/process/surroundings/tell-surroundings.ts';
import { assertProperty } from '../../../support/assert-property.ts';

interface Traces {
  readonly init?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
}

const tell = ({ init = false, env = {}, files = [] }: Traces) =>
  tellSurroundings({ isInit: init, env, exists: (path) => files.includes(path) });

const KUBERNETES = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
const NOMAD = { NOMAD_ALLOC_ID: '8c1f' };

const table: readonly (readonly [name: string, traces: Traces, budgetMs: number, text: RegExp])[] = [
  ['nothing', {}, 28_000, /^taken for a machine of its own: nothing tells of a container;/],
  ['an empty variable', { env: { container: '', NOMAD_ALLOC_ID: '' } }, 28_000, /^taken for a machine/],
  [
    'PID 1',
    { init: true },
    9_000,
    /^taken for a container: orderly is its first process; "docker stop" kills/,
  ],
  ['Docker’s file', { files: ['/.dockerenv'] }, 9_000, /\/\.dockerenv is there.* is 9 s$/],
  ['podman’s file', { files: ['/run/.containerenv'] }, 9_000, /\/run\/\.containerenv is there/],
  [
    'the variable of podman, nspawn and LXC',
    { env: { container: 'lxc' } },
    9_000,
    /the variable "container" is set/,
  ],
  [
    'Kubernetes',
    { env: KUBERNETES },
    28_000,
    /^taken for Kubernetes: KUBERNETES_SERVICE_HOST is set; it kills after 30 s/,
  ],
  ['Kubernetes, PID 1', { env: { ...KUBERNETES, container: 'oci' }, init: true }, 28_000, /Kubernetes/],
  [
    'Nomad',
    { env: NOMAD },
    4_500,
    /^taken for Nomad: NOMAD_ALLOC_ID is set; it kills after 5 s.* is 4\.5 s$/,
  ],
  ['Nomad with Docker, PID 1', { env: NOMAD, init: true, files: ['/.dockerenv'] }, 4_500, /Nomad/],
  ['a machine of Fly', { env: { FLY_MACHINE_ID: 'e784' } }, 4_500, /^taken for Fly: FLY_MACHINE_ID is set/],
  ['an app of Fly', { env: { FLY_APP_NAME: 'shop' } }, 4_500, /^taken for Fly: FLY_APP_NAME is set/],
];

for (const [name, traces, budgetMs, text] of table) {
  test(`surroundings: ${name}: auto is ${budgetMs} ms`, () => {
    const told = tell(traces);
    assert.equal(told.budgetMs, budgetMs);
    assert.match(told.text, text);
  });
}

test('surroundings: whatever the variables hold, no text of theirs is told, and the budget is told as it is', () => {
  const names = ['KUBERNETES_SERVICE_HOST', 'NOMAD_ALLOC_ID', 'FLY_APP_NAME', 'FLY_MACHINE_ID', 'container'];
  const env = fc.dictionary(
    fc.constantFrom(...names),
    fc.string().map((text) => `\u001b[${text}`),
  );
  const file = fc.subarray(['/.dockerenv', '/run/.containerenv']);
  assertProperty(
    fc.property(env, file, fc.boolean(), (variables, files, init) => {
      const { text, budgetMs } = tell({ env: variables, files, init });
      assert.doesNotMatch(text, /\u001b/);
      assert.match(text, new RegExp(` is ${budgetMs / 1000} s$`));
    }),
  );
});
