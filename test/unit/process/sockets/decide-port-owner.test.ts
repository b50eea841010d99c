/**
 * Whose a listening socket is, where processes show what they hold and where they don't.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decideWhose,
  type HolderFacts,
  type Whose,
} from '../../../../src/process/sockets/decide-port-owner.ts';
import { parseHolders } from '../../../../src/process/sockets/socket-holders.ts';

const X = 33;
const asX: HolderFacts = { holding: 'hidden', uid: X, users: [X, 0], hiddenUids: [X, X] };
const asRoot: HolderFacts = { ...asX, users: 'anybody' };

const cases: readonly (readonly [what: string, facts: HolderFacts, whose: Whose])[] = [
  ['one of it shows it', { ...asX, holding: 'yes', uid: 7 }, 'own'],
  ['all of it show that they do not hold it', { ...asX, holding: 'no' }, 'stranger'],
  ['hidden, of its user', asX, 'own-unless-shown'],
  ['hidden, of another user', { ...asX, uid: 7 }, 'stranger'],
  ['hidden, of root, and nothing of it is root', { ...asX, uid: 0 }, 'stranger'],
  [
    'hidden, of root, and something of it was set to root',
    { ...asX, uid: 0, hiddenUids: [X, 0] },
    'own-unless-shown',
  ],
  ['root: hidden, of whom it has become', asRoot, 'own-unless-shown'],
  ['root: hidden, made before it became another', { ...asRoot, uid: 0 }, 'own-unless-shown'],
  ['root: hidden, of whom nothing of it is', { ...asRoot, uid: 7 }, 'stranger'],
];

for (const [what, facts, whose] of cases) {
  test(`a port without CAP_SYS_PTRACE: ${what}: ${whose}`, () => assert.equal(decideWhose(facts), whose));
}

test('who holds a socket is read of what ls says of the folders of their descriptors', () => {
  const text = `/proc/self/fd:
total 0
lrwx------ 1 app app 64 Jan  1 00:00 0 -> socket:[77]

/proc/12/fd:
total 0
lr-x------ 1 app app 64 Jan  1 00:00 0 -> /dev/null
lrwx------ 1 app app 64 Jan  1 00:00 3 -> socket:[770]

/proc/34/fd:
total 0
lrwx------ 1 app app 64 Jan  1 00:00 19 -> socket:[77]
`;
  assert.deepEqual(parseHolders(text, new Set(['77'])), [34]);
  assert.deepEqual(parseHolders('', new Set(['77'])), []);
});
