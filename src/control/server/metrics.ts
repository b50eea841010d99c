/**
 * Figures of a run in the text format of Prometheus (exposition format 0.0.4). Pure.
 */
import { ALLOWED_MOVES, type ServiceState } from '../../events/state-table.ts';
import type { Picture } from '../picture/picture.ts';

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

export function renderMetrics(picture: Picture, nowMs: number): string {
  return familiesOf(picture, nowMs).map(renderFamily).join('');
}

function familiesOf(picture: Picture, nowMs: number): readonly Family[] {
  const services = picture.names.map((name) => picture.service(name)!);
  const each = (value: (service: (typeof services)[number]) => number | undefined): Family['samples'] =>
    services.flatMap((one) => {
      const figure = value(one);
      return figure === undefined ? [] : [{ labels: { service: one.service }, value: figure }];
    });
  const states = Object.keys(ALLOWED_MOVES) as ServiceState[];
  return [
    {
      name: 'orderly_service_state',
      type: 'gauge',
      help: 'Whether a service is in that state.',
      samples: services.flatMap(({ service, state }) =>
        states.map((one) => ({ labels: { service, state: one }, value: one === state ? 1 : 0 })),
      ),
    },
    {
      name: 'orderly_service_starts_total',
      type: 'counter',
      help: 'Instances that were started.',
      samples: each(({ attempt }) => attempt),
    },
    {
      name: 'orderly_service_restarts_total',
      type: 'counter',
      help: 'Restarts after failures.',
      samples: each(({ restarts }) => restarts.all),
    },
    {
      name: 'orderly_service_state_seconds',
      type: 'gauge',
      help: 'How long it has been in its state.',
      samples: each(({ since_ms }) => Math.max(0, nowMs - since_ms) / 1000),
    },
    {
      name: 'orderly_service_ready_seconds',
      type: 'gauge',
      help: 'How long its last instance took to become ready.',
      samples: each(({ service }) => {
        const afterMs = picture.last(service, 'service.ready')?.after_ms;
        return afterMs === undefined ? undefined : afterMs / 1000;
      }),
    },
    {
      name: 'orderly_run_seconds',
      type: 'counter',
      help: 'How long the run has lasted.',
      samples: [{ labels: {}, value: nowMs / 1000 }],
    },
    {
      name: 'orderly_events_total',
      type: 'counter',
      help: 'Events so far.',
      samples: [{ labels: {}, value: picture.seq }],
    },
  ];
}

function renderFamily({ name, type, help, samples }: Family): string {
  const lines = samples.map(({ labels, value }) => `${name}${renderLabels(labels)} ${value}`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
