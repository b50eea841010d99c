/**
 * What is told of a run to whoever only looks.
 */
import { describeCause } from '../../events/describe.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { TreeUsage } from '../../process/usage-ports.ts';
import type { Picture } from '../picture/picture.ts';
import { explain } from '../picture/why.ts';
import type { RunAnswer, ServicesAnswer, UsageAnswer, WhyAnswer } from '../protocol.ts';
import {
  type Asked,
  type Controlled,
  chosenServices,
  json,
  problem,
  type Reply,
  text,
  unknownService,
  type WholeReply,
} from './controlled.ts';

export function readiness(picture: Picture): WholeReply {
  const missing = picture.names.filter((name) => {
    const service = picture.service(name)!;
    return service.wanted.want === 'up' && service.state !== 'ready' && service.state !== 'completed';
  });
  if (picture.status.shutdown !== undefined) return text(503, 'everything goes down\n');
  return missing.length === 0 ? text(200, 'ok\n') : text(503, `not ready: ${missing.join(', ')}\n`);
}

export function runAnswer(run: Controlled): RunAnswer {
  const { picture } = run;
  const { shutdown } = picture.status;
  const listen = run.listen?.();
  return {
    run: run.run,
    name: run.name,
    pid: run.pid,
    version: run.version,
    file: run.file,
    since: run.since,
    is_detached: run.isDetached,
    now_ms: run.nowMs(),
    seq: picture.seq,
    generation: picture.generation,
    ...(listen !== undefined && { listen }),
    ...(shutdown !== undefined && { shutdown: describeCause(shutdown.cause) }),
  };
}

export async function servicesAnswer(controlled: Controlled, { query }: Asked): Promise<Reply> {
  const { run, picture, nowMs } = controlled;
  const choice = { names: query.getAll('name'), labels: query.getAll('label') };
  const asked = chosenServices(controlled, choice);
  if ('kind' in asked) return asked;
  const usages = query.has('usage')
    ? await controlled.treeUsage({ listening: true, services: asked })
    : undefined;
  // The graph may be another one now.
  const chosen = [...asked].filter((name) => picture.service(name) !== undefined);
  const services = chosen.map((name) => {
    const usage = usages?.get(name);
    return { ...picture.service(name)!, ...(usage !== undefined && { usage: usageAnswer(usage) }) };
  });
  const answer: ServicesAnswer = { run, now_ms: nowMs(), seq: picture.seq, services };
  return json(200, answer);
}

function usageAnswer({
  processes,
  cpuSeconds,
  ageSeconds,
  residentBytes,
  listening,
}: TreeUsage): UsageAnswer {
  return {
    processes,
    cpu_seconds: cpuSeconds,
    cpu_percent: ageSeconds > 0 ? Math.round((1000 * cpuSeconds) / ageSeconds) / 10 : 0,
    resident_bytes: residentBytes,
    listens: listening?.places ?? [],
    ...(listening?.isWhole === false && { hidden: true as const }),
  };
}

export function whyAnswer(controlled: Controlled, { path }: Asked): Reply {
  const { run, picture, logs, nowMs } = controlled;
  const name = path.name ?? '';
  const removal = picture.removal(name);
  if (removal !== undefined)
    return problem(
      run,
      404,
      'removed',
      `${JSON.stringify(name)} is not in the graph any more: request ${removal.request} removed it ${formatDuration(nowMs() - removal.ms)} ago; put it back into the configuration, and "orderly reload"`,
    );
  const lastLine = (service: string, attempt: number) => logs.lastLine(service, attempt);
  const why = explain({ picture, nowMs: nowMs(), lastLine }, name);
  const state = picture.service(name);
  if (why === undefined || state === undefined) return unknownService(controlled, name);
  const answer: WhyAnswer = {
    run,
    service: name,
    generation: picture.generation,
    at_seq: picture.seq,
    wanted: state.wanted,
    state,
    ...why,
  };
  return json(200, answer);
}
