/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cast/page.h"

#include <string.h>

#include "base/own.h"
#include "base/str.h"
#include "base/text.h"

static void add_html(struct str *out, const char *text)
{
        own_free char *safe = text_escape(text, strlen(text), false);

        for (const char *c = safe; *c; c++) {
                const char *entity = *c == '&'    ? "&amp;"
                                     : *c == '<'  ? "&lt;"
                                     : *c == '>'  ? "&gt;"
                                     : *c == '"'  ? "&quot;"
                                     : *c == '\'' ? "&#39;"
                                                  : NULL;

                if (entity)
                        str_add(out, entity);
                else
                        str_add_c(out, *c);
        }
}

/* A text of several lines, with a break between them. */
static void add_html_lines(struct str *out, const char *text)
{
        const char *divider = "";

        for (const char *at = text; *at;) {
                size_t n = strcspn(at, "\r\n");
                own_free char *line = xstrndup(at, n);

                if (n > 0) {
                        str_add(out, divider);
                        add_html(out, line);
                        divider = "<br>";
                }
                at += n + (at[n] != '\0');
        }
}

/* A link to a moment: with JavaScript it goes there, without it to the place in the transcript. */
static void begin_link(struct str *out, const char *kind, size_t i, uint64_t at_ms)
{
        unsigned long long s = at_ms / 1000;

        str_add_f(out, "<a href=\"#%s-%zu\" data-at=\"%llu.%03u\"><time>%llu:%02llu</time>", kind, i + 1, s,
                  (unsigned)(at_ms % 1000), s / 60, s % 60);
}

static void add_chapters(struct str *out, const struct cues *chapters)
{
        for (size_t i = 0; i < chapters->n; i++) {
                str_add(out, "<li>");
                begin_link(out, "chapter", i, chapters->v[i].at_ms);
                str_add_c(out, ' ');
                add_html(out, chapters->v[i].text);
                str_add(out, "</a></li>\n");
        }
}

static void add_caption(struct str *out, const struct cue *cue, size_t i)
{
        if (cue->text[strspn(cue->text, " \t\r\n")] == '\0')
                return; /* a caption that is taken away */
        str_add_f(out, "<p class=\"caption\" id=\"caption-%zu\">", i + 1);
        begin_link(out, "caption", i, cue->at_ms);
        str_add(out, "</a> ");
        add_html_lines(out, cue->text);
        str_add(out, "</p>\n");
}

static void add_chapter(struct str *out, const struct cue *cue, size_t i)
{
        str_add_f(out, "<h3 id=\"chapter-%zu\">", i + 1);
        begin_link(out, "chapter", i, cue->at_ms);
        str_add_c(out, ' ');
        add_html(out, cue->text);
        str_add(out, "</a></h3>\n");
}

static void add_key(struct str *out, const struct cue *cue, size_t i)
{
        str_add_f(out, "<p class=\"key\" id=\"key-%zu\">", i + 1);
        begin_link(out, "key", i, cue->at_ms);
        str_add(out, cue->typed ? "</a> typed <kbd>" : "</a> key <kbd>");
        add_html(out, cue->text);
        str_add(out, "</kbd></p>\n");
}

/* The three lists as one, by time; at the same time a chapter comes first, then the key, then what is said.
 */
static void add_transcript(struct str *out, const struct page *page)
{
        const struct {
                const struct cues *cues;
                void (*add)(struct str *out, const struct cue *cue, size_t i);
        } lists[] = { { page->chapters, add_chapter },
                      { page->keys, add_key },
                      { page->captions, add_caption } };
        enum { LISTS = sizeof(lists) / sizeof(lists[0]) };
        size_t at[LISTS] = { 0 };

        for (;;) {
                int next = -1;

                for (int i = 0; i < LISTS; i++)
                        if (at[i] < lists[i].cues->n &&
                            (next < 0 || lists[i].cues->v[at[i]].at_ms < lists[next].cues->v[at[next]].at_ms))
                                next = i;
                if (next < 0)
                        return;
                lists[next].add(out, &lists[next].cues->v[at[next]], at[next]);
                at[next]++;
        }
}

/* The recording within a script element, where "</script" and "<!--" would be HTML: a < stands in JSON's
 * strings alone, and has another spelling there. */
static void add_cast(struct str *out, const struct page *page)
{
        size_t n = page->cast_len;

        while (n > 0 && page->cast[n - 1] != '\n')
                n--;
        for (size_t i = 0; i < n; i++)
                if (page->cast[i] == '<')
                        str_add(out, "\\u003c");
                else
                        str_add_c(out, page->cast[i]);
}

/* Adds what a name in the frame stands for; false when it is none. */
static bool add_part(struct str *out, const char *name, size_t n, const struct page *page,
                     const struct page_parts *parts)
{
        const struct {
                const char *name, *text;
        } texts[] = { { "PLAYER_JS", parts->player_js }, { "PLAYER_CSS", parts->player_css } };

        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
                if (strlen(texts[i].name) == n && memcmp(texts[i].name, name, n) == 0) {
                        str_add(out, texts[i].text);
                        return true;
                }
        if (n == 5 && memcmp(name, "TITLE", n) == 0)
                add_html(out, page->title);
        else if (n == 8 && memcmp(name, "CHAPTERS", n) == 0)
                add_chapters(out, page->chapters);
        else if (n == 10 && memcmp(name, "TRANSCRIPT", n) == 0)
                add_transcript(out, page);
        else if (n == 4 && memcmp(name, "CAST", n) == 0)
                add_cast(out, page);
        else if (n == 14 && memcmp(name, "PLAYER_LICENCE", n) == 0)
                add_html_lines(out, parts->player_licence);
        else
                return false;
        return true;
}

char *page_text(const struct page *page, const struct page_parts *parts, size_t *ret_len)
{
        struct str out = { 0 };

        str_add(&out, PAGE_BEGINS);
        for (const char *at = parts->frame; *at;) {
                size_t n = strcspn(at, "@");

                str_add_n(&out, at, n);
                at += n;
                if (!*at)
                        break;
                n = strspn(at + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
                if (at[n + 1] == '@' && add_part(&out, at + 1, n, page, parts)) {
                        at += n + 2;
                        continue;
                }
                str_add_c(&out, *at++);
        }
        *ret_len = out.len;
        return str_take(&out);
}
