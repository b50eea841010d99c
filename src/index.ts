/**
 * The library's surface: services of a program, functions and processes, on the engine of the command line.
 */
export { type LoadOptions, type LoadResult, loadConfig } from './config/load-config.ts';
export type { Diagnostic, Place, Problem } from './config/problem.ts';
export type { Config, ServiceConfig } from './config/types.ts';
export type { Exit, Fact, OrderlyEvent, ShutdownCause, Survivor } from './events/event.ts';
export type { FailureReport } from './events/failure.ts';
export { EMPTY_STATUS, foldStatus, type RunStatus, type ServiceStatus } from './events/status.ts';
export { ConfigurationError } from './library/configuration-error.ts';
export {
  type CheckTiming,
  type CleanupStep,
  type ConditionOptions,
  type DependsOn,
  type Duration,
  defineService,
  type EdgeOptions,
  type ProcessOptions,
  type RestartOptions,
  type ServiceDefinition,
  type TaskOptions,
} from './library/definition.ts';
export type { Supervisable } from './library/program-graph.ts';
export { type ServiceError, SupervisionError, type SupervisionReport } from './library/report.ts';
export { type Supervision, supervise } from './library/supervise.ts';
export type { SuperviseOptions } from './library/supervise-options.ts';
export type {
  CheckContext,
  CleanupContext,
  RunContext,
  ServiceReference,
  Started,
  ValuesOf,
} from './tasks/run-context.ts';
export type { Reported } from './tasks/service-book.ts';
export { ShutdownRequest } from './tasks/shutdown-request.ts';
