/**
 * The file of the items that are done, one id a line. Once its work is finished an item is written down, even if it is
 * cancelled in that moment: it counts as done then.
 */
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Lock, shield } from 'orderlyd/concurrency';

export class Journal {
  #lock = new Lock();
  #file;

  /** @param {import('node:fs/promises').FileHandle} file */
  constructor(file) {
    this.#file = file;
  }

  /**
   * @param {string} path
   * @param {{ isNew: boolean }} options
   */
  static async open(path, { isNew }) {
    await mkdir(dirname(path), { recursive: true });
    return new Journal(await open(path, isNew ? 'w' : 'a'));
  }

  /** @param {number} id */
  add(id) {
    return shield(() => this.#lock.run(() => this.#file.appendFile(`${id}\n`)));
  }

  close() {
    return this.#file.close();
  }
}
