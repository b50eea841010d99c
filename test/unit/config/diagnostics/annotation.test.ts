import assert from 'node:assert/strict';
import { test } from 'node:test';
import { annotation } from '../../../../src/config/diagnostics/annotation.ts';

const place = { file: '/w/a, b/supervisor.yaml', line: 3, column: 5, lineText: 'x', length: 1 };

test('what is told to GitHub is on one line, with nothing in it that would end a part of it', () => {
  const wrong = {
    severity: 'error',
    message: '100% "x:y,z"\nmore',
    hint: 'Write a',
    place,
    trail: [],
  } as const;
  assert.equal(
    annotation(wrong, '/w'),
    '::error file=a%2C b/supervisor.yaml,line=3,col=5::100%25 "x:y,z"%0Amore. Write a',
  );
  assert.equal(
    annotation({ ...wrong, severity: 'warning', hint: undefined, place: undefined }, undefined),
    '::warning::100%25 "x:y,z"%0Amore',
  );
  assert.match(annotation(wrong, undefined), /^::error file=\/w\/a%2C b\/supervisor\.yaml,line=3,col=5::/);
});
