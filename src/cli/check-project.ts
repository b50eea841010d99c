/**
 * Whether a project could run on this machine, looked at before anything of it is started: everything that stands against it, with
 * its place; or as whom its services run.
 */
import { formatDiagnostic } from '../config/diagnostics/diagnostic.ts';
import type { ServiceConfig } from '../config/types.ts';
import { fileClashes } from '../preflight/file-clashes.ts';
import { preflight } from '../preflight/preflight.ts';
import type { Rights } from '../process/ports.ts';
import type { Project } from './load-project.ts';
import type { World } from './world.ts';

export type CheckedProject =
  | { readonly ok: true; readonly rightsOf: (spec: ServiceConfig) => Rights | undefined }
  | {
      readonly ok: false;
      /** As they are shown to a person, a piece of text each. */
      readonly troubles: readonly string[];
      /** It concerns the command line, or all services at once. */
      readonly isUsage: boolean;
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
  const refused = refusal ?? clashes.refusal;
  if (refused !== undefined) return { ok: false, troubles: [refused], isUsage: true };
  const wrong = [...problems, ...clashes.problems];
  if (wrong.length === 0) return { ok: true, rightsOf: ({ name, replicaOf }) => rightsOf(replicaOf ?? name) };
  const diagnostics = await locate(wrong);
  const troubles = diagnostics.map((one) => formatDiagnostic(one, world.cwd));
  return { ok: false, troubles, isUsage: false };
}
