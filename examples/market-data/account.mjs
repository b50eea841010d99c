/**
 * What the program tells: a line of statistics while it runs, and at the end an account that either adds up or says
 * that it doesn't.
 */

/** @param {import('orderlyd/concurrency').Sample} sample */
export function statistics({ atMs, counts, throughput, errorRate }) {
  const { running, pending, completed } = counts;
  const rates = `${throughput.toFixed(0)} a second, ${(errorRate * 100).toFixed(1)} % errors`;
  return `${(atMs / 1000).toFixed(1)} s: ${completed} ok (${rates}), ${running} under way, ${pending} in line`;
}

/**
 * @param {object} end
 * @param {import('orderlyd/concurrency').MonitorReport & { droppedPolls: number, missedTicks: number }} end.report
 * @param {{ written: number }} end.results
 * @param {{ requests: number, delivered: number, open: number }} end.exchange
 * @param {number} end.sockets
 * @param {string} path
 */
export function account({ report, results, exchange, sockets }, path) {
  const { total, completed, failed, timedOut, cancelled } = report.counts;
  // Our own view of the operating system: besides the agent's, no connection of anybody.
  const left = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const isClean =
    total === completed + failed + timedOut + cancelled &&
    results.written === completed &&
    sockets + left + exchange.open === 0;
  const lines = [
    `polls: ${total} started = ${completed} ok + ${failed} failed + ${timedOut} timed out + ${cancelled} cancelled`,
    `dropped: ${report.droppedPolls} of the cancelled were in line still; ${report.missedTicks} ticks were missed`,
    `file: ${results.written} lines in ${path}`,
    `exchange: ${exchange.requests} requests seen, ${exchange.delivered} quotes delivered`,
    `open: ${sockets} sockets of the agent, ${left} of the process, ${exchange.open} of the exchange`,
  ];
  return { lines, isClean };
}
