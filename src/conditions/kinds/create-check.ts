/**
 * From a validated condition that has to be asked for to its check: which kind is made where.
 */

import { resolve } from 'node:path';
import { wait } from '../../concurrency/index.ts';
import type { ConditionKind } from '../../config/types.ts';
import type { Check } from '../probe/check.ts';
import type { ProbeContext } from '../probe/probe.ts';
import { createHttpCheck, createTcpCheck, createUnixCheck } from './connection.ts';
import { createCallCheck, createExecCheck } from './exec.ts';

/** The other kinds tell by themselves, or are made of several. */
export type AskedCondition = Exclude<
  ConditionKind,
  { readonly kind: 'log' | 'notify' | 'delay' | 'all' | 'any' }
>;

export function createCheck(condition: AskedCondition, context: ProbeContext): Check {
  switch (condition.kind) {
    case 'tcp':
      return createTcpCheck(condition, context);
    case 'http':
      return createHttpCheck(condition, context);
    case 'exec':
      return createExecCheck(condition, context);
    case 'call':
      return createCallCheck(condition, context);
    case 'unix':
      return createUnixCheck(condition, context);
    case 'file':
      return createFileCheck(condition, context);
  }
}

// Holds when a file or a folder exists at a path, or a socket that somebody has: its file outlives what made it.

type FileCondition = Extract<ConditionKind, { readonly kind: 'file' }>;

/** Looks for the path, a relative one below the service's folder. */
function createFileCheck(condition: FileCondition, context: ProbeContext): Check {
  const path = resolve(context.cwd, context.fill(condition.path));
  const subject = `file ${path}`;
  return {
    subject,
    unanswered: 'no answer of the file system',
    async attempt(signal) {
      // A look at a dead network file system can't be aborted: it is left behind, and holds nothing.
      const found = await wait(context.ports.files.find(path));
      if (found === 'nothing') return { kind: 'not-yet', detail: `${subject}: does not exist` };
      const answer = found === 'socket' ? await context.ports.network.connectPath(path, signal) : undefined;
      return answer === undefined || answer.ok || answer.isHeld === true
        ? { kind: 'held', evidence: `${subject} exists` }
        : { kind: 'not-yet', detail: `${subject}: ${answer.detail}` };
    },
  };
}
