/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "stage/prompt.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* The bytes after the cursor. */
static const char *rest(const struct prompt *prompt)
{
        return prompt->store + PROMPT_BYTES - prompt->after;
}

static void insert(struct prompt *prompt, const char *bytes, size_t n)
{
        if (n > PROMPT_BYTES - prompt->before - prompt->after) {
                prompt->cut = true;
                return;
        }
        memcpy(prompt->store + prompt->before, bytes, n);
        prompt->before += n;
}

/* The length of the character before the cursor; bytes that are none count one by one. */
static size_t length_before(const struct prompt *prompt)
{
        const char *end = prompt->store + prompt->before;
        uint32_t c;

        for (size_t n = 1; n <= 4 && n <= prompt->before; n++)
                if (text_decode(end - n, n, &c) == n)
                        return n;
        return prompt->before ? 1 : 0;
}

static size_t length_after(const struct prompt *prompt)
{
        uint32_t c;
        size_t n = prompt->after ? text_decode(rest(prompt), prompt->after, &c) : 0;

        return n ? n : prompt->after ? 1 : 0;
}

static void go_left(struct prompt *prompt, size_t n)
{
        prompt->before -= n;
        prompt->after += n;
        memmove(prompt->store + PROMPT_BYTES - prompt->after, prompt->store + prompt->before, n);
}

static void go_right(struct prompt *prompt, size_t n)
{
        memmove(prompt->store + prompt->before, rest(prompt), n);
        prompt->before += n;
        prompt->after -= n;
}

/* Who takes something away has seen that the line was cut. */
static void take_before(struct prompt *prompt, size_t n)
{
        prompt->before -= n;
        prompt->cut = prompt->cut && n == 0;
}

static void take_after(struct prompt *prompt, size_t n)
{
        prompt->after -= n;
        prompt->cut = prompt->cut && n == 0;
}

/* The bytes back to where the word before the cursor begins. */
static size_t word_before(const struct prompt *prompt)
{
        size_t n = 0;

        while (n < prompt->before && prompt->store[prompt->before - n - 1] == ' ')
                n++;
        while (n < prompt->before && prompt->store[prompt->before - n - 1] != ' ')
                n++;
        return n;
}

static void set_text(struct prompt *prompt, const char *text)
{
        size_t n = strlen(text);

        prompt->before = prompt->after = 0;
        prompt->cut = n > PROMPT_BYTES;
        insert(prompt, text, prompt->cut ? PROMPT_BYTES : n);
}

static void go_back(struct prompt *prompt)
{
        if (prompt->at == 0)
                return;
        if (prompt->at == prompt->history.n) {
                free(prompt->draft);
                prompt->draft = prompt_text(prompt);
        }
        set_text(prompt, prompt->history.v[--prompt->at]);
}

static void go_forth(struct prompt *prompt)
{
        if (prompt->at == prompt->history.n)
                return;
        prompt->at++;
        if (prompt->at < prompt->history.n)
                set_text(prompt, prompt->history.v[prompt->at]);
        else
                set_text(prompt, prompt->draft ? prompt->draft : "");
}

void prompt_open(struct prompt *prompt, const char *text, const struct strv *history)
{
        prompt_close(prompt);
        prompt->store = xmalloc(PROMPT_BYTES);
        set_text(prompt, text);
        if (history)
                strv_copy(&prompt->history, history);
        prompt->at = prompt->history.n;
        if (prompt->at && strcmp(prompt->history.v[prompt->at - 1], text) == 0)
                prompt->at--;
}

void prompt_remember(struct strv *history, const char *text, size_t most)
{
        int at = strv_find(history, text);

        if (at >= 0)
                strv_remove(history, (size_t)at);
        else if (history->n == most)
                strv_remove(history, 0);
        strv_add(history, text);
}

void prompt_offer(struct prompt *prompt)
{
        prompt->offered = true;
}

void prompt_close(struct prompt *prompt)
{
        free(prompt->store);
        free(prompt->draft);
        strv_finish(&prompt->history);
        *prompt = (struct prompt){ 0 };
}

bool prompt_is_open(const struct prompt *prompt)
{
        return prompt->store != NULL;
}

char *prompt_text(const struct prompt *prompt)
{
        char *text = xmalloc(prompt->before + prompt->after + 1);

        memcpy(text, prompt->store, prompt->before);
        memcpy(text + prompt->before, rest(prompt), prompt->after);
        text[prompt->before + prompt->after] = '\0';
        return text;
}

enum edit {
        EDIT_NONE,
        EDIT_LEFT,
        EDIT_RIGHT,
        EDIT_HOME,
        EDIT_END,
        EDIT_TAKE_BEFORE,
        EDIT_TAKE_AFTER,
        EDIT_TAKE_WORD,
        EDIT_TAKE_ALL_BEFORE,
        EDIT_TAKE_ALL_AFTER,
        EDIT_BACK,
        EDIT_FORTH,
};

static enum edit edit_of(const char *key)
{
        static const struct {
                const char *key;
                enum edit edit;
        } edits[] = {
                { "Left", EDIT_LEFT },
                { "C-b", EDIT_LEFT },
                { "Right", EDIT_RIGHT },
                { "C-f", EDIT_RIGHT },
                { "Home", EDIT_HOME },
                { "C-a", EDIT_HOME },
                { "End", EDIT_END },
                { "C-e", EDIT_END },
                { "BackSpace", EDIT_TAKE_BEFORE },
                { "Delete", EDIT_TAKE_AFTER },
                { "C-d", EDIT_TAKE_AFTER },
                { "C-w", EDIT_TAKE_WORD },
                { "C-u", EDIT_TAKE_ALL_BEFORE },
                { "C-k", EDIT_TAKE_ALL_AFTER },
                { "Up", EDIT_BACK },
                { "C-p", EDIT_BACK },
                { "Down", EDIT_FORTH },
                { "C-n", EDIT_FORTH },
        };

        for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++)
                if (strcmp(edits[i].key, key) == 0)
                        return edits[i].edit;
        return EDIT_NONE;
}

static void edit(struct prompt *prompt, enum edit edit)
{
        switch (edit) {
        case EDIT_LEFT:
                go_left(prompt, length_before(prompt));
                break;
        case EDIT_RIGHT:
                go_right(prompt, length_after(prompt));
                break;
        case EDIT_HOME:
                go_left(prompt, prompt->before);
                break;
        case EDIT_END:
                go_right(prompt, prompt->after);
                break;
        case EDIT_TAKE_BEFORE:
                take_before(prompt, length_before(prompt));
                break;
        case EDIT_TAKE_AFTER:
                take_after(prompt, length_after(prompt));
                break;
        case EDIT_TAKE_WORD:
                take_before(prompt, word_before(prompt));
                break;
        case EDIT_TAKE_ALL_BEFORE:
                take_before(prompt, prompt->before);
                break;
        case EDIT_TAKE_ALL_AFTER:
                take_after(prompt, prompt->after);
                break;
        case EDIT_BACK:
                go_back(prompt);
                break;
        case EDIT_FORTH:
                go_forth(prompt);
                break;
        case EDIT_NONE:
                break;
        }
}

enum prompt_did prompt_press(struct prompt *prompt, const char *key)
{
        size_t n = strlen(key);
        bool offered = prompt->offered;
        uint32_t c = 0;

        prompt->offered = false;
        if (strcmp(key, "Enter") == 0)
                return PROMPT_ENTER;
        if (strcmp(key, "Esc") == 0)
                return PROMPT_LEAVE;
        if (strcmp(key, "Tab") == 0)
                return PROMPT_TAB;
        /* Every other name has more than one character. */
        if (strcmp(key, "space") == 0) {
                insert(prompt, " ", 1);
        } else if (n && text_decode(key, n, &c) == n && text_char_width(c) > 0) {
                if (offered)
                        set_text(prompt, "");
                insert(prompt, key, n);
        } else {
                edit(prompt, edit_of(key));
        }
        return PROMPT_EDITED;
}

void prompt_replace(struct prompt *prompt, size_t from, const char *text)
{
        size_t n = strlen(text);

        if (from > prompt->before || n > PROMPT_BYTES - from - prompt->after)
                return;
        prompt->before = from;
        insert(prompt, text, n);
}

bool prompt_join_lines(struct prompt *prompt)
{
        size_t n = 0;

        while (n < prompt->before && prompt->store[prompt->before - n - 1] == '\\')
                n++;
        /* Two of them are one that was meant. */
        if (prompt->after || n % 2 == 0)
                return false;
        prompt->before--;
        return true;
}
