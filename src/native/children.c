/*
 * What becomes of children: executed, refused, ended, reaped.
 *
 * One that has ended keeps its number until the supervisor has heard of it and says so: a signal that it sends meanwhile
 * can't reach a stranger.
 */
#define _GNU_SOURCE
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* As waitpid(2) gives it. */
static uint32_t wait_status(const siginfo_t *info) {
  uint32_t status = (uint32_t)info->si_status;
  if (info->si_code == CLD_EXITED) return (status & 0xff) << 8;
  return (status & 0x7f) | (info->si_code == CLD_DUMPED ? 0x80 : 0);
}

static void forget(uint32_t slot) {
  struct child *child = &children[slot];
  child_close_outlets(slot);
  close_if(&child->inlet);
  close_if(&child->exec_fd);
  close_if(&child->pidfd);
  child->state = CHILD_FREE;
}

void child_refuse(uint32_t slot, uint32_t step, uint32_t error) {
  const uint32_t words[] = {slot, step, error};
  forget(slot);
  wire_tell('E', 3, words);
}

/* Tells its number, and where its outlets are; then waits for what becomes of it. */
void child_watch(uint32_t slot) {
  struct child *child = &children[slot];
  uint64_t start = start_of(child->pid);
  uint32_t words[4 + MOST_OUTLETS] = {slot, (uint32_t)child->pid, (uint32_t)start, (uint32_t)(start >> 32)};
  for (size_t i = 0; i < child->outlet_count; i++) words[4 + i] = (uint32_t)child->outlets[i];
  wire_tell('F', 4 + child->outlet_count, words);
  bool is_watched = child->pidfd >= 0 && watch_fd(child->exec_fd, WATCH_EXEC, slot) &&
                    watch_fd(child->pidfd, WATCH_EXIT, slot);
  if (is_watched) return;
  /* For want of descriptors or memory nobody would learn of its end. */
  uint32_t error = (uint32_t)errno;
  kill(child->pid, SIGKILL);
  waitpid(child->pid, NULL, 0);
  child_refuse(slot, STEP_FORK, error);
}

void child_on_exec(uint32_t slot) {
  struct child *child = &children[slot];
  uint32_t report[2];
  ssize_t got;
  while (child->exec_fd >= 0 && (got = read(child->exec_fd, report, sizeof report)) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got != sizeof report) return;
    if (report[0] == OUTSIDE) {
      child->outside = true;
      continue;
    }
    /* Its end is near, and tells. */
    child->failed_step = report[0];
    child->failed_errno = report[1];
    close_if(&child->exec_fd);
    return;
  }
  if (child->exec_fd < 0) return;
  close_if(&child->exec_fd);
  child->state = CHILD_RUNNING;
  const uint32_t words[] = {slot, child->outside};
  wire_tell('X', 2, words);
}

void child_on_exit(uint32_t slot) {
  struct child *child = &children[slot];
  siginfo_t info = {0};
  struct rusage usage = {0};
  long done = syscall(SYS_waitid, BY_DESCRIPTOR, child->pidfd, &info, WEXITED | WNOHANG | WNOWAIT, &usage);
  if (done < 0 || info.si_pid == 0) return;
  /* Not before: it may be executed and end between two looks, and its end is to be the last that is told of it. */
  child_on_exec(slot);
  if (child->failed_step != 0) {
    waitid((idtype_t)BY_DESCRIPTOR, (id_t)child->pidfd, &info, WEXITED);
    child_refuse(slot, child->failed_step, child->failed_errno);
    return;
  }
  /* Still it is a child of ours, dead; nothing more comes of its descriptor. */
  close_if(&child->pidfd);
  child->state = CHILD_ENDED;
  uint64_t cpu_us = (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
                    (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  const uint32_t words[] = {slot, wait_status(&info), (uint32_t)cpu_us, (uint32_t)(cpu_us >> 32),
                            (uint32_t)usage.ru_maxrss};
  wire_tell('D', 5, words);
}

/* Whoever is there with it at that moment is to be known: then the supervisor looks, and signals. */
static bool is_alone(const struct child *child, const char *cgroup) {
  char path[PATH_BYTES], text[32], own[32];
  struct stat folder;
  if (snprintf(path, sizeof path, "%s/cgroup.procs", cgroup) >= (int)sizeof path) return false;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text);
  close_if(&fd);
  /* A folder has a link of itself, one in the folder above, and one in each below. */
  if (length < 0 || stat(cgroup, &folder) < 0 || folder.st_nlink > 2) return false;
  return length == snprintf(own, sizeof own, "%d\n", (int)child->pid) && memcmp(text, own, (size_t)length) == 0;
}

enum signal_flag { TO_GROUP = 1, THEN_CONTINUE = 2 };

bool child_signal_from_frame(struct reader *from) {
  while (from->is_sound && from->at < from->end) {
    uint32_t slot = take_word(from), number = take_word(from), flags = take_word(from);
    const char *cgroup = take_text(from);
    if (!from->is_sound || slot >= MOST_CHILDREN || number > 64) return false;
    const struct child *child = &children[slot];
    if (child->state == CHILD_FREE || child->state == CHILD_ENDED) continue;
    if (!is_alone(child, cgroup)) {
      wire_tell('M', 1, &slot);
      continue;
    }
    pid_t whom = (flags & TO_GROUP) != 0 ? -child->pid : child->pid;
    if (kill(whom, (int)number) == 0 && (flags & THEN_CONTINUE) != 0) kill(whom, SIGCONT);
  }
  return from->is_sound;
}

void child_close_outlets(uint32_t slot) {
  struct child *child = &children[slot];
  for (size_t i = 0; i < child->outlet_count; i++) close(child->outlets[i]);
  child->outlet_count = 0;
}

void child_reap(uint32_t slot) {
  struct child *child = &children[slot];
  if (child->state != CHILD_ENDED) return;
  waitpid(child->pid, NULL, 0);
  forget(slot);
}

static bool is_own(pid_t pid) {
  if (pid == supervisor) return true;
  for (uint32_t slot = 0; slot < slot_count; slot++) {
    if (children[slot].state != CHILD_FREE && children[slot].pid == pid) return true;
  }
  return false;
}

/* One of ours that the supervisor has yet to hear of stands in the way of those behind it, for as long. */
void child_reap_adopted(void) {
  if (!is_subreaper) return;
  while (wire_has_room()) {
    siginfo_t info = {0};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid == 0 || is_own(info.si_pid)) return;
    if (waitid(P_PID, (id_t)info.si_pid, &info, WEXITED | WNOHANG) < 0) return;
    const uint32_t words[] = {(uint32_t)info.si_pid, wait_status(&info)};
    wire_tell('A', 2, words);
  }
}
