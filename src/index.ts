/**
 * The library's surface: the engine and the configuration, for programs that bring their own ports.
 */
export { type LoadOptions, type LoadResult, loadConfig } from './config/load-config.ts';
export type { Diagnostic, Place, Problem } from './config/problem.ts';
export type { Config, ServiceConfig } from './config/types.ts';
export type { Outcome } from './engine/outcome.ts';
export type { EnginePorts } from './engine/ports.ts';
export type { SuperviseOptions } from './engine/run.ts';
export { type SupervisorRequest, supervise } from './engine/supervise.ts';
export type { Exit, Fact, OrderlyEvent, ShutdownCause, Survivor } from './events/event.ts';
export type { FailureReport } from './events/failure.ts';
export { Stamper } from './events/stamper.ts';
export { foldStatus, type RunStatus, type ServiceStatus } from './events/status.ts';
export { buildGraph, type Graph } from './graph/graph.ts';
export { type Plan, planRun } from './graph/plan-run.ts';
