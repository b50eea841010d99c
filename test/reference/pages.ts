/**
 * The pages of reference as they should be, made from the types of the built library, the introductions and the examples.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examplePath } from '../support/example-path.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import type { Page } from './contents.ts';
import { type Declaration, readModule } from './declarations.ts';
import { renderPage } from './render-page.ts';

/** Where the page is committed. */
export function pagePath({ folder }: Page): string {
  return join(repositoryRoot(), 'src', folder, 'README.md');
}

/** The exports that a page is about; `npm run build` has written their types. */
export function exportsOf({ folder }: Page): ReadonlyMap<string, Declaration> {
  return readModule(join(repositoryRoot(), 'dist/lib', folder, 'index.d.ts'));
}

export function makePage(page: Page): string {
  const introduction = join(repositoryRoot(), 'test/reference/introductions', `${page.name}.md`);
  return renderPage(page, {
    declarations: exportsOf(page),
    introduction: readFileSync(introduction, 'utf8'),
    example: (file) => readFileSync(examplePath(page.name, file), 'utf8'),
  });
}
