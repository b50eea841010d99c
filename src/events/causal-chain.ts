/**
 * A reason that names the chain by which it came: `"api" was skipped: "db" was skipped: "disk" failed: …`. Pure.
 *
 * Of a long chain the links next to its beginning are told, so that a reason of a graph of thousands of levels is as
 * short as any other.
 */
const LINK = /"[^"]+" was (?:stopped|skipped|lost): (?:… )?/y;

/** With that many links it is shortened, to so many. */
const MOST_LINKS = 8;
const KEPT_LINKS = 6;

/** The reason as the next link may have it. */
export function shortened(reason: string): string {
  const starts: number[] = [];
  LINK.lastIndex = 0;
  for (let at = 0; LINK.test(reason); at = LINK.lastIndex) starts.push(at);
  return starts.length < MOST_LINKS ? reason : `… ${reason.slice(starts.at(-KEPT_LINKS))}`;
}
