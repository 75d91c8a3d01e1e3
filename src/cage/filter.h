/* SPDX-License-Identifier: MIT */
/* The built-in profile's filters, ready made. */
#pragma once

#include <stdint.h>

struct filter {
        uint64_t caps; /* the bounding set's part that the profile asks about */
        const unsigned char *code;
        uint32_t n; /* struct sock_filter instructions of 8 bytes */
};

/* The capabilities that the profile asks about; the rest of a bounding set changes nothing. */
extern const uint64_t filter_relevant;
extern const struct filter filter_table[];
extern const unsigned filter_table_n;
