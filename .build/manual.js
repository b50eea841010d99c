// node .build/manual.js BUILD FOLDER
// Writes the manual pages to FOLDER, made of the chapters in src/manual by what the compiler wrote to BUILD. They are those that are looked
// things up in; the others are shown by `orderly help`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [build = 'build', folder = 'dist/man'] = process.argv.slice(2);
const { renderManPage } = await import(pathToFileURL(resolve(build, 'src/manual/man-page.js')).href);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

const chapter = (name) => readFileSync(join('src/manual', `${name}.md`), 'utf8');

const PAGES = [
  {
    name: 'orderly',
    section: 1,
    about: 'run a graph of services in the order they become ready, and take it down in reverse',
    chapters: [
      '# Synopsis\n\n**orderly** *command* [*options*] [*service*...]\n',
      ...['commands', 'control', 'stopping', 'failures', 'output', 'containers'].map(chapter),
      '# See also\n\n**supervisor.yaml**(5). `orderly help` lists the chapters of the manual.\n',
    ],
  },
  {
    name: 'supervisor.yaml',
    section: 5,
    about: 'the services that orderly runs',
    chapters: [
      ...['configuration', 'readiness-and-health', 'notify', 'hooks'].map(chapter),
      '# See also\n\n**orderly**(1). `orderly check` tells what is wrong in a file, and `orderly schema` prints its JSON Schema.\n',
    ],
  },
];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const page of PAGES)
  writeFileSync(join(folder, `${page.name}.${page.section}`), renderManPage({ ...page, version }));
