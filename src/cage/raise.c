/* SPDX-License-Identifier: MIT */
/* /demo/raise of the demo root: belongs to root and has the set-user-ID bit. It says who it runs as and does
 * nothing more: no argument, no environment, no file is looked at. */
#include "config.h"

#include <inttypes.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
        struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
        struct __user_cap_data_struct data[2] = { { 0 }, { 0 } };
        uint64_t effective;

        if (syscall(SYS_capget, &header, data) < 0)
                return 2;
        effective = (uint64_t)data[1].effective << 32 | data[0].effective;
        if (dprintf(STDOUT_FILENO, "uid %u euid %u effective %016" PRIx64 "\n", getuid(), geteuid(),
                    effective) < 0)
                return 2;
        return geteuid() == 0 ? 0 : 1;
}
