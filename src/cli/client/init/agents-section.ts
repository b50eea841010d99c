/**
 * What `AGENTS.md` says of orderly to whoever works here with a machine. Pure.
 */

const BEGIN = '<!-- orderly -->';

const SECTION = `${BEGIN}
## Services

The services of this project (supervisor.yaml) are run by orderly: start and stop them with it, never by hand.

- \`orderly ps\` shows where each service is; \`orderly why NAME\` tells why, and what would help.
- \`orderly logs NAME\` shows what it wrote; \`--tail 50\`, \`--since 5m\`, \`--grep TEXT\` show less.
- \`orderly restart NAME\` after a change of its code; \`orderly reload\` after one of supervisor.yaml. \`--dry-run\` shows what they would do.
- \`orderly wait NAME\` returns when it is ready. Exit status: 0 done, 1 failed, 2 refused; \`--json\` answers with data.
- If nothing runs: \`orderly check\`, then \`orderly up\` (it stays in the foreground). \`orderly down\` ends it.
- \`orderly agent\` has the same as tools of the Model Context Protocol.
<!-- /orderly -->
`;

/** What is to be added at the end of a file with this text, if it is there; undefined: it has that section. */
export function agentsAddition(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return SECTION;
  if (text.includes(BEGIN)) return undefined;
  const gap = text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
  return `${gap}${SECTION}`;
}
