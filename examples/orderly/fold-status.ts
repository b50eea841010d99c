// The status of a run is a fold of its events: from a stream or a record of them it can be had anywhere.
import { defineService, EMPTY_STATUS, foldStatus, type OrderlyEvent, supervise } from 'orderlyd';

const events: OrderlyEvent[] = [];
const job = defineService({ name: 'job', type: 'task', run: () => undefined });
await supervise([job], { name: 'night', onEvent: (event) => void events.push(event) });

const status = events.reduce(foldStatus, EMPTY_STATUS);
console.log(status.name, status.services.get('job')?.state, status.finished?.status);
// prints: night completed 0
