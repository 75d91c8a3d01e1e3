/* SPDX-License-Identifier: MIT */
/* Growing strings and lists of strings. Out of memory ends the program on the spot. Pure. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Like malloc, calloc, realloc, strdup, strndup; never return NULL. */
/* Large blocks go back to the kernel when they are freed, for a program that lives long and holds a table of
 * thousands of processes twice for a moment. Where the C library cannot (only glibc can) nothing changes. */
void memory_give_back(void);

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
/* Returns a new string, owned by the caller. */
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A growing string. s is NULL or NUL-terminated; {0} is an empty one. */
struct str {
        char *s;
        size_t len;
        size_t size;
};

void str_add(struct str *str, const char *s);
void str_add_n(struct str *str, const char *s, size_t n);
void str_add_c(struct str *str, char c);
void str_add_f(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The text so far, never NULL; owned by str. */
const char *str_text(const struct str *str);
/* Hands the text over (an empty string when there is none) and leaves str empty. */
char *str_take(struct str *str);
void str_finish(struct str *str);

/* A list of strings that it owns. v is NULL or ends with a NULL pointer, so it serves as an argv; {0} is an
 * empty one. */
struct strv {
        char **v;
        size_t n;
};

/* Copies s. */
void strv_add(struct strv *list, const char *s);
/* Takes s over. */
void strv_add_take(struct strv *list, char *s);
void strv_remove(struct strv *list, size_t at);
/* Index of s, or -1. */
int strv_find(const struct strv *list, const char *s);
bool strv_equal(const struct strv *a, const struct strv *b);
void strv_copy(struct strv *to, const struct strv *from);
void strv_finish(struct strv *list);
