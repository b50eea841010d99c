/**
 * Where the helper is, as a file.
 */
import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of the bundle, beside which it lies. */
declare const __filename: string | undefined;

/** For who wants to be without: `off`. */
const SWITCH = 'ORDERLY_HELPER';

/** Undefined: there is none for this system, or it isn't wanted. */
export const helperFile: string | undefined = findHelper();

function findHelper(): string | undefined {
  if (typeof __filename !== 'string' || process.env[SWITCH] === 'off') return undefined;
  const file = join(dirname(__filename), 'native', `helper-${process.platform}-${process.arch}`);
  try {
    accessSync(file, constants.X_OK);
    return file;
  } catch {
    // It isn't there, or nothing may be executed there.
    return undefined;
  }
}
