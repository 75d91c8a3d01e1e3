/* SPDX-License-Identifier: MIT */
/* The smaller and the larger of two numbers. */
#pragma once

#include <stdint.h>

static inline int smaller(int a, int b)
{
        return a < b ? a : b;
}

static inline int larger(int a, int b)
{
        return a > b ? a : b;
}

static inline uint64_t smaller_u64(uint64_t a, uint64_t b)
{
        return a < b ? a : b;
}

static inline uint64_t larger_u64(uint64_t a, uint64_t b)
{
        return a > b ? a : b;
}
