/* SPDX-License-Identifier: MIT */
/* Finds lessons: those that are installed, or a path. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

struct lesson_entry {
        char *name; /* the file's name without .md: "06-cap-drop" */
        char *path;
        unsigned number; /* the digits in front of the name, 0: none */
};

/* Sorted by number, then by name. */
struct lesson_list {
        struct lesson_entry *v;
        size_t n;
        char *dir;
};

/* The folder of lessons: `lessons` beside the program (a build tree), else the installed one. vitrine.jq lies
 * in it. Owned by the caller. */
char *lesson_dir(void);

/* Lists the .md files of dir. An empty folder is an empty list. */
bool lesson_list_read(const char *dir, struct lesson_list *ret, struct fault *fault);
void lesson_list_finish(struct lesson_list *list);

/* Index of the lesson that word means: its number ("6"), its name with or without number and .md
 * ("06-cap-drop", "cap-drop"), or a beginning of one of those that only one lesson has. -1 with a fault that
 * names what is near. */
int lesson_list_find(const struct lesson_list *list, const char *word, struct fault *fault);

/* What is said on a command line: a lesson or LESSON/STEP, where LESSON is a name as above or a path (with a
 * slash or ending in .md). *ret_path is the file, *ret_step the words behind the slash ("" when there are
 * none); both are the caller's. no_list: why list could not be read, or NULL; a file is found all the same,
 * and a lesson's fault is that one. */
bool lesson_locate(const struct lesson_list *list, const struct fault *no_list, const char *word,
                   char **ret_path, char **ret_step, struct fault *fault);
