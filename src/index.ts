/**
 * The library's surface: services of a program, functions and processes, on the engine of the command line.
 *
 * Besides what runs it exports every type that a signature of it names: of definitions, of a configuration, of events and
 * status.
 */

export type { Diagnostic, Place } from './config/diagnostics/diagnostic.ts';
export type { Locate } from './config/diagnostics/locate.ts';
export type { ConfigPath, Problem } from './config/diagnostics/problem.ts';
export type { EnvCommand, EnvFrom } from './config/env-from-types.ts';
export type { Hook, HookEvent, Hooks, PlainCommand } from './config/hook-types.ts';
export { type LoadOptions, type LoadResult, loadConfig } from './config/load-config.ts';
export type { FileReader } from './config/read-text.ts';
export type { Dependencies } from './config/resolve/config.ts';
export type {
  Call,
  Cleanup,
  Command,
  Condition,
  ConditionKind,
  ConditionTiming,
  Config,
  Edge,
  EdgeCondition,
  HealthConfig,
  Limit,
  LimitName,
  LogConfig,
  LogFile,
  OnFailure,
  OnLoss,
  OnTrip,
  ProcessConfig,
  RestartPolicy,
  RightsConfig,
  ServiceConfig,
  ShutdownConfig,
  StopPolicy,
  Template,
  ValueReference,
  WatchdogConfig,
} from './config/types.ts';
export type {
  Fact,
  LogSink,
  OrderlyEvent,
  ShutdownCause,
  Stamp,
  StreamName,
  Survivor,
  WaitingFor,
} from './events/event.ts';
export type { ExitFact } from './events/exit-fact.ts';
export type { Dependency, Values } from './events/fact-shape.ts';
export type {
  EarlierLoss,
  FailureFacts,
  FailureKind,
  FailureReport,
  Fallen,
  KillLimit,
  SlowStop,
} from './events/failure.ts';
export {
  EMPTY_STATUS,
  foldStatus,
  type RunStatus,
  type ServiceStatus,
  type ShutdownStatus,
} from './events/status.ts';
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
export { ConfigurationError } from './library/program-graph.ts';
export {
  type GraphServiceStatus,
  type GraphStatus,
  type ServiceError,
  SupervisionError,
  type SupervisionReport,
} from './library/report.ts';
export { supervise } from './library/supervise.ts';
export type { SuperviseOptions } from './library/supervise-options.ts';
export type {
  Asked,
  ReloadRequest,
  RequestResult,
  RestartRequest,
  StartRequest,
  StopRequest,
  Supervision,
} from './library/supervision.ts';
export type { StopSignal } from './process/surroundings/signal-meaning.ts';
export type {
  CheckContext,
  CleanupContext,
  RunContext,
  ServiceReference,
  Started,
  ValuesOf,
} from './tasks/run-context.ts';
export { ShutdownRequest } from './tasks/run-context.ts';
export type { Reported, Said } from './tasks/service-book.ts';
