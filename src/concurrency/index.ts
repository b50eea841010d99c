/**
 * `orderlyd/concurrency`: structured concurrency for promises. Tasks live in groups, groups in
 * scopes, and every waiting call of this module obeys the scope it is called in.
 */

export type { QueueStatistics } from './bounded-line.ts';
export { boundedMap } from './bounded-map.ts';
export { BreakerError, type BreakerOptions, breaker, type Quantity } from './breaker.ts';
export { CapacityLimiter, type LimiterStatistics } from './capacity-limiter.ts';
export { type Completion, CompletionStream, type CompletionStreamOptions } from './completion-stream.ts';
export { Condition, type ConditionStatistics } from './condition.ts';
export { gather, type Job } from './gather.ts';
export type { Clock, ClockTimer, StallWatch } from './kernel/clock/clock.ts';
export { systemClock } from './kernel/clock/system-clock.ts';
export { CancelledError, type CancelSource, isCancelled } from './kernel/errors/cancelled-error.ts';
export { ScopeEndedError } from './kernel/errors/scope-ended-error.ts';
export {
  type CancellationSplit,
  nonCancelSubgroup,
  splitCancellation,
} from './kernel/errors/split-cancellation.ts';
export { type ErrorClass, type ErrorSplit, splitErrors } from './kernel/errors/split-errors.ts';
export { TimeoutError } from './kernel/errors/timeout-error.ts';
export { now, withClock } from './kernel/scope/ambient.ts';
export { CancelScope, type CancelScopeOptions } from './kernel/scope/cancel-scope.ts';
export { CleanupStack, type Leave, type LeaveOptions } from './kernel/scope/cleanup-stack.ts';
export { type CurrentTask, currentTask } from './kernel/scope/current-task.ts';
export { detached } from './kernel/scope/detached.ts';
export { effectiveDeadline } from './kernel/scope/effective-deadline.ts';
export { failAfter, failAt } from './kernel/scope/fail-after.ts';
export { moveOnAfter, moveOnAt } from './kernel/scope/move-on.ts';
export { shield } from './kernel/scope/shield.ts';
export { type NameOption, type TaskGroup, taskGroup } from './kernel/task/group.ts';
export { TaskCancelledError, type TaskHandle, type TaskState } from './kernel/task/handle.ts';
export type { TaskFunction } from './kernel/task/task.ts';
export type { TaskContext } from './kernel/task/task-context.ts';
export { LeakTracker, openTasks } from './kernel/testing/leak-tracker.ts';
export { ManualClock } from './kernel/testing/manual-clock.ts';
export { VirtualClock } from './kernel/testing/virtual-clock.ts';
export { waitAllTasksBlocked } from './kernel/testing/wait-all-tasks-blocked.ts';
export { Event } from './kernel/wait/event.ts';
export { type IterableSource, iterate } from './kernel/wait/iterate.ts';
export { checkpoint, sleep, sleepForever } from './kernel/wait/sleep.ts';
export type { WaitOptions } from './kernel/wait/suspend.ts';
export { untilAborted } from './kernel/wait/until-aborted.ts';
export { wait } from './kernel/wait/wait.ts';
export {
  LifecycleMonitor,
  type MonitorOptions,
  type MonitorReport,
  type Sample,
} from './lifecycle-monitor.ts';
export { Lock, type LockStatistics } from './lock.ts';
export { PriorityQueue } from './priority-queue.ts';
export { Queue } from './queue.ts';
export { QueueClosed } from './queue-closed.ts';
export { race } from './race.ts';
export { RateLimiter, type RateLimiterOptions, type RateLimiterStatistics } from './rate-limiter.ts';
export { type RetryOptions, retry } from './retry.ts';
export { Semaphore, type SemaphoreOptions, type SemaphoreStatistics } from './semaphore.ts';
export { type SignalScopeOptions, signalScope } from './signal-scope.ts';
export { StalenessError } from './staleness-error.ts';
export type { SignalName, SignalSource } from './system-signals.ts';
export { type SpawnOptions, TaskManager, type TaskManagerOptions } from './task-manager.ts';
export { type PutOptions, TaskQueue, type TaskQueueOptions } from './task-queue.ts';
export type { TaskQueueCounts, TaskQueueStatistics } from './task-queue-counts.ts';
export type {
  ManagedTask,
  ManagedTaskHandle,
  TaskCounts,
  TaskInfo,
  TaskOutcome,
} from './task-record.ts';
export { type CancelTaskOptions, type FirstEnd, TaskRegistry } from './task-registry.ts';
export { type WatchdogOptions, watchdog, watched } from './watchdog.ts';
