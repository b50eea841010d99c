/**
 * npm run reference: writes the pages of reference, one for each folder of `contents.ts`, from the docstrings of the library.
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { repositoryRoot } from '../support/repository-root.ts';
import { PAGES } from './contents.ts';
import { makePage, pagePath } from './pages.ts';

for (const page of PAGES) {
  const text = makePage(page);
  writeFileSync(pagePath(page), text);
  const lines = text.split('\n').length - 1;
  process.stdout.write(`${relative(repositoryRoot(), pagePath(page))}: ${lines} lines\n`);
}
