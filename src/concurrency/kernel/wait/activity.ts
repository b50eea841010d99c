/**
 * How much has happened so far: a number that grows whenever a wait begins or ends. Whoever finds it unchanged after a
 * turn of the loop knows that nobody did anything.
 */
let steps = 0;

export function noteStep(): void {
  steps += 1;
}

export function stepsSoFar(): number {
  return steps;
}
