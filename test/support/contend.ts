/**
 * A contender: claims the project of a folder when it reads a line, and says what came of it; `end` gives it back.
 */
import { createInterface } from 'node:readline';
import type { ClaimFile } from '../../src/process/guard/claim-file.ts';
import { claimProject } from '../../src/process/guard/claim-project.ts';
import { createRunIdentity } from '../../src/process/guard/run-id.ts';

const folder = process.argv[2] ?? '';
let claim: ClaimFile | undefined;

createInterface({ input: process.stdin }).on('line', async (line) => {
  if (line === 'end') {
    claim?.remove();
    claim = undefined;
    console.log('ended');
    return;
  }
  const header = { project: line, since: '', file: '' };
  const uid = process.getuid?.() ?? 0;
  const claimed = await claimProject({ own: createRunIdentity(), header, folders: [folder], uid });
  if (claimed.kind === 'ours') claim = claimed.claim;
  console.log(claimed.kind === 'taken' ? `taken by ${claimed.by.identity.pid}` : claimed.kind);
});
console.log('here');
