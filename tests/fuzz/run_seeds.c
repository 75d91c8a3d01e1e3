/* SPDX-License-Identifier: MIT */
/* Runs one fuzz target over every file of its folder, or of those given: a crash of old days does not come
 * back. */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/own.h"
#include "tests/fuzz/fuzz.h"

enum { SEED_MAX = 16 * 1024 * 1024 };

/* Every seed also cut in half, and with a byte changed: near an old crash there may be another. */
static void run(const char *text, size_t size)
{
        own_free char *copy = xmalloc(size + 1);

        LLVMFuzzerTestOneInput((const uint8_t *)text, size);
        for (size_t i = 0; i < size && i < 200; i++) {
                memcpy(copy, text, size);
                copy[i * 7919 % size] = (char)(i * 31);
                LLVMFuzzerTestOneInput((const uint8_t *)copy, i % 2 ? size : size / 2);
        }
}

static int run_folder(const char *path, int n)
{
        own_fd int dir_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *dir = dir_fd < 0 ? NULL : fdopendir(dup(dir_fd));
        struct dirent *entry;

        if (!dir) {
                perror(path);
                return 0;
        }
        while ((entry = readdir(dir))) {
                own_free char *text = NULL;
                size_t size;

                if (entry->d_name[0] == '.' || !io_read_file(dir_fd, entry->d_name, SEED_MAX, &text, &size))
                        continue;
                run(text, size);
                printf("ok %d - %s\n", ++n, entry->d_name);
                fflush(stdout);
        }
        closedir(dir);
        return n;
}

/* Without words: seeds/NAME for the program fuzz_NAME. */
int main(int argc, char **argv)
{
        const char *top = getenv("top_srcdir"), *name = strrchr(argv[0], '/');
        own_free char *own = NULL;
        int n = 0;

        name = strstr(name ? name : argv[0], "fuzz_");
        own = xasprintf("%s/tests/fuzz/seeds/%s", top ? top : ".", name ? name + strlen("fuzz_") : "");
        if (argc == 1)
                n = run_folder(own, 0);
        for (int i = 1; i < argc; i++)
                n = run_folder(argv[i], n);
        printf("1..%d\n", n);
        return n ? 0 : 99;
}
