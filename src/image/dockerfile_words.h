/* SPDX-License-Identifier: MIT */
/* How the words behind an instruction are told apart (BuildKit's dockerfile/parser/line_parsers.go). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Splits at white space outside of quotes; quotes and escapes stay in the words. */
void dockerfile_split(const char *text, char escape, struct strv *ret);

/* The same at white space alone. */
void dockerfile_split_space(const char *text, struct strv *ret);

enum json_list {
        JSON_LIST,         /* a list of strings, which are in *ret */
        JSON_LIST_NOT,     /* no JSON: the shell form, if a shell will have it */
        JSON_LIST_STRANGE, /* JSON, but not a list of strings alone; or one with a NUL character */
};

/* The exec form. What stands behind the list counts for nothing, as for Docker. */
enum json_list dockerfile_json(const char *text, struct strv *ret);
