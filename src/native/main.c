/*
 * Waits for the supervisor's frames, for children that are executed and for those that end. When the supervisor ends
 * without a farewell, everything that it has left is killed.
 */
#define _GNU_SOURCE
#include "helper.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

struct child children[MOST_CHILDREN];
uint32_t slot_count;
bool is_subreaper;
uint32_t soft_files;
pid_t supervisor;

static int loop_fd;
/* The supervisor is our child. */
static bool is_init;
/* By descriptors. */
static bool can_wait;
static bool greeted;
static bool farewell;

bool watch_fd(int fd, enum watched what, uint32_t slot) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = (uint64_t)what << 32 | slot};
  return epoll_ctl(loop_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* A list of slots. */
static bool each_slot(const uint8_t *at, size_t length, void (*act)(uint32_t)) {
  if (length % 4 != 0) return false;
  for (size_t i = 0; i < length; i += 4) {
    if (word_at(at + i) >= MOST_CHILDREN) return false;
    act(word_at(at + i));
  }
  return true;
}

static bool greet(const uint8_t *at, size_t length) {
  if (length != 8 || word_at(at) != WIRE_VERSION) return false;
  is_subreaper |= (word_at(at + 4) & 1) != 0 && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
  const uint32_t answer[] = {can_wait ? WIRE_VERSION : 0, (uint32_t)getpid(), is_subreaper};
  wire_tell('H', 3, answer);
  greeted = true;
  return true;
}

/* Nobody may have more than he was started with; and the supervisor, which Node has given more, as much if it asks. */
static bool limit_files(const uint8_t *at, size_t length) {
  struct rlimit limit;
  if (length != 8) return false;
  soft_files = word_at(at);
  if (soft_files == 0 || (word_at(at + 4) & 1) == 0 || getrlimit(RLIMIT_NOFILE, &limit) < 0) return true;
  limit.rlim_cur = soft_files < limit.rlim_max ? soft_files : limit.rlim_max;
  prlimit(supervisor, RLIMIT_NOFILE, &limit, NULL);
  return true;
}

/* Cgroups that nothing is in any more; one that isn't empty stays. */
static bool remove_folders(struct reader *from) {
  while (from->is_sound && from->at < from->end) rmdir(take_text(from));
  return from->is_sound;
}

bool handle_frame(char kind, const uint8_t *at, size_t length) {
  struct reader from = {at, at + length, true};
  if (!greeted) return kind == 'H' && greet(at, length);
  switch (kind) {
    case 'S':
      return spawn_from_frame(at, length);
    case 'L':
      return limit_files(at, length);
    case 'C':
      return each_slot(at, length, child_close_outlets);
    case 'R':
      if (!each_slot(at, length, child_reap)) return false;
      child_reap_adopted();
      return true;
    case 'K':
      return child_signal_from_frame(&from);
    case 'V':
      return remove_folders(&from);
    case 'G':
      return guard_from_frame((const char *)at, length);
    case 'Q':
      farewell = true;
      return length == 0;
    default:
      return false;
  }
}

/* Nothing ends it but what can't be kept away; children start with none of this (spawn.c). */
static int take_signals(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  signal(SIGPIPE, SIG_IGN);
  return signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* A service takes its parent for the supervisor: what it sends there (`kill -TERM $PPID`) is for that. */
static void hear_signals(int fd) {
  struct signalfd_siginfo info;
  while (read(fd, &info, sizeof info) == sizeof info) {
    bool was_sent = info.ssi_code <= 0 && info.ssi_signo != SIGCHLD;
    if (was_sent && (is_init || getppid() == supervisor)) kill(supervisor, (int)info.ssi_signo);
  }
  child_reap_adopted();
}

/* Since Linux 5.4 a process can be waited for by a descriptor, whose number nobody else can get. */
static bool can_wait_by_descriptor(void) {
  int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
  if (self < 0) return false;
  siginfo_t info;
  bool can = waitid((idtype_t)BY_DESCRIPTOR, (id_t)self, &info, WEXITED | WNOHANG) == -1 && errno == ECHILD;
  close(self);
  return can;
}

/* `init PROGRAM ARGUMENT...`: the supervisor is started here; else it has started us. */
int main(int argc, char **argv) {
  is_init = argc > 2 && strcmp(argv[1], "init") == 0;
  int signals = take_signals();
  supervisor = is_init ? init_start(argv + 2) : getppid();
  if (supervisor < 0) return END_OLD_KERNEL;
  for (int fd = 0; fd <= 2; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
  for (int fd = 0; fd <= 1; fd++) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
  is_subreaper = is_init && (getpid() == 1 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
  can_wait = can_wait_by_descriptor();
  if (!can_wait && !is_init) return END_OLD_KERNEL;
  loop_fd = epoll_create1(EPOLL_CLOEXEC);
  if (!watch_fd(0, WATCH_WIRE, 0) || !watch_fd(signals, WATCH_SIGNALS, 0)) return END_OLD_KERNEL;
  enum wire_end end = WIRE_OPEN;
  int status = -1;
  while (is_init ? status < 0 : end == WIRE_OPEN && !farewell) {
    struct epoll_event events[64];
    /* What the supervisor hasn't read yet is offered again. */
    int count = epoll_wait(loop_fd, events, 64, wire_is_full() ? 10 : -1);
    for (int i = 0; i < count; i++) {
      uint32_t slot = (uint32_t)events[i].data.u64;
      switch ((enum watched)(events[i].data.u64 >> 32)) {
        case WATCH_EXEC:
          child_on_exec(slot);
          break;
        case WATCH_EXIT:
          child_on_exit(slot);
          break;
        case WATCH_SIGNALS:
          hear_signals(signals);
          break;
        case WATCH_WIRE:
          end = wire_read();
          /* One that is closed would be offered for ever. */
          if (is_init && end != WIRE_OPEN) close(0);
          break;
      }
    }
    wire_flush();
    if (is_init) status = init_status(supervisor);
  }
  if (greeted && !farewell) guard_kill_all();
  if (is_init) return status;
  if (farewell) return 0;
  if (!greeted) return END_NO_HELLO;
  return end == WIRE_BROKEN ? END_BAD_FRAME : 0;
}
