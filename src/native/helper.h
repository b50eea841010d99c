/*
 * The helper: a small process that spawns, guards and reports for one supervisor, which speaks to it in frames
 * (README.md of this folder). One thread, no memory from the heap: it can't run out of it at a bad moment.
 */
#ifndef ORDERLY_HELPER_H
#define ORDERLY_HELPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

enum {
  WIRE_VERSION = 2,
  MOST_CHILDREN = 16384,
  /* Of one child. */
  MOST_STREAMS = 8,
  MOST_OUTLETS = 4,
  MOST_GROUPS = 1024,
  MOST_LIMITS = 16,
  PATH_BYTES = 4096,
  /* More than execve(2) takes of arguments and environment together. */
  FRAME_BYTES = 4 << 20,
};

/* P_PIDFD of waitid(2), which older C libraries don't know. */
enum { BY_DESCRIPTOR = 3 };

/* What ends the helper with something wrong. */
enum { END_NO_HELLO = 2, END_BAD_FRAME = 3, END_OLD_KERNEL = 4 };

/* Of what a spawn fails; told with the errno. */
enum step { STEP_PIPES = 1, STEP_FORK, STEP_STREAMS, STEP_FOLDER, STEP_RIGHTS, STEP_EXEC, /* no failure: */ OUTSIDE };

/* Of a child: none, /dev/null, a pipe that the supervisor reads, one that stays open and empty, its file. */
enum stream { STREAM_CLOSED, STREAM_NULL, STREAM_OUTLET, STREAM_INLET, STREAM_FILE };

/* What a frame says, as far as it is read. */
struct reader {
  const uint8_t *at;
  const uint8_t *end;
  bool is_sound;
};

struct limit {
  int resource;
  struct rlimit to;
};

/* All texts point into the frame. */
struct spawn {
  uint32_t slot;
  /* Below. */
  uint32_t flags;
  uid_t uid;
  gid_t gid;
  mode_t umask;
  int nice;
  size_t group_count, limit_count, stream_count;
  gid_t groups[MOST_GROUPS];
  struct limit limits[MOST_LIMITS];
  enum stream streams[MOST_STREAMS];
  const char *cwd;
  /* Empty: none. */
  const char *cgroup;
  /* What its streams of that kind are: appended to, or a terminal, which becomes its own. */
  const char *file;
  char **argv;
  char **env;
};

enum spawn_flag { OWN_SESSION = 1, HAS_IDS = 2, HAS_UMASK = 4, HAS_NICE = 8, FILE_IS_TERMINAL = 16 };

enum child_state { CHILD_FREE, CHILD_STARTING, CHILD_RUNNING, CHILD_ENDED };

struct child {
  enum child_state state;
  bool leads;
  bool outside;
  pid_t pid;
  int pidfd;
  /* Says what kept it from being executed; at its end: nothing did. -1: closed. */
  int exec_fd;
  /* Held open as long as it runs. -1: none. */
  int inlet;
  /* For the supervisor to open. */
  int outlets[MOST_OUTLETS];
  size_t outlet_count;
  /* Why it isn't executed; 0: it is, or will be. */
  uint32_t failed_step;
  uint32_t failed_errno;
};

static inline uint32_t word_at(const uint8_t *at) {
  return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint32_t take_word(struct reader *from);
/* A text of the frame itself. */
char *take_text(struct reader *from);

static inline void close_if(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

extern struct child children[MOST_CHILDREN];
/* Above it no slot was ever taken. */
extern uint32_t slot_count;
extern pid_t supervisor;
/* It adopts what its children leave. */
extern bool is_subreaper;
/* The soft limit of open files that children get; 0: as the helper's. */
extern uint32_t soft_files;

/* wire.c: frames in and out. */
enum wire_end { WIRE_OPEN, WIRE_CLOSED, WIRE_BROKEN };
/* Reads once, and hands each whole frame on. */
enum wire_end wire_read(void);
/* One frame of so many words. */
void wire_tell(char kind, size_t count, const uint32_t *words);
/* Writes what was told, as far as it goes. */
void wire_flush(void);
/* Something is left that the supervisor has yet to read. */
bool wire_is_full(void);
/* There is room for what comes without having been asked for. */
bool wire_has_room(void);

/* spawn.c */
/* False: the frame is malformed. */
bool spawn_from_frame(const uint8_t *at, size_t length);

/* children.c */
/* Nothing came of it. */
void child_refuse(uint32_t slot, uint32_t step, uint32_t error);
void child_watch(uint32_t slot);
void child_on_exec(uint32_t slot);
void child_on_exit(uint32_t slot);
/* A signal for each, if nobody else is in its cgroup. */
bool child_signal_from_frame(struct reader *from);
/* Both are harmless for what isn't there. */
void child_close_outlets(uint32_t slot);
void child_reap(uint32_t slot);
/* Reaps what was adopted and has ended, and tells it. */
void child_reap_adopted(void);

/* As whoever is started by a shell: no signal blocked, none ignored. */
void reset_signals(void);

/* init.c */
pid_t init_start(char **argv);
int init_status(pid_t supervisor);

/* guard.c */
/* Lines of what isn't the helper's child and must not outlive the supervisor. */
bool guard_from_frame(const char *text, size_t length);
/* Field 22 of proc(5)'s stat: its pid and this are nobody else's. 0: not known. */
uint64_t start_of(pid_t pid);
/* The supervisor is gone: kills all that it has left, and waits for its end, within a second. */
void guard_kill_all(void);

/* main.c */
enum watched { WATCH_WIRE, WATCH_SIGNALS, WATCH_EXEC, WATCH_EXIT };
/* False: the system refuses. */
bool watch_fd(int fd, enum watched what, uint32_t slot);
/* False: the word of the supervisor can't be kept. */
bool handle_frame(char kind, const uint8_t *at, size_t length);

#endif
