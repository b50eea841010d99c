import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inheritedSoft } from '../../../../src/process/rights/own-limits.ts';

const NONE = Number.POSITIVE_INFINITY;

/** [name, our hard limit, the soft and the hard one of our parent, what we had] */
const table: readonly [
  name: string,
  hard: number,
  parent: readonly [number, number] | undefined,
  soft: number,
][] = [
  ['a shell', 524_288, [1_024, 524_288], 1_024],
  ['a shell with ulimit -Sn', 20_000, [4_000, 20_000], 4_000],
  ['a shell with ulimit -n', 5_000, [5_000, 5_000], 5_000],
  ['npm, which is Node', 20_000, [20_000, 20_000], 20_000],
  ['systemd, a unit', 524_288, [1_073_741_816, 1_073_741_816], 1_024],
  ['systemd, LimitNOFILE=65536', 65_536, [1_073_741_816, 1_073_741_816], 65_536],
  ['nobody, as PID 1', 1_073_741_816, undefined, 1_024],
  ['nobody, with few', 256, undefined, 256],
  ['a parent without limits', NONE, [NONE, NONE], NONE],
];

for (const [name, hard, parent, soft] of table)
  test(`the soft limit of open files that we had, started by ${name}`, () => {
    const limits = parent && { soft: parent[0], hard: parent[1] };
    assert.equal(inheritedSoft({ soft: hard, hard }, limits), soft);
  });
