/* SPDX-License-Identifier: MIT */
/* The user data base of the demo root. Pure. */
#pragma once

extern const char image_demo_passwd[];
extern const char image_demo_group[];
