/**
 * Which limits a service gets, and whether we may set them. Pure.
 */
import type { AskedLimit, RightsTrouble } from './asked-rights.ts';
import type { OwnRights } from './own-rights.ts';

/** Infinity: none; undefined: stays as it is, which is not known. */
export interface DecidedLimit {
  readonly name: string;
  readonly soft: number | undefined;
  readonly hard: number | undefined;
  /** It takes root to set it. */
  readonly raises: boolean;
  /** The hard limit has to be set before the soft one. */
  readonly hardFirst: boolean;
}

/** The half that isn't asked for stays, except that a soft limit can't be above the hard one. */
export function decideLimit(
  name: string,
  { soft, hard }: AskedLimit,
  own: OwnRights,
): DecidedLimit | RightsTrouble {
  const ours = own.limits[name];
  const wantedHard = hard ?? ours?.hard;
  const wantedSoft = soft ?? (ours && Math.min(ours.soft, wantedHard ?? Number.POSITIVE_INFINITY));
  const trouble = (why: string, hint: string): RightsTrouble => ({
    key: ['limits', name],
    message: `have its limit of ${name}: ${why}`,
    hint,
  });
  const most = Math.max(wantedSoft ?? 0, wantedHard ?? 0);
  if (name === 'nofile' && most > own.mostFiles) {
    const why = `${shown(most)} is more than the system allows, ${own.mostFiles} (fs.nr_open)`;
    return trouble(why, `Ask for at most ${own.mostFiles}, or raise fs.nr_open`);
  }
  if (wantedSoft !== undefined && wantedHard !== undefined && wantedSoft > wantedHard) {
    const why = `a soft limit of ${shown(wantedSoft)} is above the hard one of orderly, ${shown(wantedHard)}`;
    return trouble(why, 'Give a "hard" limit too, or a lower one');
  }
  const raises = ours !== undefined && wantedHard !== undefined && wantedHard > ours.hard;
  if (raises && !own.mayRaiseLimits) {
    const who =
      own.uid === 0 ? 'root here has no CAP_SYS_RESOURCE to raise that' : 'only root may raise that';
    const why = `${shown(wantedHard)} is above the hard limit of orderly itself, ${shown(ours.hard)}, and ${who}`;
    return trouble(why, `Ask for at most ${shown(ours.hard)}, or raise the limit of orderly`);
  }
  const hardFirst = ours !== undefined && (wantedSoft ?? 0) > ours.hard;
  return { name, soft: wantedSoft, hard: wantedHard, raises, hardFirst };
}

export function isTrouble(decided: DecidedLimit | RightsTrouble): decided is RightsTrouble {
  return 'message' in decided;
}

export function shown(limit: number): string {
  return limit === Number.POSITIVE_INFINITY ? 'unlimited' : String(limit);
}
