/**
 * The tools that an agent is given: what each does, what it takes, and whether it changes something. Data.
 */
import type { InputSchema, ValueSchema } from './schema.ts';

export interface Tool {
  readonly name: ToolName;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: InputSchema;
  readonly annotations: Annotations;
}

/** What a client may tell the person whom it asks. */
interface Annotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  /** It may reach what is no service here. */
  readonly openWorldHint: boolean;
}

export type ToolName = 'status' | 'why' | 'logs' | 'plan' | 'run' | RequestName;
export type RequestName = 'start' | 'stop' | 'restart' | 'reload' | 'wait';

const READS: Annotations = {
  ...{ readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
};
const CHANGES: Annotations = { ...READS, readOnlyHint: false };
const DESTROYS: Annotations = { ...CHANGES, destructiveHint: true };

const services: ValueSchema = {
  ...{ type: 'array', minItems: 1, items: { type: 'string' } },
  description: 'Names of services, as status tells them, or patterns: web-*',
};
const labels: ValueSchema = {
  ...{ type: 'array', minItems: 1, items: { type: 'string' } },
  description: 'Only those of them that have all of these labels, each key or key=value',
};
const timeout: ValueSchema = {
  ...{ type: 'integer', minimum: 0, maximum: 3_600_000 },
  description: 'How long to wait for its end, in milliseconds; default: 45000. The request itself goes on',
};
const noDeps: ValueSchema = { type: 'boolean', description: 'The named services alone' };
const withDependents: ValueSchema = {
  ...{ type: 'boolean', description: 'And all that can not be without them' },
};
const noRollback: ValueSchema = {
  ...{ type: 'boolean', description: 'Stay with the new configuration, also if something of it fails' },
};

export const TOOLS: readonly Tool[] = [
  tool('status', 'Where each service is', READS, {
    about: 'Shows each service: its state, since when, restarts, pid, and what it waits for. Call it first.',
    takes: { services: { ...services, description: 'Only these; default: all' }, labels },
  }),
  tool('why', 'Why a service is where it is', READS, {
    about: 'Tells the chain of causes to its root, what comes next, and what would help.',
    takes: { service: { type: 'string', minLength: 1, description: 'Its name' } },
    needs: ['service'],
  }),
  tool('logs', 'What services wrote', READS, {
    about: 'Shows the last lines of stdout and stderr, the oldest first.',
    takes: {
      services: { ...services, description: 'Only of these; default: all' },
      labels,
      tail: { type: 'integer', minimum: 1, maximum: 1000, description: 'How many lines; default: 50' },
      since_ms: {
        ...{ type: 'integer', minimum: 1, maximum: 1_000_000_000 },
        description: 'Only what was written within so many milliseconds until now',
      },
      until_ms: {
        ...{ type: 'integer', minimum: 0, maximum: 1_000_000_000 },
        description: 'Only what was written so many milliseconds ago, or earlier',
      },
      grep: { type: 'string', minLength: 1, description: 'Only lines with this text' },
    },
  }),
  tool('plan', 'What a request would do', READS, {
    about: 'Shows what start, stop, restart or reload would do with each service, and does nothing.',
    takes: {
      request: { type: 'string', enum: ['start', 'stop', 'restart', 'reload'], description: 'Which' },
      services: { ...services, description: 'Names of services; not for reload' },
      labels,
      no_deps: noDeps,
      with_dependents: { ...withDependents, description: 'Of restart: and all that can not be without them' },
      no_rollback: { ...noRollback, description: 'Of reload: stay with the new one, also if it fails' },
    },
    needs: ['request'],
  }),
  tool('start', 'Start services', CHANGES, {
    about: 'Starts services with what they need, and waits until they are ready (a task: completed).',
    takes: { services, labels, no_deps: noDeps, timeout_ms: timeout },
    needs: ['services'],
  }),
  tool('stop', 'Stop services', DESTROYS, {
    about: 'Stops services, and first what can not be without them. plan shows which those are.',
    takes: {
      services,
      labels,
      no_deps: { ...noDeps, description: 'The named services alone: what needs them loses them' },
      now: { type: 'boolean', description: 'Kill them when their turn comes' },
      timeout_ms: timeout,
    },
    needs: ['services'],
  }),
  tool(
    'restart',
    'Restart services',
    { ...DESTROYS, idempotentHint: false },
    {
      about:
        'Gives services a new instance, and waits until it is ready. For a changed configuration use reload.',
      takes: {
        services,
        labels,
        with_dependents: withDependents,
        no_deps: { ...noDeps, description: 'Nobody else takes notice' },
        if_up: { type: 'boolean', description: 'Leave alone what is at rest' },
        timeout_ms: timeout,
      },
      needs: ['services'],
    },
  ),
  tool('reload', 'Read the configuration again', DESTROYS, {
    about:
      'Reads supervisor.yaml again and changes what is different: adds, removes and restarts services. A change that fails is taken back.',
    takes: { no_rollback: noRollback, timeout_ms: timeout },
  }),
  tool('wait', 'Wait for services', READS, {
    about: 'Waits until services are ready, or what else is wanted. It changes nothing.',
    takes: {
      services,
      labels,
      for: {
        ...{ type: 'string', enum: ['ready', 'completed', 'stopped', 'healthy'] },
        description: 'Default: ready',
      },
      any: { type: 'boolean', description: 'One of them is enough' },
      timeout_ms: timeout,
    },
    needs: ['services'],
  }),
  tool(
    'run',
    'Run a command',
    { ...DESTROYS, idempotentHint: false, openWorldHint: true },
    {
      about:
        'Runs a command once what it needs is ready, and shows its status and its last lines. What was started for it goes after it.',
      takes: {
        command: {
          ...{ type: 'array', minItems: 1, items: { type: 'string' } },
          description: 'The program and its arguments, a word each; no shell reads it. Its stdin is empty',
        },
        needs: {
          ...services,
          description: 'Services that it needs; default: all that no profile holds back',
        },
        timeout_ms: {
          ...timeout,
          description: 'How long it may take, in milliseconds; default: 45000. Then it is ended',
        },
      },
      needs: ['command'],
    },
  ),
];

interface Said {
  readonly about: string;
  readonly takes: Readonly<Record<string, ValueSchema>>;
  readonly needs?: readonly string[];
}

function tool(name: ToolName, title: string, annotations: Annotations, { about, takes, needs }: Said): Tool {
  return {
    ...{ name, title, description: about, annotations },
    inputSchema: {
      ...{ type: 'object', properties: takes },
      ...(needs !== undefined && { required: needs }),
      additionalProperties: false,
    },
  };
}
