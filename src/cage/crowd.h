/* SPDX-License-Identifier: MIT */
/* A container of many processes is ended a few at a time. When the first process of a PID namespace dies, the
 * kernel kills all others in one go: while it signals ten thousand and while they die, nobody else on the
 * machine gets a CPU for as long as 100 ms (two CPUs, Linux 6.18). */
#pragma once

/* Kills who is in the PID namespace of the procfs, but not its PID 1, with a rest now and then; returns when
 * it has met everybody once, after some seconds, or when the other end of the socket control was closed. Does
 * nothing in a procfs in which the caller has a number himself. Both descriptors stay the caller's. */
void crowd_thin(int proc_fd, int control);
