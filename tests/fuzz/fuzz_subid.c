/* SPDX-License-Identifier: MIT */
/* /etc/subuid, for alice and for 1000. */
#include "config.h"

#include <stdlib.h>

#include "base/own.h"
#include "spec/ids.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        own_free char *text = fuzz_text(data, size);
        struct id_runs runs = { 0 };
        uint64_t inside = 0;

        id_runs_add(&runs, 1000, 1);
        id_runs_add_subids(&runs, text, "alice", 1000);
        for (uint32_t i = 0; i < runs.n; i++) {
                const struct id_run *run = &runs.v[i];

                if (run->inside != inside || run->count == 0 || run->outside == 0 ||
                    (uint64_t)run->outside + run->count > UINT32_MAX)
                        abort();
                inside += run->count;
                for (uint32_t k = 0; k < i; k++)
                        if (run->outside < (uint64_t)runs.v[k].outside + runs.v[k].count &&
                            runs.v[k].outside < (uint64_t)run->outside + run->count)
                                abort();
        }
        if (inside != id_runs_count(&runs) || id_runs_free(text, 100000, 65536) > INT32_MAX)
                abort();
        return 0;
}
