/* SPDX-License-Identifier: MIT */
/* What is said in a recording and when; as WebVTT (https://www.w3.org/TR/webvtt1/). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cue {
        uint64_t at_ms; /* since the recording's beginning */
        char *text;     /* any text, may have lines; owned */
        bool typed;     /* of a list of keys: it is the beginning of a line, not a key's name */
};

/* In the order of time. {0} is an empty list. */
struct cues {
        struct cue *v;
        size_t n;
};

/* Copies text. A time before the last one's counts as that. */
void cues_add(struct cues *cues, uint64_t at_ms, const char *text);
/* Copies a character that was typed: it goes on with the line that is the last one, or begins one. */
void cues_type(struct cues *cues, uint64_t at_ms, const char *character);
void cues_finish(struct cues *cues);

/* The list as WebVTT, owned by the caller. A cue stands until the next, the last one until end_ms, each at
 * least 2 s: one that comes sooner waits for that. Empty texts are left out. */
char *cues_vtt(const struct cues *cues, uint64_t end_ms);
/* The name of the transcript beside a recording: FILE.vtt for FILE.cast. Owned by the caller. */
char *cues_vtt_path(const char *cast_path);
