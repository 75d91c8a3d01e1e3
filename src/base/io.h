/* SPDX-License-Identifier: MIT */
/* Whole reads and writes, records with descriptors, monotonic time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Milliseconds of CLOCK_MONOTONIC. */
uint64_t time_now_ms(void);

/* Writes all n bytes, going on after short writes and EINTR. Returns false with errno set. */
bool io_write_all(int fd, const void *data, size_t n);

/* Reads until end of file, at most max bytes, into a new NUL-terminated buffer owned by the caller (*ret_len
 * without the NUL). Returns false with errno set; EFBIG when there is more than max. */
bool io_read_all(int fd, size_t max, char **ret, size_t *ret_len);

/* Opens a regular file below dir_fd without following a last symbolic link and reads it whole. ELOOP, EISDIR,
 * EINVAL (a FIFO or device: not opened for reading) and EFBIG as errno. */
bool io_read_file(int dir_fd, const char *path, size_t max, char **ret, size_t *ret_len);

/* The arguments of a process with spaces between them, from its cmdline below dir_fd: the first 4 KiB, raw;
 * "" where there are none or it cannot be read. Owned by the caller. */
char *io_read_arguments(int dir_fd, const char *path);

/* The path of what lies beside the running program (a build tree) and may be accessed so (access(2): R_OK,
 * X_OK); else of the same name in the folder where it is installed. Owned by the caller. */
char *io_beside(const char *name, int mode, const char *installed);

enum { IO_MAX_FDS = 8 };

/* Sends one record with n_fds descriptors (at most IO_MAX_FDS) over a SOCK_SEQPACKET socket; the caller keeps
 * his descriptors. Returns false with errno set. Never raises SIGPIPE. */
bool io_send(int sock, const void *data, size_t n, const int *fds, size_t n_fds);

/* Receives one record of at most n bytes and up to n_fds descriptors, close-on-exec, owned by the caller; the
 * rest of fds is set to -1. Returns its length, 0 at end of file, -1 with errno set (EMSGSIZE when it did not
 * fit; descriptors that came are closed then). */
ssize_t io_recv(int sock, void *data, size_t n, int *fds, size_t n_fds);

/* Blocks every signal of this process. Returns a signalfd (SFD_CLOEXEC, SFD_NONBLOCK) that says when a child
 * has ended or stopped (SIGCHLD), the caller's; -1 with errno set. */
int io_hear_children(void);

/* Lets io_recv_from know the senders of what is sent from now on. Returns false with errno set. */
bool io_name_senders(int sock);

/* As io_recv. *ret_sender is the process that sent the record, by its number in this process's PID namespace:
 * the kernel says so (SCM_CREDENTIALS of unix(7)), and a sender can put no process there that his own PID
 * namespace does not show. 0: not known. */
ssize_t io_recv_from(int sock, void *data, size_t n, int *fds, size_t n_fds, pid_t *ret_sender);
