/* SPDX-License-Identifier: MIT */
/* What a shell would have made something else of, and nobody makes here. */
#include "config.h"

#include "spec/spec.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char operators[] = "|&;<>()";

/* The length of a variable behind a $, or of what stands for a command's output; 0 where the $ is one. */
static size_t expansion_length(const char *s)
{
        size_t n = 0;

        if (*s == '(' || *s == '{')
                return 1;
        if (*s && strchr("@*#?$!-0123456789", *s))
                return 1;
        while (isalnum((unsigned char)s[n]) || s[n] == '_')
                n++;
        return n;
}

static bool refuse_expansion(const char *s, size_t n, struct fault *fault)
{
        const char *close = s[1] == '(' ? "...)" : s[1] == '{' ? "...}" : "";

        fault_why(fault, "read the line", "no shell reads it: nothing takes the place of %.*s%s",
                  n < 60 ? (int)n : 60, s, close);
        return fault_hint(fault, "write what it stands for; in single quotes it stays as it is");
}

static bool refuse_operator(const char *s, struct fault *fault)
{
        int n = s[1] == s[0] ? 2 : 1;

        fault_why(fault, "read the line", "no shell reads it, and %.*s is a shell's", n, s);
        return fault_hint(fault, "a shell inside reads it: sh -c 'ps ax | head'");
}

static bool check_dollar(const char *s, struct fault *fault)
{
        size_t n = *s == '$' ? expansion_length(s + 1) : *s == '`';

        return n == 0 || refuse_expansion(s, n + (*s == '$'), fault);
}

/* From behind the opening quote to the closing one, or to the end. */
static const char *skip_single(const char *s, bool escapes)
{
        while (*s && *s != '\'')
                s += escapes && *s == '\\' && s[1] ? 2 : 1;
        return s;
}

static bool check_double(const char **at, struct fault *fault)
{
        const char *s = *at;

        for (; *s && *s != '"'; s += *s == '\\' && s[1] ? 2 : 1)
                if (!check_dollar(s, fault))
                        return false;
        *at = s;
        return true;
}

/* One sign outside of quotes at *at, with what it quotes. */
static bool check_one(const char **at, bool begins, struct fault *fault)
{
        const char *s = *at;

        if (*s == '\\' && s[1]) {
                *at = s + 1;
        } else if (*s == '\'') {
                *at = skip_single(s + 1, false);
        } else if (*s == '$' && s[1] == '\'') {
                *at = skip_single(s + 2, true);
        } else if (*s == '"') {
                *at = s + 1;
                return check_double(at, fault);
        } else if (strchr(operators, *s)) {
                return refuse_operator(s, fault);
        } else if (begins && *s == '#') {
                fault_why(fault, "read the line", "no shell reads it, and # begins a shell's comment");
                return fault_hint(fault, "leave the comment away");
        } else if (begins && *s == '~') {
                return refuse_expansion(s, strcspn(s, " \t\n/"), fault);
        }
        return check_dollar(s, fault);
}

/* Behind the prompt that a line was pasted with, which may be a # (root's). */
static const char *skip_prompt(const char *line)
{
        line += strspn(line, " \t\n");
        return line[0] == '#' && (line[1] == ' ' || line[1] == '\t') ? line + 1 : line;
}

bool spec_check_signs(const char *line, struct fault *fault)
{
        bool begins = true;

        for (const char *at = skip_prompt(line); *at; at += *at != '\0') {
                bool space = strchr(" \t\n", *at) != NULL;

                if (!space && !check_one(&at, begins, fault))
                        return false;
                begins = space;
        }
        return true;
}
