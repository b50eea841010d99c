/**
 * Those who are measured: orderly, the minimal supervisor, and Node alone. Each gets the same services.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orderlyBin } from '../support/orderly-bin.ts';
import { repositoryRoot } from '../support/repository-root.ts';
import type { Prepare } from './launch.ts';
import type { Service } from './services.ts';
import type { Stage } from './stage.ts';

export interface Plan {
  readonly services: (stage: Stage) => readonly Service[];
  /** Each starts when the one before it has said on descriptor 3 that it is ready. */
  readonly chain?: boolean;
  /** Whatever ends is started again at once. */
  readonly restart?: boolean;
  /** The minimal supervisor passes lines on only if it is told to; orderly always does. */
  readonly capture?: boolean;
  /** Further lines of each service, for orderly alone. */
  readonly more?: (index: number) => readonly string[];
}

export function orderly(plan: Plan): Prepare {
  return (stage) => {
    const file = join(stage.folder, 'supervisor.yaml');
    const services = plan.services(stage);
    const entries = services.map((service, index) => entry(plan, service, index, services[index - 1]));
    writeFileSync(file, ['services:', ...entries.flat(), ''].join('\n'));
    return [process.execPath, orderlyBin, 'up', '-f', file];
  };
}

/** The floor for a supervisor written for Node. */
export function minimal({ services, ...options }: Plan): Prepare {
  return (stage) => {
    const file = join(stage.folder, 'config.json');
    writeFileSync(file, JSON.stringify({ ...options, services: services(stage) }));
    const program = join(repositoryRoot(), 'test/bench/programs/minimal-supervisor.cjs');
    return [process.execPath, program, file];
  };
}

/** Node with a line of code. */
export function node(code: string): Prepare {
  return () => [process.execPath, '-e', code];
}

function entry(plan: Plan, { name, argv }: Service, index: number, before: Service | undefined): string[] {
  return [
    `  ${name}:`,
    `    command: ${JSON.stringify(argv)}`,
    ...(plan.restart
      ? ['    restart: { policy: always, max: 0, delay: 0ms, jitter: 0 }']
      : ['    restart: no', '    on_failure: ignore']),
    ...(plan.chain ? ['    ready: { notify: fd }'] : []),
    ...(plan.chain && before !== undefined ? [`    depends_on: [${before.name}]`] : []),
    ...(plan.more?.(index) ?? []),
  ];
}
