/*
 * As the first process of a container: the supervisor is the helper's child, gets the signals that are sent to it, and
 * ends it with its own status. Orphans are reaped whether or not the supervisor makes use of the helper.
 */
#define _GNU_SOURCE
#include "helper.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* Of the supervisor: the wire, and two variables that tell it so. */
enum { WIRE_FD = 3 };

static _Noreturn void become_supervisor(char **argv, int wire) {
  reset_signals();
  if (wire == WIRE_FD) fcntl(wire, F_SETFD, 0);
  else dup2(wire, WIRE_FD);
  setenv("ORDERLY_HELPER_WIRE", "3", 1);
  setenv("ORDERLY_BEHIND_INIT", "1", 1);
  execvp(argv[0], argv);
  perror(argv[0]);
  _exit(127);
}

/* Call it when signals are blocked. -1: the system refuses. */
pid_t init_start(char **argv) {
  int ends[2];
  prctl(PR_SET_NAME, "orderly-init");
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -1;
  pid_t pid = fork();
  if (pid == 0) become_supervisor(argv, ends[1]);
  /* What the container reads and writes is the supervisor's alone. */
  for (int fd = 0; fd <= 1; fd++) dup3(ends[0], fd, O_CLOEXEC);
  for (int i = 0; i <= 1; i++) close(ends[i]);
  return pid;
}

/* -1: it runs. Else its status, as a shell tells it. */
int init_status(pid_t supervisor) {
  siginfo_t info = {0};
  if (waitid(P_PID, (id_t)supervisor, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0) return -1;
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}
