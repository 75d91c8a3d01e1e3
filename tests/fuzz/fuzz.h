/* SPDX-License-Identifier: MIT */
/* What a fuzzer calls with each input, and its input as a text: up to the first NUL, owned by the caller. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline char *fuzz_text(const uint8_t *data, size_t size)
{
        return xstrndup(size ? (const char *)data : "", size);
}
