// The lowest number is next, and of equal ones the one that came first.
import { PriorityQueue } from 'orderlyd/concurrency';

const ward = new PriorityQueue<string>(10);
await ward.put('a cold', 3);
await ward.put('a broken arm', 1);
await ward.put('a burn', 1);
ward.close();
for await (const patient of ward) console.log(patient);
// prints: a broken arm
// prints: a burn
// prints: a cold
