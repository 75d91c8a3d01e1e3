/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "image/dockerfile_words.h"

#include <ctype.h>
#include <string.h>

#include "image/json_text.h"

enum { DEPTH_MAX = 32 };

/* A word under way. */
struct word {
        struct str text;
        bool quoted; /* a word that is quotes around nothing is one */
        char quote;  /* the quote that is open, or 0 */
};

static void end_word(struct word *word, struct strv *ret)
{
        if (word->text.len || word->quoted)
                strv_add_take(ret, str_take(&word->text));
        word->quoted = false;
}

void dockerfile_split(const char *text, char escape, struct strv *ret)
{
        struct word word = { 0 };

        for (const char *c = text; *c; c++) {
                if (!word.quote && isspace((unsigned char)*c)) {
                        end_word(&word, ret);
                        continue;
                }
                if (*c == escape && word.quote != '\'') {
                        /* At the end it is dropped; else what follows is of the word, whatever it is. */
                        if (!c[1])
                                break;
                        str_add_c(&word.text, *c++);
                } else if (word.quote ? *c == word.quote : *c == '\'' || *c == '"') {
                        word.quote = (char)(word.quote ? '\0' : *c);
                        word.quoted = true;
                }
                str_add_c(&word.text, *c);
        }
        end_word(&word, ret);
        str_finish(&word.text);
}

void dockerfile_split_space(const char *text, struct strv *ret)
{
        while (*text) {
                size_t n = strcspn(text, " \t\n\v\f\r");

                if (n)
                        strv_add_take(ret, xstrndup(text, n));
                text += n + (text[n] != '\0');
        }
}

/* The list's strings; false when it is no JSON. *ret_strange: there is something else in it. */
static bool take_list(const char *s, struct strv *ret, bool *ret_strange)
{
        s = json_space(s);
        if (*s == ']')
                return true;
        for (;;) {
                struct str string = { 0 };
                bool is_string = *s == '"';

                s = is_string ? json_string(s + 1, &string) : json_skip(s, DEPTH_MAX);
                *ret_strange = *ret_strange || !is_string || strlen(str_text(&string)) != string.len;
                strv_add_take(ret, str_take(&string));
                if (!s)
                        return false;
                s = json_space(s);
                if (*s == ']')
                        return true;
                if (*s != ',')
                        return false;
                s = json_space(s + 1);
        }
}

enum json_list dockerfile_json(const char *text, struct strv *ret)
{
        struct strv list = { 0 };
        bool strange = false, is;

        text = json_space(text);
        is = *text == '[' && take_list(text + 1, &list, &strange);
        if (!is || strange) {
                strv_finish(&list);
                return is ? JSON_LIST_STRANGE : JSON_LIST_NOT;
        }
        strv_finish(ret);
        *ret = list;
        return JSON_LIST;
}
