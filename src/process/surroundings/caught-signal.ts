/** A signal that came, by its name and by the number that sends it on. Real-time ones are `SIGRTMIN+3`, say. */
export interface CaughtSignal {
  readonly name: string;
  readonly number: number;
}
