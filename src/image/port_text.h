/* SPDX-License-Identifier: MIT */
/* The words of EXPOSE (go-connections' nat.ParsePortSpec). Pure. */
#pragma once

#include <stdbool.h>

enum { PORT_WHY = 160 };

/* Reads [[IP:][HOSTPORT]:]PORT[/PROTOCOL], each port a number or FIRST-LAST. What an image keeps of it comes
 * back, owned by the caller: the container's side as it was said, PORT or PORT/PROTOCOL. NULL with the reason
 * in why: no port, no number up to 65535, a range that runs backwards, ranges of two lengths, an address that
 * is none, a protocol other than tcp, udp and sctp. */
char *port_text_read(const char *text, char why[static PORT_WHY]);
