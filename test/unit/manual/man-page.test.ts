/** Chapters as manual pages, held against a real formatter where there is one. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { renderManPage } from '../../../src/manual/man-page.ts';
import { readText } from '../../support/manual.ts';
import { needs } from '../../support/needs.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

function body(chapter: string): string {
  const page = renderManPage({ name: 'x', section: 1, about: 'y', version: '1', chapters: [chapter] });
  return page.slice(page.indexOf('x \\- y\n') + 'x \\- y\n'.length);
}

test('nothing of a text is a request or an escape', () => {
  assert.equal(body('.sp 3 \\n(x\n'), '.PP\n\\&.sp 3 \\en(x\n');
  assert.equal(body("- 'a\n"), ".IP \\(bu 2\n\\&'a\n");
  assert.equal(body('```\n.sp\n\\a\n\n```\n'), '.PP\n.RS 4\n.nf\n\\&.sp\n\\ea\n\\&\n.fi\n.RE\n');
  assert.equal(body('# say "a\n'), '.SH "SAY \\(dqA"\n');
});

test('code is what is typed: hyphens, quotes and accents', () => {
  assert.equal(body("`-a 'b' ~^`\n"), '.PP\n\\fB\\-a \\(aqb\\(aq \\(ti\\(ha\\fR\n');
});

test('a row of a table is a term and what it means', () => {
  assert.equal(
    body('| key | default | meaning |\n|---|---|---|\n| `k` | 1 | it |\n'),
    '.TP\n\\fBk\\fR\ndefault: 1\n.br\nit\n',
  );
});

test('letters that not every formatter has are named by their numbers', () => {
  assert.equal(body('a… ▶\n'), '.PP\na... \\[u25B6]\n');
});

suite('the pages that are built', () => {
  const { man } = JSON.parse(readText('package.json')) as { readonly man: readonly string[] };
  for (const page of man)
    test(`${page} gives groff nothing to warn of`, { skip: needs('groff') }, () => {
      const { status, stderr } = spawnSync('groff', ['-man', '-ww', '-z', join(repositoryRoot(), page)], {
        encoding: 'utf8',
      });
      assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    });

  test('have every key of a service, and every command', () => {
    const [commands = '', keys = ''] = man.map(readText);
    for (const command of ['up', 'check', 'ps', 'why', 'down'])
      assert.match(commands, new RegExp(`\\\\fBorderly ${command}\\b`));
    for (const key of ['command', 'depends_on', 'watchdog', 'log'])
      assert.match(keys, new RegExp(`^\\\\fB${key}\\\\fR`, 'm'));
  });
});
