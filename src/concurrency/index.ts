/**
 * `orderlyd/concurrency`: structured concurrency for promises. Tasks live in groups, groups in
 * scopes, and every waiting call of this module obeys the scope it is called in.
 */
export { now, withClock } from './ambient.ts';
export type { QueueStatistics } from './bounded-line.ts';
export { boundedMap } from './bounded-map.ts';
export { BreakerError, type BreakerOptions, breaker, type Quantity } from './breaker.ts';
export { CancelScope, type CancelScopeOptions } from './cancel-scope.ts';
export { CancelledError, type CancelSource, isCancelled } from './cancelled-error.ts';
export { CapacityLimiter, type LimiterStatistics } from './capacity-limiter.ts';
export { CleanupStack, type Leave, type LeaveOptions } from './cleanup-stack.ts';
export type { Clock, ClockTimer, StallWatch } from './clock.ts';
export { type Completion, CompletionStream, type CompletionStreamOptions } from './completion-stream.ts';
export { Condition, type ConditionStatistics } from './condition.ts';
export { type CurrentTask, currentTask } from './current-task.ts';
export { detached } from './detached.ts';
export { effectiveDeadline } from './effective-deadline.ts';
export { Event } from './event.ts';
export { failAfter, failAt } from './fail-after.ts';
export { gather, type Job } from './gather.ts';
export { type IterableSource, iterate } from './iterate.ts';
export { LeakTracker, openTasks } from './leak-tracker.ts';
export {
  LifecycleMonitor,
  type MonitorOptions,
  type MonitorReport,
  type Sample,
} from './lifecycle-monitor.ts';
export { Lock, type LockStatistics } from './lock.ts';
export { ManualClock } from './manual-clock.ts';
export { moveOnAfter, moveOnAt } from './move-on.ts';
export { PriorityQueue } from './priority-queue.ts';
export { Queue } from './queue.ts';
export { QueueClosed } from './queue-closed.ts';
export { race } from './race.ts';
export { RateLimiter, type RateLimiterOptions, type RateLimiterStatistics } from './rate-limiter.ts';
export { type RetryOptions, retry } from './retry.ts';
export { ScopeEndedError } from './scope-ended-error.ts';
export { Semaphore, type SemaphoreOptions, type SemaphoreStatistics } from './semaphore.ts';
export { shield } from './shield.ts';
export { type SignalScopeOptions, signalScope } from './signal-scope.ts';
export { checkpoint, sleep, sleepForever } from './sleep.ts';
export { type CancellationSplit, nonCancelSubgroup, splitCancellation } from './split-cancellation.ts';
export { type ErrorClass, type ErrorSplit, splitErrors } from './split-errors.ts';
export { StalenessError } from './staleness-error.ts';
export type { WaitOptions } from './suspend.ts';
export { systemClock } from './system-clock.ts';
export type { SignalName, SignalSource } from './system-signals.ts';
export type { TaskFunction } from './task.ts';
export type { TaskContext } from './task-context.ts';
export { type NameOption, type TaskGroup, taskGroup } from './task-group.ts';
export { TaskCancelledError, type TaskHandle, type TaskState } from './task-handle.ts';
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
export { TimeoutError } from './timeout-error.ts';
export { untilAborted } from './until-aborted.ts';
export { VirtualClock } from './virtual-clock.ts';
export { wait } from './wait.ts';
export { waitAllTasksBlocked } from './wait-all-tasks-blocked.ts';
export { type WatchdogOptions, watchdog, watched } from './watchdog.ts';
