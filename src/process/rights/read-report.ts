/**
 * Hears from the shell that gives a service its rights how far it came.
 */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { REPORT_FD, type Report } from './wrap-command.ts';

const REPORTS: readonly string[] = ['started', 'folder', 'program'] satisfies readonly Report[];

/**
 * Undefined: it ended without a word, before it came to its own work. Call it in the very turn of the spawn. Never
 * rejects, and settles with the end of the process at the latest.
 */
export function readReport(child: Pick<ChildProcess, 'stdio'>): Promise<Report | undefined> {
  const socket = child.stdio[REPORT_FD] as Socket;
  return new Promise((resolve) => {
    let text = '';
    const finish = (): void => {
      const word = text.trim();
      resolve(REPORTS.includes(word) ? (word as Report) : undefined);
      socket.destroy();
    };
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('\n')) finish();
    });
    socket.on('error', finish);
    socket.on('close', finish);
    socket.on('end', finish);
  });
}
