/*
 * Makes a child of a frame: its pipes, its place, its rights, and the program in it.
 *
 * A plain fork, of a process as small as this one: 0.07 ms. vfork would take half of that, and hold up everybody while
 * one program or folder doesn't answer. Whether it came to be executed is told by a pipe that closes with it.
 */
#define _GNU_SOURCE
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Of <linux/sched.h>, which not every C library comes with. */
#define PIDFD_FLAG 0x1000ull
#define INTO_CGROUP_FLAG 0x200000000ull
struct clone3_args {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

enum { MOST_WORDS = 65536 };

/* A vector for execve(2) in `words`, of which `*left` are free. */
static char **take_texts(struct reader *from, char **words, size_t *left) {
  uint32_t count = take_word(from);
  if (count >= *left) from->is_sound = false;
  char **list = words;
  for (uint32_t i = 0; i < count && from->is_sound; i++) *words++ = take_text(from);
  *words = NULL;
  *left -= from->is_sound ? count + 1 : 0;
  return list;
}

static uint64_t take_long(struct reader *from) {
  uint64_t low = take_word(from);
  return low | (uint64_t)take_word(from) << 32;
}

/* False: more than there is room for. */
static bool take_rights(struct reader *from, struct spawn *to) {
  to->uid = take_word(from);
  to->gid = take_word(from);
  to->umask = take_word(from);
  to->nice = (int)take_word(from);
  if ((to->group_count = take_word(from)) > MOST_GROUPS) return false;
  for (size_t i = 0; i < to->group_count; i++) to->groups[i] = take_word(from);
  if ((to->limit_count = take_word(from)) > MOST_LIMITS) return false;
  for (size_t i = 0; i < to->limit_count; i++) {
    to->limits[i].resource = (int)take_word(from);
    to->limits[i].to.rlim_cur = take_long(from);
    to->limits[i].to.rlim_max = take_long(from);
  }
  return true;
}

static bool read_spawn(const uint8_t *at, size_t length, struct spawn *to) {
  static char *words[MOST_WORDS];
  struct reader from = {at, at + length, true};
  to->slot = take_word(&from);
  to->flags = take_word(&from);
  if (to->slot >= MOST_CHILDREN || !take_rights(&from, to)) return false;
  if ((to->stream_count = take_word(&from)) > MOST_STREAMS) return false;
  size_t outlets = 0;
  for (size_t i = 0; i < to->stream_count; i++) {
    uint32_t kind = take_word(&from);
    if (kind > STREAM_FILE) return false;
    to->streams[i] = (enum stream)kind;
    if (kind == STREAM_OUTLET) outlets++;
  }
  to->cwd = take_text(&from);
  to->cgroup = take_text(&from);
  to->file = take_text(&from);
  size_t left = MOST_WORDS;
  to->argv = take_texts(&from, words, &left);
  to->env = take_texts(&from, to->argv + (MOST_WORDS - left), &left);
  return from.is_sound && from.at == from.end && outlets <= MOST_OUTLETS && to->argv[0] != NULL;
}

/* What each stream of the child is made of; ours until it is forked. */
struct ends {
  int of_child[MOST_STREAMS];
  int exec[2];
  int cgroup;
};

static void close_ends(struct ends *ends) {
  for (int i = 0; i < MOST_STREAMS; i++) close_if(&ends->of_child[i]);
  for (int i = 0; i < 2; i++) close_if(&ends->exec[i]);
  close_if(&ends->cgroup);
}

static bool make_stream(struct child *child, enum stream stream, int *fd) {
  int ends[2];
  if (stream == STREAM_CLOSED || stream == STREAM_FILE) return true;
  if (stream == STREAM_NULL) return (*fd = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0;
  if (pipe2(ends, O_CLOEXEC) < 0) return false;
  if (stream == STREAM_OUTLET) {
    /* Everyone may write to it by way of /dev/stderr, as to a terminal, and nobody but its owner may read. */
    fchmod(ends[1], 0622);
    child->outlets[child->outlet_count++] = ends[0];
  } else {
    close_if(&child->inlet);
    child->inlet = ends[1];
  }
  *fd = ends[stream == STREAM_OUTLET];
  return true;
}

/* 0, or the step that failed. */
static uint32_t make_ends(const struct spawn *spawn, struct child *child, struct ends *ends) {
  for (size_t i = 0; i < spawn->stream_count; i++) {
    if (!make_stream(child, spawn->streams[i], &ends->of_child[i])) return STEP_PIPES;
  }
  if (pipe2(ends->exec, O_CLOEXEC | O_NONBLOCK) < 0) return STEP_PIPES;
  if (*spawn->cgroup != '\0') {
    /* It may be there, as that of all commands. */
    mkdir(spawn->cgroup, 0755);
    ends->cgroup = open(spawn->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* It does without, and that is told. */
    child->outside = ends->cgroup < 0;
  }
  return 0;
}

/* Told to the parent before it is executed. */
static void report(int exec_fd, enum step step, int error) {
  const uint32_t words[] = {step, (uint32_t)error};
  while (write(exec_fd, words, sizeof words) < 0 && errno == EINTR) continue;
}

static _Noreturn void give_up(int exec_fd, enum step step) {
  report(exec_fd, step, errno);
  _exit(127);
}

/* The descriptor of a stream may be the number of another: all go out of the way first. */
static bool place_streams(const struct spawn *spawn, struct ends *ends) {
  int above = MOST_STREAMS;
  /* Who leads a session without a terminal gets the first that it opens (tty_ioctl(4)). */
  int flags = (spawn->flags & FILE_IS_TERMINAL) != 0 ? O_RDWR : O_WRONLY | O_APPEND;
  int file = *spawn->file == '\0' ? -1 : open(spawn->file, flags | O_CLOEXEC);
  if (*spawn->file != '\0' && file < 0) return false;
  for (size_t i = 0; i < spawn->stream_count; i++) {
    if (spawn->streams[i] == STREAM_FILE) ends->of_child[i] = file;
  }
  if ((ends->exec[1] = fcntl(ends->exec[1], F_DUPFD_CLOEXEC, above)) < 0) return false;
  for (size_t i = 0; i < spawn->stream_count; i++) {
    int *fd = &ends->of_child[i];
    if (*fd >= 0 && *fd < above && (*fd = fcntl(*fd, F_DUPFD_CLOEXEC, above)) < 0) return false;
  }
  for (size_t i = 0; i < spawn->stream_count; i++) {
    if (ends->of_child[i] >= 0 && dup2(ends->of_child[i], (int)i) < 0) return false;
  }
  return true;
}

void reset_signals(void) {
  sigset_t none;
  for (int number = 1; number <= 64; number++) signal(number, SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void restore_files(void) {
  struct rlimit limit;
  if (soft_files == 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur <= soft_files) return;
  limit.rlim_cur = soft_files;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/* What takes root comes before the change of user. */
static bool become(const struct spawn *spawn) {
  if ((spawn->flags & HAS_NICE) != 0 && setpriority(PRIO_PROCESS, 0, spawn->nice) < 0) return false;
  for (size_t i = 0; i < spawn->limit_count; i++) {
    if (prlimit(0, spawn->limits[i].resource, &spawn->limits[i].to, NULL) < 0) return false;
  }
  if ((spawn->flags & HAS_UMASK) != 0) umask(spawn->umask);
  if ((spawn->flags & HAS_IDS) == 0) return true;
  /* Those that it can't be rid of are none only where there are none. */
  if (setgroups(spawn->group_count, spawn->groups) < 0 && (spawn->group_count > 0 || getgroups(0, NULL) != 0)) return false;
  return setresgid(spawn->gid, spawn->gid, spawn->gid) == 0 && setresuid(spawn->uid, spawn->uid, spawn->uid) == 0;
}

/* A script without a first line that tells is for the shell (POSIX, execvp). */
static void execute(const char *path, const struct spawn *spawn) {
  execve(path, spawn->argv, spawn->env);
  if (errno != ENOEXEC) return;
  size_t count = 0;
  while (spawn->argv[count] != NULL) count++;
  char *argv[count + 2];
  argv[0] = "sh";
  argv[1] = (char *)path;
  for (size_t i = 1; i <= count; i++) argv[i + 1] = spawn->argv[i];
  execve("/bin/sh", argv, spawn->env);
}

static const char *search_path(char *const *env) {
  while (*env != NULL && strncmp(*env, "PATH=", 5) != 0) env++;
  return *env == NULL ? "/bin:/usr/bin" : *env + 5;
}

/* Along the PATH of the child. Returns if there is none, with the errno that tells most. */
static void execute_found(const struct spawn *spawn) {
  const char *file = spawn->argv[0];
  if (strchr(file, '/') != NULL || *file == '\0') return execute(file, spawn);
  bool was_refused = false;
  char path[PATH_BYTES];
  for (const char *at = search_path(spawn->env); at != NULL;) {
    const char *colon = strchr(at, ':');
    size_t length = colon == NULL ? strlen(at) : (size_t)(colon - at);
    if (length + strlen(file) + 2 <= sizeof path) {
      memcpy(path, at, length);
      if (length > 0) path[length++] = '/';
      strcpy(path + length, file);
      execute(path, spawn);
      if (errno == EACCES) was_refused = true;
      else if (errno != ENOENT && errno != ENOTDIR && errno != ENODEV && errno != ESTALE && errno != ETIMEDOUT) return;
    }
    at = colon == NULL ? NULL : colon + 1;
  }
  errno = was_refused ? EACCES : ENOENT;
}

static _Noreturn void run_child(const struct spawn *spawn, struct ends *ends, bool must_join) {
  if ((spawn->flags & OWN_SESSION) != 0) setsid();
  if (must_join) {
    int procs = openat(ends->cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
    if (procs < 0 || write(procs, "0", 1) < 0) report(ends->exec[1], OUTSIDE, 0);
  }
  if (!place_streams(spawn, ends)) give_up(ends->exec[1], STEP_STREAMS);
  restore_files();
  if (!become(spawn)) give_up(ends->exec[1], STEP_RIGHTS);
  /* As whom it has become: some may enter what root may not, and the other way round. */
  if (chdir(spawn->cwd) < 0) give_up(ends->exec[1], STEP_FOLDER);
  reset_signals();
  execute_found(spawn);
  give_up(ends->exec[1], STEP_EXEC);
}

static pid_t fork_child(const struct spawn *spawn, struct ends *ends, int *pidfd) {
  struct clone3_args args = {.flags = PIDFD_FLAG, .pidfd = (uint64_t)(uintptr_t)pidfd, .exit_signal = SIGCHLD};
  if (ends->cgroup >= 0) {
    args.flags |= INTO_CGROUP_FLAG;
    args.cgroup = (uint64_t)ends->cgroup;
  }
  pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
  if (pid == 0) run_child(spawn, ends, false);
  if (pid > 0 || errno == EAGAIN || errno == ENOMEM) return pid;
  /* An older kernel, a filter of system calls, a cgroup that takes nobody: then without any of it. */
  pid = (pid_t)syscall(SYS_clone, (unsigned long)(SIGCHLD), 0, 0, 0, 0);
  if (pid == 0) run_child(spawn, ends, ends->cgroup >= 0);
  if (pid > 0) *pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  return pid;
}

bool spawn_from_frame(const uint8_t *at, size_t length) {
  static struct spawn spawn;
  if (!read_spawn(at, length, &spawn)) return false;
  struct child *child = &children[spawn.slot];
  if (child->state != CHILD_FREE) return false;
  if (spawn.slot >= slot_count) slot_count = spawn.slot + 1;
  *child = (struct child){.state = CHILD_FREE, .pidfd = -1, .exec_fd = -1, .inlet = -1, .leads = (spawn.flags & OWN_SESSION) != 0};
  struct ends ends = {.exec = {-1, -1}, .cgroup = -1};
  for (int i = 0; i < MOST_STREAMS; i++) ends.of_child[i] = -1;
  uint32_t failed = make_ends(&spawn, child, &ends);
  if (failed == 0) {
    child->pid = fork_child(&spawn, &ends, &child->pidfd);
    if (child->pid < 0) failed = STEP_FORK;
  }
  uint32_t error = (uint32_t)errno;
  if (failed == 0) {
    child->exec_fd = ends.exec[0];
    ends.exec[0] = -1;
    child->state = CHILD_STARTING;
  }
  close_ends(&ends);
  if (failed == 0) child_watch(spawn.slot);
  else child_refuse(spawn.slot, failed, error);
  return true;
}
