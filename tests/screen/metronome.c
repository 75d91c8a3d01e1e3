/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "metronome.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"

enum { MOST = 16, BEAT_NS = 1000000 };

struct metronome {
        _Atomic uint64_t worst_ms[MOST]; /* shared with the children */
        pid_t pids[MOST];
        int n;
};

static _Noreturn void beat(struct metronome *metronome, int at, int cpu)
{
        const struct timespec pause = { .tv_nsec = BEAT_NS };
        uint64_t last = time_now_ms();
        cpu_set_t only;

        CPU_ZERO(&only);
        CPU_SET(cpu, &only);
        sched_setaffinity(0, sizeof(only), &only);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setsid(); /* as every session, a group of its own for the scheduler */
        for (;;) {
                uint64_t now, wait;

                nanosleep(&pause, NULL);
                now = time_now_ms();
                wait = now - last;
                last = now;
                if (wait > atomic_load(&metronome->worst_ms[at]))
                        atomic_store(&metronome->worst_ms[at], wait);
        }
}

struct metronome *metronome_start(void)
{
        struct metronome *metronome =
                mmap(NULL, sizeof(*metronome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        cpu_set_t usable;

        if (metronome == MAP_FAILED)
                return NULL;
        if (sched_getaffinity(0, sizeof(usable), &usable) < 0)
                CPU_ZERO(&usable);
        for (int cpu = 0; cpu < CPU_SETSIZE && metronome->n < MOST; cpu++) {
                pid_t pid = CPU_ISSET(cpu, &usable) ? fork() : -1;

                if (pid == 0)
                        beat(metronome, metronome->n, cpu);
                if (pid > 0)
                        metronome->pids[metronome->n++] = pid;
        }
        return metronome;
}

void metronome_stop(struct metronome *metronome)
{
        if (!metronome)
                return;
        for (int i = 0; i < metronome->n; i++) {
                kill(metronome->pids[i], SIGKILL);
                waitpid(metronome->pids[i], NULL, 0);
        }
        munmap(metronome, sizeof(*metronome));
}

void metronome_reset(struct metronome *metronome)
{
        for (int i = 0; metronome && i < metronome->n; i++)
                atomic_store(&metronome->worst_ms[i], 0);
}

uint64_t metronome_worst_ms(const struct metronome *metronome)
{
        uint64_t worst = 0;

        for (int i = 0; metronome && i < metronome->n; i++) {
                uint64_t one = atomic_load(&metronome->worst_ms[i]);

                worst = one > worst ? one : worst;
        }
        return worst;
}
