/**
 * `orderlyd/concurrency`: structured concurrency for promises. Tasks live in groups, groups in
 * scopes, and every waiting call of this module obeys the scope it is called in.
 */
export type { Clock, ClockTimer, StallWatch } from './kernel/clock/clock.ts';
export { systemClock } from './kernel/clock/system-clock.ts';
export {
  CancelledError,
  type CancelSource,
  isCancelled,
  ScopeEndedError,
  TimeoutError,
} from './kernel/errors/own-errors.ts';
export {
  type CancellationSplit,
  type ErrorClass,
  type ErrorSplit,
  nonCancelSubgroup,
  splitCancellation,
  splitErrors,
} from './kernel/errors/split-errors.ts';
export { now, withClock } from './kernel/scope/ambient.ts';
export { CancelScope, type CancelScopeOptions } from './kernel/scope/cancel-scope.ts';
export { CleanupStack, type Leave, type LeaveOptions } from './kernel/scope/cleanup-stack.ts';
export { type CurrentTask, currentTask } from './kernel/scope/current-task.ts';
export { detached, shield } from './kernel/scope/out-of-reach.ts';
export { effectiveDeadline, failAfter, failAt, moveOnAfter, moveOnAt } from './kernel/scope/time-limits.ts';
export { type NameOption, type TaskGroup, taskGroup } from './kernel/task/group.ts';
export type { TaskFunction } from './kernel/task/task.ts';
export {
  TaskCancelledError,
  type TaskContext,
  type TaskHandle,
  type TaskState,
} from './kernel/task/views.ts';
export { LeakTracker, openTasks } from './kernel/testing/leak-tracker.ts';
export { ManualClock, waitAllTasksBlocked } from './kernel/testing/manual-clock.ts';
export { VirtualClock } from './kernel/testing/virtual-clock.ts';
export { Event } from './kernel/wait/event.ts';
export { untilAborted, wait } from './kernel/wait/foreign.ts';
export { type IterableSource, iterate } from './kernel/wait/iterate.ts';
export { checkpoint, sleep, sleepForever } from './kernel/wait/sleep.ts';
export type { WaitOptions } from './kernel/wait/suspend.ts';
export { boundedMap } from './patterns/bounded-map.ts';
export { BreakerError, type BreakerOptions, breaker, type Quantity } from './patterns/breaker.ts';
export {
  type Completion,
  CompletionStream,
  type CompletionStreamOptions,
} from './patterns/completion-stream.ts';
export { gather, type Job } from './patterns/gather.ts';
export { race } from './patterns/race.ts';
export { type RetryOptions, retry } from './patterns/retry.ts';
export { type SignalScopeOptions, signalScope } from './patterns/signal-scope.ts';
export type { SignalName, SignalSource } from './patterns/system-signals.ts';
export { StalenessError, type WatchdogOptions, watchdog, watched } from './patterns/watchdog.ts';
export type { QueueStatistics } from './primitives/bounded-line.ts';
export { CapacityLimiter, type LimiterStatistics } from './primitives/capacity-limiter.ts';
export { Condition, type ConditionStatistics } from './primitives/condition.ts';
export { Lock, type LockStatistics } from './primitives/lock.ts';
export { PriorityQueue, Queue } from './primitives/queue.ts';
export { QueueClosed } from './primitives/queue-reader.ts';
export {
  RateLimiter,
  type RateLimiterOptions,
  type RateLimiterStatistics,
} from './primitives/rate-limiter.ts';
export { Semaphore, type SemaphoreOptions, type SemaphoreStatistics } from './primitives/semaphore.ts';
export {
  LifecycleMonitor,
  type MonitorOptions,
  type MonitorReport,
  type Sample,
} from './tasks/lifecycle-monitor.ts';
export { type SpawnOptions, TaskManager, type TaskManagerOptions } from './tasks/manager.ts';
export { type PutOptions, TaskQueue, type TaskQueueOptions } from './tasks/queue.ts';
export type { TaskQueueCounts, TaskQueueStatistics } from './tasks/queue-items.ts';
export type {
  ManagedTask,
  ManagedTaskHandle,
  TaskCounts,
  TaskInfo,
  TaskOutcome,
} from './tasks/record.ts';
export { type CancelTaskOptions, type FirstEnd, TaskRegistry } from './tasks/registry.ts';
