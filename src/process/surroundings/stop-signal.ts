/** The signals that ask a program to end. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';
