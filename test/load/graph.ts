/**
 * What runs under the load: twenty services that write as fast as they can, and four that are asked about and commanded. Pure.
 */

export const FLOODS = 20;
/** What is restarted again and again. */
export const RESTARTED = 'mail';

export function loadConfig(floods = FLOODS): string {
  const flood = (number: number): string =>
    `  flood-${number}: { command: exec yes flood ${number} writes a line and another one and has no end at all }`;
  return `
services:
  db: { command: "echo db is up; exec sleep 1000", ready: { log: up } }
  api: { command: "echo api is up; exec sleep 1000", depends_on: [db], ready: { log: up } }
  web: { command: exec sleep 1000, depends_on: [api] }
  ${RESTARTED}: { command: exec sleep 1000, depends_on: [db] }
${Array.from({ length: floods }, (_, index) => flood(index + 1)).join('\n')}
`;
}
