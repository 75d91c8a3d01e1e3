/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "cage/planfd.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"

int plan_write(const struct plan *plan)
{
        own_fd int fd = memfd_create("plan", MFD_CLOEXEC);
        struct str text = { 0 };
        bool ok;

        plan_encode(plan, &text);
        ok = fd >= 0 && io_write_all(fd, text.s, text.len);
        str_finish(&text);
        return ok ? take_fd(&fd) : -1;
}

bool plan_read(int fd, struct plan *ret, struct fault *fault)
{
        own_free char *text = NULL;
        size_t n;

        if (lseek(fd, 0, SEEK_SET) < 0 || !io_read_all(fd, PLAN_MAX_BYTES, &text, &n))
                return fault_errno(fault, "", "read the keeper's plan");
        return plan_decode(text, n, ret) ||
               fault_why(fault, "read the keeper's plan", "it is not one of this version");
}
