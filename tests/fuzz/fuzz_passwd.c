/* SPDX-License-Identifier: MIT */
/* An image's passwd and group, with a line for the user in front: "USER\nPASSWD\n\nGROUP". */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/own.h"
#include "spec/users.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        own_free char *word = fuzz_text(data, size);
        char *passwd = strchr(word, '\n'), *group = passwd ? strstr(passwd, "\n\n") : NULL;
        struct users users;
        struct identity identity;
        char why[USERS_WHY], name[64];
        uint32_t gid;

        if (passwd)
                *passwd++ = '\0';
        if (group)
                *group++ = '\0';
        users = (struct users){ passwd ? passwd : "", group ? group : "" };
        if (users_find(&users, word, &identity, why)) {
                if (identity.uid > 2147483647 || identity.gid > 2147483647 || !identity.home)
                        abort();
                users_name_of_uid(&users, identity.uid, name, sizeof(name));
                users_name_of_gid(&users, identity.gid, name, sizeof(name));
                free(identity.home);
        }
        users_find_group(&users, word, &gid, why);
        users_is_root(word);
        return 0;
}
