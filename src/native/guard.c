/*
 * The last duty: when the supervisor was killed, everything that it has left is killed too, by its cgroup, by the
 * helper's own table, by descent, by what the supervisor told of others, and by the mark in their environment.
 * What is killed may have forked, so it is looked again until nothing is found.
 *
 * The lines that it tells are those of the guardian in shell, which does the same where there is no helper:
 *   +PID:START spawned, leads a group   =PID:START spawned, leads none   -PID gone
 *   cPATH the cgroup of the run         mSECRET the mark of everything of the run
 */
#define _GNU_SOURCE
#include "helper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { MOST_OTHERS = 4096, TEXT_BYTES = PATH_BYTES, PIECE_BYTES = 65536, ROUNDS = 100, ROUND_MS = 5, MOST_DESCRIPTORS = 65536 };

/* What is guarded and is no child of the helper. */
struct other {
  pid_t pid;
  /* Field 22 of proc(5)'s stat; 0: not known. */
  unsigned long long start;
  bool leads;
};

static struct other others[MOST_OTHERS];
static size_t other_count;
static char cgroup[TEXT_BYTES];
static char mark[TEXT_BYTES];

static void forget(pid_t pid) {
  for (size_t i = 0; i < other_count; i++) {
    if (others[i].pid == pid) others[i--] = others[--other_count];
  }
}

/* What it doesn't know it passes over, as the shell does. */
static void guard_line(const char *line, size_t length) {
  char text[TEXT_BYTES];
  if (length < 2 || length >= sizeof text) return;
  memcpy(text, line + 1, length - 1);
  text[length - 1] = '\0';
  char *rest = text;
  pid_t pid = (pid_t)strtoul(text, &rest, 10);
  switch (*line) {
    case '+':
    case '=':
      if (pid <= 1 || *rest != ':') return;
      forget(pid);
      /* More than that are known by their cgroup or their mark. */
      if (other_count < MOST_OTHERS) others[other_count++] = (struct other){pid, strtoull(rest + 1, NULL, 10), *line == '+'};
      return;
    case '-':
      forget(pid);
      return;
    case 'c':
      strcpy(cgroup, text);
      return;
    case 'm':
      snprintf(mark, sizeof mark, "ORDERLY_MARK=%.*s", TEXT_BYTES - 32, text);
      return;
  }
}

bool guard_from_frame(const char *text, size_t length) {
  while (length > 0) {
    const char *end = memchr(text, '\n', length);
    if (end == NULL) return false;
    guard_line(text, (size_t)(end - text));
    length -= (size_t)(end - text) + 1;
    text = end + 1;
  }
  return true;
}

struct stat_line {
  char state;
  pid_t parent, group, session;
  unsigned long long start;
};

/* What follows the name, which may hold anything. */
static bool read_stat(pid_t pid, struct stat_line *to) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
  close_if(&fd);
  text[length < 0 ? 0 : length] = '\0';
  const char *after = strrchr(text, ')');
  return after != NULL && sscanf(after + 1, " %c %d %d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                                 &to->state, &to->parent, &to->group, &to->session, &to->start) == 5;
}

uint64_t start_of(pid_t pid) {
  struct stat_line stat;
  return read_stat(pid, &stat) ? stat.start : 0;
}

/* Root without CAP_KILL may not signal a process of another user, but become that user. */
static void slay(pid_t pid, pid_t whom) {
  char path[64];
  struct stat status;
  if (kill(whom, SIGKILL) == 0 || errno != EPERM) return;
  snprintf(path, sizeof path, "/proc/%d", (int)pid);
  if (stat(path, &status) < 0 || status.st_uid == geteuid()) return;
  pid_t child = fork();
  if (child == 0) _exit(setuid(status.st_uid) == 0 && kill(whom, SIGKILL) == 0 ? 0 : 1);
  if (child > 0) waitpid(child, NULL, 0);
}

static void kill_children(void) {
  for (uint32_t slot = 0; slot < slot_count; slot++) {
    const struct child *child = &children[slot];
    if (child->state == CHILD_FREE) continue;
    if (child->leads) slay(child->pid, -child->pid);
    slay(child->pid, child->pid);
  }
}

static bool is_marked(pid_t pid) {
  /* The end of one piece goes before the next: the mark may lie across them. */
  static char piece[TEXT_BYTES + PIECE_BYTES];
  char path[64];
  if (*mark == '\0') return false;
  snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  size_t mark_length = strlen(mark), kept = 0;
  bool found = false;
  for (ssize_t got; !found && (got = read(fd, piece + kept, sizeof piece - kept)) > 0;) {
    size_t length = kept + (size_t)got;
    found = memmem(piece, length, mark, mark_length) != NULL;
    kept = length < mark_length ? length : mark_length - 1;
    memmove(piece, piece + length - kept, kept);
  }
  close(fd);
  return found;
}

/* While anybody is in a session its number is nobody else's. */
static bool is_ours(pid_t pid, const struct stat_line *stat) {
  if (stat->parent == getpid()) return true;
  for (size_t i = 0; i < other_count; i++) {
    const struct other *other = &others[i];
    if (pid == other->pid ? stat->start == other->start || other->start == 0
                          : other->leads && stat->start >= other->start &&
                                (stat->group == other->pid || stat->session == other->pid)) return true;
  }
  return is_marked(pid);
}

/* How many it found. */
static size_t kill_found(void) {
  size_t found = 0;
  DIR *folder = opendir("/proc");
  if (folder == NULL) return 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
    struct stat_line stat;
    if (pid <= 1 || pid == getpid() || !read_stat(pid, &stat) || stat.state == 'Z' || !is_ours(pid, &stat)) continue;
    slay(pid, pid);
    found++;
  }
  closedir(folder);
  return found;
}

static void kill_cgroup(void) {
  char path[TEXT_BYTES + 16];
  snprintf(path, sizeof path, "%s/cgroup.kill", cgroup);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  (void)!write(fd, "1", 1);
  close(fd);
}

/* What was killed is counted there for some milliseconds more. */
static bool remove_cgroup(void) {
  DIR *folder = *cgroup == '\0' ? NULL : opendir(cgroup);
  if (folder == NULL) return true;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    if (entry->d_type == DT_DIR && *entry->d_name != '.') unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
  }
  closedir(folder);
  return rmdir(cgroup) == 0 || errno == ENOENT;
}

/* Whether it has none left, dead or alive. */
static bool reap(void) {
  pid_t pid;
  while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
    /* A number that is free again may be somebody else's by the next round. */
    for (uint32_t slot = 0; slot < slot_count; slot++) {
      if (children[slot].pid == pid) children[slot].state = CHILD_FREE;
    }
  }
  return pid < 0 && errno == ECHILD;
}

/* In a pid namespace that hasn't mounted its own /proc the numbers there are those of others. */
static bool is_own_proc(void) {
  char self[32];
  ssize_t length = readlink("/proc/self", self, sizeof self - 1);
  self[length < 0 ? 0 : length] = '\0';
  return strtol(self, NULL, 10) == getpid();
}

/* Who looks needs some, and there may be none left. */
static void free_descriptors(void) {
  for (int fd = 3; fd < MOST_DESCRIPTORS; fd++) close(fd);
}

void guard_kill_all(void) {
  free_descriptors();
  bool sees = is_own_proc();
  for (int round = 0, quiet = 0; round < ROUNDS; round++) {
    if (*cgroup != '\0') kill_cgroup();
    kill_children();
    size_t found = sees ? kill_found() : 0;
    quiet = reap() && found == 0 ? quiet + 1 : 0;
    if (quiet >= 2 && remove_cgroup()) return;
    poll(NULL, 0, ROUND_MS);
  }
}
