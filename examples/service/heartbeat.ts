// Signs of life, and a few words for people; without a supervisor nobody hears them.
import { heartbeat, isSupervised, status } from 'orderlyd/service';

for (let batch = 1; batch <= 3; batch++) {
  status(`batch ${batch} of 3`);
  heartbeat();
}
console.log(isSupervised); // prints: false
