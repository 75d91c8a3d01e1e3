/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <stdio.h>

#include "base/own.h"
#include "base/str.h"
#include "probe/probe.h"
#include "spec/wrap.h"

enum { TEXT_WIDTH = 80, CALL_AT = 28, CALL_WIDTH = 30 };

static jv row_json(const struct probe_result *result)
{
        char buf[16];
        jv row = jv_object_set(jv_object(), jv_string("cap"), jv_string(caps_info(result->bit)->name));

        row = jv_object_set(row, jv_string("bit"), jv_number(result->bit));
        row = jv_object_set(row, jv_string("held"), jv_bool(result->held));
        row = jv_object_set(row, jv_string("call"), jv_string(probe_row(result->bit)->call));
        row = jv_object_set(row, jv_string("errno"), jv_string(probe_errno_name(result->err, buf)));
        row = jv_object_set(row, jv_string("verdict"), jv_string(probe_verdict_name(result->verdict)));
        if (result->through >= 0)
                row = jv_object_set(row, jv_string("through"),
                                    jv_string(caps_info((unsigned)result->through)->name));
        return jv_object_set(row, jv_string("reason"), jv_string(result->reason));
}

jv probe_rows_json(const struct probe_set *set)
{
        jv rows = jv_array();

        for (unsigned bit = 0; bit < CAPS_N; bit++)
                rows = jv_array_append(rows, row_json(&set->rows[bit]));
        return rows;
}

jv probe_json(const struct probe_set *set)
{
        jv object = jv_object_set(jv_object(), jv_string("schema"), jv_number(1));
        char hex[17];

        caps_hex(set->effective, hex);
        object = jv_object_set(object, jv_string("effective"), jv_string(hex));
        return jv_object_set(object, jv_string("probes"), probe_rows_json(set));
}

char *probe_verdict_text(const struct probe_result *result)
{
        const char *word = probe_verdict_name(result->verdict);
        char buf[16];

        if (result->verdict == VERDICT_THROUGH && result->through >= 0)
                return xasprintf("%s %s", word, caps_info((unsigned)result->through)->name);
        if (result->err && (result->verdict == VERDICT_DENIED || result->verdict == VERDICT_FILTERED))
                return xasprintf("%s (%s)", word, probe_errno_name(result->err, buf));
        return xstrdup(word);
}

static void add_row(struct str *out, const struct probe_result *result)
{
        own_free char *verdict = probe_verdict_text(result);
        const char *call = probe_row(result->bit)->call;

        str_add_f(out, "%-18s %3u %-4s %-*s %s\n", caps_info(result->bit)->name, result->bit,
                  result->held ? "yes" : "-", CALL_WIDTH, *call ? call : "(none)", verdict);
        if (*result->reason && result->verdict != VERDICT_THROUGH)
                wrap_add(out, "", CALL_AT, TEXT_WIDTH, result->reason);
}

void probe_sentence(const struct probe_result *result, char *buf, size_t size)
{
        own_free char *verdict = probe_verdict_text(result);
        const char *call = probe_row(result->bit)->call;

        snprintf(buf, size, "%s%s%s%s%s%s.", *call ? "Asked with " : "It cannot be asked", call,
                 *call ? ": " : "", *call ? verdict : "", *result->reason ? ": " : "", result->reason);
}

static void add_sums(struct str *out, const struct probe_set *set)
{
        unsigned sums[VERDICT_N] = { 0 };

        for (unsigned bit = 0; bit < CAPS_N; bit++)
                sums[set->rows[bit].verdict]++;
        str_add(out, "\n");
        for (unsigned i = 0, n = 0; i < VERDICT_N; i++)
                if (sums[i])
                        str_add_f(out, "%s%u %s", n++ ? ", " : "", sums[i],
                                  probe_verdict_name((enum probe_verdict)i));
        str_add(out, "\n");
}

char *probe_text(const struct probe_set *set)
{
        struct str out = { 0 };
        char hex[17];

        caps_hex(set->effective, hex);
        str_add_f(&out, "effective %s: %u of %u held. One harmless call each:\n\n", hex,
                  caps_count(set->effective), (unsigned)CAPS_N);
        str_add_f(&out, "%-18s %3s %-4s %-*s %s\n", "CAPABILITY", "BIT", "HELD", CALL_WIDTH, "CALL",
                  "VERDICT");
        for (unsigned bit = 0; bit < CAPS_N; bit++)
                add_row(&out, &set->rows[bit]);
        add_sums(&out, set);
        wrap_add(&out, "mfd", 7, TEXT_WIDTH, "the caller's own file, in memory; other: another user's id");
        wrap_add(&out, "F, G", 7, TEXT_WIDTH, "a file of another user, of another group");
        wrap_add(&out, "O, N", 7, TEXT_WIDTH,
                 "a process of another user; one of the same user that others may not read");
        return str_take(&out);
}
