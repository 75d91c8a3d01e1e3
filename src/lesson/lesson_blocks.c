/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "lesson/lesson_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_link_end(struct str *text, cmark_node *node)
{
        const char *url = cmark_node_get_url(node);
        const char *words = str_text(text);
        size_t n = strlen(words), m = strlen(url);

        if (m && (n < m || strcmp(words + n - m, url) != 0))
                str_add_f(text, " (%s)", url);
}

static void add_inline(struct str *text, cmark_node *node, cmark_event_type event)
{
        const char *literal = cmark_node_get_literal(node);

        switch ((int)cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT:
        case CMARK_NODE_HTML_INLINE:
                str_add(text, literal ? literal : "");
                break;
        case CMARK_NODE_CODE:
                str_add_f(text, "`%s`", literal ? literal : "");
                break;
        case CMARK_NODE_SOFTBREAK:
                str_add_c(text, ' ');
                break;
        case CMARK_NODE_LINEBREAK:
                str_add_c(text, '\n');
                break;
        case CMARK_NODE_LINK:
        case CMARK_NODE_IMAGE:
                if (event == CMARK_EVENT_EXIT)
                        add_link_end(text, node);
                break;
        default:
                break;
        }
}

char *blocks_inline_text(cmark_node *node)
{
        cmark_iter *iter = cmark_iter_new(node);
        cmark_event_type event;
        struct str text = { 0 };

        while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
                add_inline(&text, cmark_iter_get_node(iter), event);
        cmark_iter_free(iter);
        return str_take(&text);
}

/* Takes text over. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the block owns and frees it */
static struct lesson_block *add_block(struct lesson_blocks *blocks, enum lesson_block_kind kind, char *text)
{
        struct lesson_block *block;

        /* Doubled at powers of two: a page has many small ones. */
        if ((blocks->n & (blocks->n - 1)) == 0)
                blocks->v = xrealloc(blocks->v, blocks->n ? 2 * blocks->n : 1, sizeof(*blocks->v));
        block = &blocks->v[blocks->n++];
        *block = (struct lesson_block){ .kind = kind };
        block->text = text;
        return block;
}

static void number_item(cmark_node *item, char marker[static 12])
{
        cmark_node *list = cmark_node_parent(item);
        unsigned number = 0;

        if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST) {
                snprintf(marker, 12, "-");
                return;
        }
        /* A list of many items would make this quadratic: the numbers of the first thousand will do. */
        for (cmark_node *n = item; (n = cmark_node_previous(n)) != NULL && number < 1000;)
                number++;
        snprintf(marker, 12, "%u.", (unsigned)cmark_node_get_list_start(list) + number);
}

static unsigned depth_of(cmark_node *node)
{
        unsigned depth = 0;

        for (; node; node = cmark_node_parent(node))
                depth += cmark_node_get_type(node) == CMARK_NODE_LIST ||
                         cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE;
        return depth;
}

static void add_leaf(struct lesson_blocks *blocks, cmark_node *node, enum lesson_block_kind kind)
{
        cmark_node *parent = cmark_node_parent(node);
        const char *literal = cmark_node_get_literal(node);
        const char *info =
                cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK ? cmark_node_get_fence_info(node) : NULL;
        bool prose = kind == LESSON_TEXT || kind == LESSON_HEADING;
        struct lesson_block *block =
                add_block(blocks, kind, prose ? blocks_inline_text(node) : xstrdup(literal ? literal : ""));

        block->info = xstrdup(info ? info : "");
        block->depth = depth_of(node);
        if (kind == LESSON_TEXT && cmark_node_get_type(parent) == CMARK_NODE_ITEM &&
            !cmark_node_previous(node)) {
                block->kind = LESSON_ITEM;
                number_item(parent, block->marker);
        }
}

static bool is_ours(cmark_node *node)
{
        const char *info = cmark_node_get_fence_info(node);

        return info && strncmp(info, "vitrine-", 8) == 0;
}

static bool add_entered(struct parsing *parsing, struct lesson_blocks *blocks, cmark_node *node)
{
        switch ((int)cmark_node_get_type(node)) {
        case CMARK_NODE_PARAGRAPH:
                add_leaf(blocks, node, LESSON_TEXT);
                break;
        case CMARK_NODE_HEADING:
                add_leaf(blocks, node, LESSON_HEADING);
                break;
        case CMARK_NODE_CODE_BLOCK:
                if (is_ours(node))
                        return source_error(parsing->lesson, (unsigned)cmark_node_get_start_line(node),
                                            (unsigned)cmark_node_get_start_column(node), parsing->error,
                                            "a vitrine- block stands by itself, not in a list or a quote");
                add_leaf(blocks, node, LESSON_CODE);
                break;
        case CMARK_NODE_THEMATIC_BREAK:
                add_leaf(blocks, node, LESSON_RULE);
                break;
        default: /* HTML is for the page on a code host alone; containers come as what they hold */
                break;
        }
        return true;
}

bool blocks_add_node(struct parsing *parsing, struct lesson_blocks *blocks, cmark_node *node)
{
        cmark_iter *iter = cmark_iter_new(node);
        cmark_event_type event;
        bool ok = true;

        while (ok && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
                if (event == CMARK_EVENT_ENTER)
                        ok = add_entered(parsing, blocks, cmark_iter_get_node(iter));
        cmark_iter_free(iter);
        return ok;
}

void blocks_finish(struct lesson_blocks *blocks)
{
        for (size_t i = 0; i < blocks->n; i++) {
                free(blocks->v[i].text);
                free(blocks->v[i].info);
        }
        free(blocks->v);
        *blocks = (struct lesson_blocks){ 0 };
}
