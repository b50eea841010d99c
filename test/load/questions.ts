/**
 * What is asked of a run under load, in turns: looks, requests, and what must be refused. Pure.
 */
import { RESTARTED } from './graph.ts';

export interface Question {
  readonly kind: string;
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly body?: string;
  /** The status of a good answer. */
  readonly status: number;
}

const get = (kind: string, target: string, status = 200): Question => ({
  kind,
  method: 'GET',
  target: `/v1/${target}`,
  status,
});
const post = (kind: string, target: string, body: object, status: number): Question => ({
  kind,
  method: 'POST',
  target: `/v1/${target}`,
  body: JSON.stringify(body),
  status,
});

export const QUESTIONS: readonly Question[] = [
  get('ps', 'services'),
  get('why', 'services/web/why'),
  post('restart', 'requests', { kind: 'restart', names: [RESTARTED] }, 202),
  post('plan', 'plan', { kind: 'stop', names: ['db'] }, 200),
  post('wait', 'requests', { kind: 'wait', names: ['web'], until: 'ready' }, 202),
  get('logs', 'logs?name=flood-1&tail=20'),
  post('wrong name', 'requests', { kind: 'restart', names: ['mial'] }, 404),
  get('why of a wrong name', 'services/wbe/why', 404),
];
