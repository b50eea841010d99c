/**
 * Whether the native helper is there, and runs here. Undefined `helper`: it doesn't.
 */
import type { Helper } from '../helper/helper.ts';
import { hasHelper, theHelper } from '../helper/the-helper.ts';
import { type Finding, lacking, ok } from './finding.ts';

const MEANS = 'Node forks in its place, which makes starts slower';

/** Never rejects. */
export async function findHelper(): Promise<{
  readonly helper: Helper | undefined;
  readonly finding: Finding;
}> {
  const helper = await theHelper();
  if (helper !== undefined) return { helper, finding: ok('helper', 'spawns and guards the services') };
  if (hasHelper)
    return {
      helper,
      finding: lacking('helper', 'it does not run here', MEANS, 'use Linux 5.4 or newer, with /proc mounted'),
    };
  const why =
    process.env.ORDERLY_HELPER === 'off'
      ? 'ORDERLY_HELPER is off'
      : `none for ${process.platform} on ${process.arch}`;
  return { helper, finding: lacking('helper', why, MEANS, 'build orderly where there is a C compiler') };
}
