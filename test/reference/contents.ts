/**
 * What the pages of reference hold, in the order in which they hold it: the folders of `src` that programs import by
 * name, their groups, and the exports of each. Tests name an export that is missing here, or has no example.
 */

/** Exports that are described together, and the programs of `examples/NAME` that show them. */
export interface Entry {
  /** Those that exist at run time get headings; types are shown with the one before them. */
  readonly names: readonly string[];
  readonly examples: readonly string[];
}

export interface Group {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** One page: the `README.md` of a folder with an `index.ts`, which begins with `test/reference/introductions/NAME.md`. */
export interface Page {
  /** What programs import. */
  readonly specifier: string;
  readonly name: string;
  /** Below `src`; `.` for `src` itself. */
  readonly folder: string;
  readonly groups: readonly Group[];
}

export const PAGES: readonly Page[] = [
  {
    specifier: 'orderlyd',
    name: 'orderly',
    folder: '.',
    groups: [
      {
        title: 'Services of a program',
        entries: [
          entry(
            'supervise SuperviseOptions StopSignal LogSink Supervision Supervisable SupervisionReport GraphStatus GraphServiceStatus Said ServiceError',
            'supervise',
            'cancelled',
            'monitors',
          ),
          entry(
            'Asked StartRequest StopRequest RestartRequest ReloadRequest RequestResult',
            'commands',
            'reload',
          ),
          entry(
            'defineService TaskOptions RunContext Started ValuesOf ServiceReference Reported CheckTiming OnTrip CheckContext CleanupStep CleanupContext ProcessOptions ConditionOptions DependsOn EdgeOptions RestartOptions Duration ServiceDefinition',
            'processes',
          ),
          entry('ShutdownRequest', 'shutdown-request'),
          entry('SupervisionError', 'supervision-error'),
          entry('ConfigurationError Problem ConfigPath', 'configuration-error'),
        ],
      },
      {
        title: 'Configuration, events and status',
        entries: [
          entry(
            'loadConfig LoadOptions FileReader LoadResult Diagnostic Place Locate Dependencies Config ServiceConfig Command Call Template ValueReference Edge EdgeCondition OnLoss Condition ConditionKind ConditionTiming HealthConfig WatchdogConfig RestartPolicy OnFailure StopPolicy Cleanup RightsConfig Limit LimitName LogConfig LogFile EnvFrom EnvCommand Hooks HookEvent Hook PlainCommand ShutdownConfig ProcessConfig',
            'load-config',
          ),
          entry(
            'foldStatus EMPTY_STATUS RunStatus ServiceStatus WaitingFor Values ShutdownStatus ShutdownCause Survivor OrderlyEvent Stamp Fact Dependency StreamName FailureReport FailureFacts FailureKind ExitFact Fallen EarlierLoss KillLimit SlowStop',
            'fold-status',
          ),
        ],
      },
    ],
  },
  {
    specifier: 'orderlyd/concurrency',
    name: 'concurrency',
    folder: 'concurrency',
    groups: [
      {
        title: 'Tasks and scopes',
        entries: [
          entry(
            'taskGroup TaskGroup TaskContext TaskFunction NameOption TaskHandle TaskState',
            'task-group',
            'start',
            'task-handle',
          ),
          entry('CancelScope CancelScopeOptions', 'cancel-scope'),
          entry('failAfter failAt TimeoutError', 'fail-after'),
          entry('moveOnAfter moveOnAt', 'move-on-after'),
          entry('shield', 'shield'),
          entry('detached', 'detached'),
          entry('signalScope SignalScopeOptions SignalName SignalSource', 'signal-scope'),
          entry('checkpoint sleep sleepForever WaitOptions', 'sleep', 'checkpoint'),
          entry('wait', 'wait'),
          entry('untilAborted', 'until-aborted'),
          entry('iterate IterableSource', 'iterate'),
          entry('currentTask CurrentTask', 'current-task'),
          entry('now effectiveDeadline', 'effective-deadline'),
          entry('CancelledError CancelSource isCancelled', 'cancelled-error'),
          entry(
            'splitErrors ErrorSplit ErrorClass splitCancellation CancellationSplit nonCancelSubgroup',
            'split-errors',
            'split-cancellation',
          ),
          entry('ScopeEndedError', 'scope-ended-error'),
          entry('CleanupStack Leave LeaveOptions', 'cleanup-stack'),
        ],
      },
      {
        title: 'Primitives',
        entries: [
          entry('Event', 'event'),
          entry('Lock LockStatistics', 'lock'),
          entry('Semaphore SemaphoreOptions SemaphoreStatistics', 'semaphore'),
          entry('CapacityLimiter LimiterStatistics', 'capacity-limiter'),
          entry('RateLimiter RateLimiterOptions RateLimiterStatistics', 'rate-limiter'),
          entry('Condition ConditionStatistics', 'condition'),
          entry('Queue QueueStatistics QueueClosed', 'queue'),
          entry('PriorityQueue', 'priority-queue'),
        ],
      },
      {
        title: 'Patterns',
        entries: [
          entry('gather Job', 'gather'),
          entry('race', 'race'),
          entry('boundedMap', 'bounded-map'),
          entry('retry RetryOptions', 'retry'),
          entry('CompletionStream CompletionStreamOptions Completion', 'completion-stream'),
          entry('watchdog WatchdogOptions watched StalenessError', 'watchdog', 'watched'),
          entry('breaker BreakerOptions Quantity BreakerError', 'breaker'),
        ],
      },
      {
        title: 'Many tasks',
        entries: [
          entry(
            'TaskManager TaskManagerOptions SpawnOptions ManagedTask ManagedTaskHandle TaskInfo TaskOutcome TaskCounts TaskCancelledError',
            'task-manager',
          ),
          entry('TaskRegistry CancelTaskOptions FirstEnd', 'task-registry'),
          entry('TaskQueue TaskQueueOptions PutOptions TaskQueueCounts TaskQueueStatistics', 'task-queue'),
          entry('LifecycleMonitor MonitorOptions Sample MonitorReport', 'lifecycle-monitor'),
        ],
      },
      {
        title: 'For tests',
        entries: [
          entry('VirtualClock withClock', 'virtual-clock'),
          entry('ManualClock waitAllTasksBlocked', 'manual-clock'),
          entry('systemClock Clock ClockTimer StallWatch', 'system-clock'),
          entry('openTasks LeakTracker', 'leak-tracker'),
        ],
      },
    ],
  },
  {
    specifier: 'orderlyd/service',
    name: 'service',
    folder: 'service',
    groups: [
      {
        title: 'Exports',
        entries: [
          entry('started', 'started'),
          entry('onShutdown', 'on-shutdown'),
          entry('heartbeat status isSupervised', 'heartbeat'),
        ],
      },
    ],
  },
];

function entry(names: string, ...examples: readonly string[]): Entry {
  return { names: names.split(' '), examples: examples.map((example) => `${example}.ts`) };
}
