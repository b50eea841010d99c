/**
 * From a validated condition that has to be asked for to its check: which kind is made where.
 */
import type { ConditionKind } from '../../config/types.ts';
import type { Check } from '../probe/check.ts';
import type { ProbeContext } from '../probe/probe.ts';
import { createHttpCheck, createTcpCheck, createUnixCheck } from './connection.ts';
import { createCallCheck, createExecCheck } from './exec.ts';
import { createFileCheck } from './file.ts';

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
