/**
 * What is answered at `/metrics`: what was counted all along, and what is measured now that somebody asks.
 */
import { type Controlled, type Reply, text } from '../controlled.ts';
import { METRICS_TYPE, renderFamilies } from './exposition.ts';
import { familiesOf } from './families.ts';

export async function metricsAnswer(run: Controlled): Promise<Reply> {
  const [own, trees] = await Promise.all([run.ownUsage(), run.treeUsage()]);
  const families = familiesOf({ ...run, own, trees, nowMs: run.nowMs() });
  return text(200, renderFamilies(families), METRICS_TYPE);
}
