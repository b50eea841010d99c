// What is wrong with the definitions is said at once, and nothing is started.
import { ConfigurationError, defineService, supervise } from 'orderlyd';

const run = () => console.log('never');
const api = defineService({ name: 'api', dependsOn: ['databse'], stop: { grace: '5 minutes' }, run });
const database = defineService({ name: 'database', run });

try {
  await supervise([api, database]);
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  for (const { message, hint } of error.problems) console.log(`${message}. ${hint ?? ''}`.trim());
  // prints: "stop.grace" of service "api" must be a duration such as 250ms, 2s, 1m30s or 1h, but is "5 minutes".
  // prints: "api" cannot depend on "databse": there is no service of that name. Did you mean "database"?
}
