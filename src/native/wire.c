/*
 * Frames to and from the supervisor: four bytes of length, one of kind, the rest. Numbers are little-endian.
 */
#define _GNU_SOURCE
#include "helper.h"

#include <errno.h>
#include <string.h>

/* Up to a frame and the beginning of the next. */
static uint8_t in[FRAME_BYTES + 65536];
static size_t in_length;

static uint8_t out[4 << 20];
static size_t out_length;

uint32_t take_word(struct reader *from) {
  if (from->end - from->at < 4) {
    from->is_sound = false;
    return 0;
  }
  from->at += 4;
  return word_at(from->at - 4);
}

char *take_text(struct reader *from) {
  const uint8_t *nul = from->is_sound ? memchr(from->at, 0, (size_t)(from->end - from->at)) : NULL;
  if (nul == NULL) {
    from->is_sound = false;
    return "";
  }
  char *text = (char *)from->at;
  from->at = nul + 1;
  return text;
}

/* False: one of them is malformed. */
static bool hand_on(void) {
  size_t at = 0;
  bool is_sound = true;
  while (is_sound && in_length - at >= 4) {
    size_t length = word_at(in + at);
    if (length < 1 || length > FRAME_BYTES) return false;
    if (in_length - at < 4 + length) break;
    is_sound = handle_frame((char)in[at + 4], in + at + 5, length - 1);
    at += 4 + length;
  }
  in_length -= at;
  memmove(in, in + at, in_length);
  return is_sound;
}

enum wire_end wire_read(void) {
  ssize_t got = read(0, in + in_length, sizeof in - in_length);
  if (got == 0) return WIRE_CLOSED;
  if (got < 0) return errno == EAGAIN || errno == EINTR ? WIRE_OPEN : WIRE_CLOSED;
  in_length += (size_t)got;
  return hand_on() ? WIRE_OPEN : WIRE_BROKEN;
}

void wire_tell(char kind, size_t count, const uint32_t *words) {
  size_t length = 5 + 4 * count;
  if (sizeof out - out_length < length) wire_flush();
  /* More than can be told of all slots: it asks, and never reads the answers. */
  if (sizeof out - out_length < length) return;
  uint8_t *at = out + out_length;
  uint32_t rest = (uint32_t)(length - 4);
  for (int i = 0; i < 4; i++) *at++ = (uint8_t)(rest >> (8 * i));
  *at++ = (uint8_t)kind;
  for (size_t n = 0; n < count; n++) {
    for (int i = 0; i < 4; i++) *at++ = (uint8_t)(words[n] >> (8 * i));
  }
  out_length += length;
}

void wire_flush(void) {
  size_t done = 0;
  while (done < out_length) {
    ssize_t wrote = write(1, out + done, out_length - done);
    if (wrote > 0) done += (size_t)wrote;
    else if (errno == EAGAIN) break;
    /* Nobody is there to read it. */
    else if (errno != EINTR) done = out_length;
  }
  out_length -= done;
  memmove(out, out + done, out_length);
}

bool wire_is_full(void) {
  return out_length > 0;
}

bool wire_has_room(void) {
  return out_length < sizeof out / 4;
}
