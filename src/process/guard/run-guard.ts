/**
 * What stands between a run and its own sudden death: its claim, which the next run reads, and its guardian, which
 * acts at once. Whatever the run spawns is made known to both.
 *
 * One for a run; `leave` ends it. As PID 1 there is no guardian: the kernel kills all that is in the namespace.
 */
import type { Helper } from '../helper/helper.ts';
import type { RunMarks } from '../tree/members/run-marks.ts';
import type { ClaimedRequest, Lease } from './claim.ts';
import { type ClaimFile, removeClaim, socketOf, tokenOf } from './claim-file.ts';
import { claimProject } from './claim-project.ts';
import { type FoundRun, runOf } from './find-run.ts';
import { type Guardian, startGuardian } from './guardian.ts';
import { type Removed, removeLeftovers } from './remove-leftovers.ts';
import { isOfEarlierBoot, type RunIdentity } from './run-id.ts';
import { helperNote, leftoverNote, noFolderNote, stuckSentence, takenSentence } from './run-notes.ts';
import { type RuntimeWorld, runtimeFolders } from './runtime-folder.ts';
import type { SpawnRegister } from './spawn-register.ts';
import { isDeadRun, sweepFolders } from './sweep-folders.ts';

export interface ProjectToEnter {
  /** What must not run twice: the real path of a file, or a name somebody chose. */
  readonly project: string;
  readonly file: string;
  /** ISO 8601. */
  readonly since: string;
}

export type Entry =
  /**
   * It is ours, and nothing of an earlier run is alive. `notes` are for a person; `socket`: where clients look for one of ours,
   * undefined if there is no folder for it; `tokenFile`: where it may keep a secret for them.
   */
  | {
      readonly kind: 'entered';
      readonly run: string;
      readonly socket: string | undefined;
      readonly tokenFile: string | undefined;
      readonly notes: readonly string[];
    }
  /**
   * Somebody else runs it, or what is left of it can't be ended: a sentence. `by`: who runs it, and can be asked; `isStarting`: who
   * it is will be known in a moment.
   */
  | {
      readonly kind: 'taken';
      readonly message: string;
      readonly by: FoundRun | undefined;
      readonly isStarting: boolean;
    };

/** What the next run tells was not settled when we died; where there is no claim it tells nothing. Never throws. */
export interface RequestRegister {
  accepted(request: ClaimedRequest): void;
  settled(request: string): void;
}

export interface RunGuard extends SpawnRegister, RequestRegister {
  /** A text that no other run has. */
  readonly run: string;
  /** By them its processes are recognised. */
  readonly marks: RunMarks;
  /** Call it before the first spawn. Never rejects for what others did. */
  enter(project: ProjectToEnter): Promise<Entry>;
  /** Names the cgroup that everything of the run is in. Call it before the first spawn. */
  cgroup(folder: string): void;
  /** It is the guardian, in place of a shell; after its end a shell is again. Call it before the first spawn. */
  guardBy(helper: Helper): void;
  /** Who hears from now on, in sentences for a person, what becomes of the guardian. */
  listen(tell: (text: string) => void): void;
  /** The orderly end, when nothing of the run is left. Settles when the guardian is gone. Harmless when repeated. */
  leave(): Promise<void>;
}

export interface RunGuardOptions {
  readonly identity: RunIdentity;
  /** Of that run. */
  readonly marks: RunMarks;
  readonly world: RuntimeWorld;
  /** Everything dies with us: there is no guardian. By default as PID 1. */
  readonly isInit?: boolean;
  /** Kills everything in the cgroup of a dead run and removes it; a promise is waited for. */
  readonly removeCgroup?: (folder: string) => unknown;
  /** Removes the empty cgroups beside that of our run whose run is dead. Never throws. */
  readonly sweepCgroups?: (own: string, isDead: (run: string) => boolean) => void;
}

export function createRunGuard(options: RunGuardOptions): RunGuard {
  const {
    identity,
    marks,
    world,
    isInit = identity.pid === 1,
    removeCgroup = () => {},
    sweepCgroups = () => {},
  } = options;
  const living = new Set<Lease>();
  const gone: Lease[] = [];
  let claim: ClaimFile | undefined;
  let guardian: Guardian | undefined;
  let starting = false;
  let isByHelper = false;
  let folder: string | undefined;
  let tell = (_text: string): void => {};

  /** The helper knows its own children. */
  const lineOf = (lease: Lease): string => (isByHelper && lease.byHelper ? '' : guardianLine(lease));

  const everything = (): string =>
    [
      guardianSecretLine(marks.secret),
      ...(folder === undefined ? [] : [guardianCgroupLine(folder)]),
      ...[...living].map(lineOf),
    ].join('');

  /** In one piece for all that end in the same turn, as a hundred do when a run goes down. */
  const tellGone = (): void => {
    const ended = gone.splice(0);
    if (ended.length === 0) return;
    // A number may belong to a younger one of ours by now.
    const taken = new Set([...living].map(({ pid }) => pid));
    const told = ended.filter((lease) => !taken.has(lease.pid) && lineOf(lease) !== '');
    guardian?.tell(told.map(({ pid }) => `-${pid}\n`).join(''));
    claim?.gone(ended);
  };

  /** What dead runs have left that is in nobody's way: it would only become more and more. */
  const tidyUp = async (): Promise<void> => {
    if (folder !== undefined) sweepCgroups(folder, (run) => isDeadRun(run, identity));
    if (claim !== undefined) await sweepFolders(runtimeFolders(world), world.uid, identity);
  };

  const begin = (): void => {
    const onTrouble = (text: string): void => tell(text);
    if (!isInit && !isByHelper) guardian = startGuardian({ run: identity.run, everything, onTrouble });
  };

  /** After the turn of the first spawn: what it costs delays nobody then. */
  const startSoon = (): void => {
    if (starting) return;
    starting = true;
    setImmediate(() => {
      if (!starting) return;
      begin();
      void tidyUp();
    });
  };

  return {
    run: identity.run,
    marks,
    async enter(project) {
      const folders = runtimeFolders(world);
      const claimed = await claimProject({ own: identity, header: project, folders, uid: world.uid });
      if (claimed.kind === 'taken') {
        const { by } = claimed;
        const { header, running } = by;
        const run = header === undefined || !running ? undefined : runOf({ ...by, header });
        return { kind: 'taken', message: takenSentence(by), by: run, isStarting: run === undefined };
      }
      if (claimed.kind === 'no-folder')
        return {
          ...{ kind: 'entered', run: identity.run, socket: undefined, tokenFile: undefined },
          notes: [noFolderNote(folders)],
        };
      claim = claimed.claim;
      claim.secret(marks.secret);
      const results: Removed[] = [];
      for (const dead of claimed.dead) {
        const sameBoot = !isOfEarlierBoot(dead.identity, identity);
        const result = await removeLeftovers(dead, sameBoot, { removeCgroup });
        if (result.left.length === 0) removeClaim(dead.path);
        results.push(result);
      }
      const stuck = stuckSentence(results);
      if (stuck === undefined) {
        const notes = results.flatMap((each) => leftoverNote(each) ?? []);
        const { path } = claim;
        const places = { socket: socketOf(path), tokenFile: tokenOf(path) };
        return { kind: 'entered', run: identity.run, ...places, notes };
      }
      claim.remove();
      claim = undefined;
      return { kind: 'taken', message: stuck, by: undefined, isStarting: false };
    },
    accepted: (request) => claim?.accepted(request),
    settled: (request) => claim?.settled(request),
    cgroup(path) {
      folder = path;
      claim?.cgroup(path);
      guardian?.tell(guardianCgroupLine(path));
    },
    spawned(spawned) {
      // What is said of a number must come in its order.
      tellGone();
      const lease: Lease = { ...spawned };
      living.add(lease);
      claim?.spawned(lease);
      if (guardian !== undefined) guardian.tell(lineOf(lease));
      startSoon();
      return () => {
        if (!living.delete(lease)) return;
        if (gone.length === 0) setImmediate(tellGone);
        gone.push(lease);
      };
    },
    guardBy(helper) {
      helper.onLost((how) => {
        tell(helperNote(helper.pid, how));
        guardian = undefined;
        isByHelper = false;
        if (starting) begin();
      });
      if (isInit || !helper.isThere) return;
      isByHelper = true;
      guardian = {
        tell: (lines) => void (lines !== '' && helper.guard(lines)),
        farewell: () => helper.farewell(),
      };
      helper.guard(everything());
    },
    listen(to) {
      tell = to;
    },
    async leave() {
      starting = false;
      // What couldn't be killed is the next run's to remove.
      if (living.size === 0) claim?.remove();
      await guardian?.farewell();
    },
  };
}

function guardianLine({ pid, startTicks, leadsGroup }: Lease): string {
  return `${leadsGroup ? '+' : '='}${pid}:${startTicks === 0 ? '' : startTicks}\n`;
}

function guardianSecretLine(secret: string): string {
  return `m${secret}\n`;
}

function guardianCgroupLine(folder: string): string {
  return `c${folder}\n`;
}
