import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLimits } from '../../../../src/process/rights/own-limits.ts';

const text = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max core file size        0                    unlimited            bytes     
Max open files            1024                 20000                files     
Max nice priority         0                    0                    
Max something new         1                    2                    things    
`;

test('the limits of a process are read by the names of setrlimit', () => {
  const none = Number.POSITIVE_INFINITY;
  assert.deepEqual(parseLimits(text), {
    cpu: { soft: none, hard: none },
    core: { soft: 0, hard: none },
    nofile: { soft: 1024, hard: 20_000 },
    nice: { soft: 0, hard: 0 },
  });
});

test('a text that says nothing is no limit that is known', () => {
  assert.deepEqual(parseLimits(''), {});
});
