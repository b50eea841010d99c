/**
 * Whether a project could run on this machine, looked at before anything of it is started: everything that stands against it, with
 * its place; or as whom its services run.
 */
import { formatDiagnostic } from '../config/diagnostics/diagnostic.ts';
import type { ServiceConfig } from '../config/types.ts';
import { fileClashes } from '../preflight/file-clashes.ts';
import { preflight } from '../preflight/preflight.ts';
import { unwritableFiles } from '../preflight/unwritable-files.ts';
import type { Rights } from '../process/rights-ports.ts';
import type { Project } from './load-project.ts';
import type { World } from './world.ts';

export type CheckedProject =
  | { readonly ok: true; readonly rightsOf: (spec: ServiceConfig) => Rights | undefined }
  | {
      readonly ok: false;
      /** With their places, a piece of text each, as they are shown to a person. */
      readonly troubles: readonly string[];
      /** What concerns the command line, or all services at once: sentences. */
      readonly refusals: readonly string[];
    };

/** `specs`: those that are to be started; `record`: the file for all events, absolute. */
export async function checkProject(
  world: World,
  { files, locate }: Project,
  specs: readonly ServiceConfig[],
  record: string | undefined,
): Promise<CheckedProject> {
  const { rightsOf, problems, refusal } = await preflight(world, specs);
  const clashes = await fileClashes(world, { specs, read: files, record });
  const unwritable = await unwritableFiles(world, specs, record);
  const wrong = [...problems, ...clashes.problems, ...unwritable.problems];
  const refusals = [refusal, clashes.refusal, unwritable.refusal].filter((one) => one !== undefined);
  if (wrong.length + refusals.length === 0)
    return { ok: true, rightsOf: ({ name, replicaOf }) => rightsOf(replicaOf ?? name) };
  const diagnostics = await locate(wrong);
  return { ok: false, troubles: diagnostics.map((one) => formatDiagnostic(one, world.cwd)), refusals };
}
