/**
 * The first `supervisor.yaml` of a folder: one service, and the keys that most people want next as comments. Pure.
 */
import { managerOf } from '../../../importers/package-json/scripts.ts';

export interface Starter {
  readonly text: string;
  /** What its one service runs. */
  readonly command: string;
}

/** `script`: how the program of the folder is run, if it says so; else there is a command that only waits. */
export function starterConfig(script: string | undefined): Starter {
  const command = script ?? PLACEHOLDER;
  const text = `# What runs here, in which order, and how it stops. "orderly check" shows what that means, "orderly up" runs it.
# Below, a line that begins with "#" is an example: without that sign it counts.

services:
  app:
    command: ${command}
    # ready: { tcp: 3000 }      # when it is ready: tcp, http, exec, log, file, notify, delay; else once it is started
    # depends_on: [db]          # they are ready before it starts, and stop after it
    # restart: on-failure       # or no, or always
    # env: { PORT: "3000" }
    # stop: { grace: 10s }      # from being asked to end to being killed
  # db:
  #   command: [postgres, -D, data]
  #   ready: { tcp: 5432 }
`;
  return { text, command };
}

const PLACEHOLDER = 'echo "put the command of your service into supervisor.yaml"; exec tail -f /dev/null';

/**
 * The command that runs the script `dev` of a package, or `start`; undefined if it has neither. `has`: whether the folder has a file
 * of that name. Throws a `SyntaxError` if the text is no JSON.
 */
export function scriptCommand(packageJson: string, has: (name: string) => boolean): string | undefined {
  const { scripts, packageManager } = Object(JSON.parse(packageJson)) as Readonly<Record<string, unknown>>;
  const own = Object(scripts) as Readonly<Record<string, unknown>>;
  const script = ['dev', 'start'].find((name) => typeof own[name] === 'string' && isProgram(own[name]));
  if (script === undefined) return undefined;
  const named = typeof packageManager === 'string' ? packageManager : undefined;
  return `${managerOf(named, has)} run ${script}`;
}

/** One that runs us would run itself. */
function isProgram(script: string): boolean {
  return script.trim() !== '' && !/\borderlyd?\b/.test(script);
}
