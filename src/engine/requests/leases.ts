/**
 * What clients hold: services that are wanted up as long as a client of theirs is there.
 *
 * A lease holds only what was not wanted up before it; what somebody asks for or stops meanwhile is nobody's any more, and what others
 * need when the client leaves is theirs. A lease that holds nothing keeps the run open all the same.
 */
import { needsOf, withNeeds } from '../service/dependents.ts';
import type { ServiceNode } from '../service/node.ts';
import type { Down } from '../service/wished.ts';
import type { Command } from './command.ts';

interface Held {
  readonly by: Set<string>;
  /** Why it was not to run before: so it is again at the end. */
  readonly before: Down | undefined;
}

export class Leases {
  readonly #open = new Set<string>();
  readonly #held = new Map<ServiceNode, Held>();
  /** What commands of clients need, by the lease. */
  readonly #needed = new Map<string, readonly ServiceNode[]>();

  /** Whether any client is there. */
  get any(): boolean {
    return this.#open.size > 0;
  }

  /** Whether any client runs a command. */
  get anyCommand(): boolean {
    return this.#needed.size > 0;
  }

  /** A command of a client needs it, and has not ended: in a shutdown that goes first. */
  holdsBack(node: ServiceNode): boolean {
    for (const needed of this.#needed.values()) if (needed.includes(node)) return true;
    return false;
  }

  /** Commands that have not ended by now are not waited for any more. */
  giveUpCommands(): void {
    for (const lease of [...this.#needed.keys()]) this.#endCommand(lease);
  }

  /** That command was applied: its client is there, and uses what others hold too; or it has left. */
  note(command: Command, named: readonly ServiceNode[]): void {
    if (command.kind === 'release') this.#close(command.lease);
    if (command.kind !== 'start' || command.lease === undefined) return;
    this.#open.add(command.lease);
    if (command.forCommand === true) this.#needed.set(command.lease, named);
    for (const node of withNeeds(named))
      if (node.isWantedUp && this.isHeld(node)) this.hold(command.lease, node, undefined);
  }

  /** Holds it from now on, together with whoever does already. `before`: why it was down until now. */
  hold(lease: string, node: ServiceNode, before: Down | undefined): void {
    const held = this.#held.get(node) ?? { by: new Set(), before };
    held.by.add(lease);
    this.#held.set(node, held);
  }

  /** Somebody has asked for it, or stopped it. */
  forget(node: ServiceNode): void {
    this.#held.delete(node);
  }

  isHeld(node: ServiceNode): boolean {
    return this.#held.has(node);
  }

  before(node: ServiceNode): Down | undefined {
    return this.#held.get(node)?.before;
  }

  #close(lease: string): void {
    this.#open.delete(lease);
    this.#endCommand(lease);
    for (const [node, { by }] of this.#held) if (by.delete(lease) && by.size === 0) this.#held.delete(node);
  }

  #endCommand(lease: string): void {
    const needed = this.#needed.get(lease) ?? [];
    this.#needed.delete(lease);
    for (const node of needed) node.pulse.fire();
  }

  /** What that one alone holds, and nothing else that is wanted up needs. Pure. `all`: every service. */
  heldAlone(lease: string, all: readonly ServiceNode[]): readonly ServiceNode[] {
    const going = new Set(all.filter((node) => this.#isAlone(lease, node)));
    // Whoever stays keeps what it needs, and that what it needs.
    const staying = all.filter((node) => node.isWantedUp && !going.has(node));
    for (const node of staying) {
      for (const need of needsOf(node)) if (going.delete(need)) staying.push(need);
    }
    return all.filter((node) => going.has(node));
  }

  #isAlone(lease: string, node: ServiceNode): boolean {
    const held = this.#held.get(node);
    return node.isWantedUp && held?.by.has(lease) === true && held.by.size === 1;
  }
}
