/**
 * The items of the example: most are urgent, every 20th isn't, every 97th fails once.
 */

export const URGENT = 0;
export const NOT_URGENT = 5;

/**
 * @typedef {object} Item
 * @property {number} id
 * @property {number} priority lower numbers first
 * @property {number} failures how many more attempts fail
 */

/**
 * @param {number} count
 * @returns {Item[]}
 */
export function makeItems(count) {
  return Array.from({ length: count }, (_, id) => ({
    id,
    priority: id % 20 === 0 ? NOT_URGENT : URGENT,
    failures: id % 97 === 0 ? 1 : 0,
  }));
}
