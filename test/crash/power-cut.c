/*
 * A disk with a volatile cache, for real processes: with this library preloaded, SIGKILL is a power cut.
 *
 * What a process writes to files under POWER_CUT_DIRECTORY stays in the memory of the process until the file is synced with
 * fsync, fdatasync or sync_file_range, or goes through at once when the file was opened with O_DSYNC or O_SYNC. A process that is
 * killed loses what it did not sync, as a machine does that loses power. Its own reads see what it wrote.
 *
 *   gcc -shared -fPIC -O2 -o power-cut.so power-cut.c -ldl -lpthread
 *   POWER_CUT_DIRECTORY=/data/spool LD_PRELOAD=./power-cut.so node …
 *
 * POWER_CUT_DIRECTORY   absolute path without symbolic links; files below it are held back, all others pass. Required.
 * POWER_CUT_KEEP        share of the unsynced writes, in percent, that go through all the same, as a disk may write early and in
 *                       any order. Default 0.
 * POWER_CUT_REPORT      a file that gets one line `<calls held back> <syncs> <writes through>` at a normal exit: a test can
 *                       see that the library was at work.
 *
 * Covers pwrite, pwritev, write, writev, pread, preadv, read, readv, fsync, fdatasync, close, and their 64-bit names: what libuv
 * calls. Leaves out: creation, renaming and removal of files, which take effect at once (test/crash/memory-disk.ts covers
 * those), mmap, io_uring (libuv uses it only when UV_USE_IO_URING=1), descriptors that were duplicated or passed on.
 * Threads: one lock for all; correctness, not speed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct pending {
  dev_t device;
  ino_t inode;
  off_t offset;
  size_t length;
  char *data;
  struct pending *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct pending *first, **last = &first;
static unsigned long held, syncs, through;
static unsigned int seed = 1;

#define REAL(type, name, ...) \
  static type (*real_##name)(__VA_ARGS__); \
  if (!real_##name) real_##name = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static ssize_t through_pwrite(int fd, const void *data, size_t length, off_t offset) {
  REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
  return real_pwrite(fd, data, length, offset);
}

/* True for a regular file under the directory; tells which. */
static int covered(int fd, struct stat *status) {
  static char directory[PATH_MAX];
  static int known = 0;
  if (!known) {
    const char *value = getenv("POWER_CUT_DIRECTORY");
    if (value) strncpy(directory, value, sizeof directory - 1);
    seed = (unsigned int)getpid();
    known = 1;
  }
  if (!directory[0] || fstat(fd, status) || !S_ISREG(status->st_mode)) return 0;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  size_t prefix = strlen(directory);
  return !strncmp(path, directory, prefix) && path[prefix] == '/';
}

static int synchronous(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_DSYNC);
}

static int lucky(void) {
  const char *keep = getenv("POWER_CUT_KEEP");
  return keep && (int)(rand_r(&seed) % 100) < atoi(keep);
}

static void hold(const struct stat *status, const void *data, size_t length, off_t offset) {
  struct pending *write = malloc(sizeof *write);
  char *copy = malloc(length ? length : 1);
  if (!write || !copy) abort();
  memcpy(copy, data, length);
  *write = (struct pending){status->st_dev, status->st_ino, offset, length, copy, NULL};
  *last = write;
  last = &write->next;
  held++;
}

/* Writes out, or forgets, what is held of a file, in its order. */
static int settle(int fd, const struct stat *status, int keep) {
  int failed = 0;
  struct pending **at = &first;
  while (*at) {
    struct pending *write = *at;
    if (write->device != status->st_dev || write->inode != status->st_ino) {
      at = &write->next;
      continue;
    }
    if (keep) {
      for (size_t done = 0; done < write->length;) {
        ssize_t octets = through_pwrite(fd, write->data + done, write->length - done, write->offset + (off_t)done);
        if (octets <= 0) {
          failed = 1;
          break;
        }
        done += (size_t)octets;
      }
    }
    *at = write->next;
    free(write->data);
    free(write);
  }
  for (last = &first; *last; last = &(*last)->next) continue;
  return failed ? -1 : 0;
}

static ssize_t put(int fd, const void *data, size_t length, off_t offset) {
  struct stat status;
  pthread_mutex_lock(&lock);
  int hidden = covered(fd, &status) && !synchronous(fd) && !lucky();
  if (hidden) hold(&status, data, length, offset);
  else through++;
  pthread_mutex_unlock(&lock);
  return hidden ? (ssize_t)length : through_pwrite(fd, data, length, offset);
}

/* Lays what is held over what was read; the read may grow by it. */
static ssize_t overlay(int fd, char *data, size_t length, off_t offset, ssize_t octets) {
  struct stat status;
  if (octets < 0) return octets;
  pthread_mutex_lock(&lock);
  if (first && covered(fd, &status)) {
    for (struct pending *write = first; write; write = write->next) {
      if (write->device != status.st_dev || write->inode != status.st_ino) continue;
      off_t from = write->offset > offset ? write->offset : offset;
      off_t to = write->offset + (off_t)write->length;
      if (to > offset + (off_t)length) to = offset + (off_t)length;
      if (from >= to) continue;
      if (from > offset + octets) memset(data + octets, 0, (size_t)(from - offset) - (size_t)octets);
      memcpy(data + (from - offset), write->data + (from - write->offset), (size_t)(to - from));
      if (to - offset > octets) octets = to - offset;
    }
  }
  pthread_mutex_unlock(&lock);
  return octets;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return put(fd, data, length, offset); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) { return put(fd, data, length, offset); }

ssize_t pwritev(int fd, const struct iovec *vector, int count, off_t offset) {
  ssize_t total = 0;
  for (int index = 0; index < count; index++) {
    ssize_t octets = put(fd, vector[index].iov_base, vector[index].iov_len, offset + total);
    if (octets < 0) return total ? total : octets;
    total += octets;
    if ((size_t)octets < vector[index].iov_len) break;
  }
  return total;
}
ssize_t pwritev64(int fd, const struct iovec *vector, int count, off_t offset) { return pwritev(fd, vector, count, offset); }

/* Writes at the position of the descriptor: only what is not covered, or appends in order. */
ssize_t write(int fd, const void *data, size_t length) {
  REAL(ssize_t, write, int, const void *, size_t);
  struct stat status;
  pthread_mutex_lock(&lock);
  int hidden = covered(fd, &status) && !synchronous(fd);
  off_t offset = hidden ? lseek(fd, (off_t)length, SEEK_CUR) - (off_t)length : 0;
  if (hidden) hold(&status, data, length, offset);
  pthread_mutex_unlock(&lock);
  return hidden ? (ssize_t)length : real_write(fd, data, length);
}

ssize_t writev(int fd, const struct iovec *vector, int count) {
  REAL(ssize_t, writev, int, const struct iovec *, int);
  struct stat status;
  if (!covered(fd, &status) || synchronous(fd)) return real_writev(fd, vector, count);
  ssize_t total = 0;
  for (int index = 0; index < count; index++) total += write(fd, vector[index].iov_base, vector[index].iov_len);
  return total;
}

ssize_t pread(int fd, void *data, size_t length, off_t offset) {
  REAL(ssize_t, pread, int, void *, size_t, off_t);
  return overlay(fd, data, length, offset, real_pread(fd, data, length, offset));
}
ssize_t pread64(int fd, void *data, size_t length, off_t offset) { return pread(fd, data, length, offset); }

ssize_t preadv(int fd, const struct iovec *vector, int count, off_t offset) {
  ssize_t total = 0;
  for (int index = 0; index < count; index++) {
    ssize_t octets = pread(fd, vector[index].iov_base, vector[index].iov_len, offset + total);
    if (octets < 0) return total ? total : octets;
    total += octets;
    if ((size_t)octets < vector[index].iov_len) break;
  }
  return total;
}
ssize_t preadv64(int fd, const struct iovec *vector, int count, off_t offset) { return preadv(fd, vector, count, offset); }

static int sync_with(int fd, int (*real)(int)) {
  struct stat status;
  int failed = 0;
  pthread_mutex_lock(&lock);
  if (covered(fd, &status)) {
    syncs++;
    failed = settle(fd, &status, 1);
  }
  pthread_mutex_unlock(&lock);
  if (failed) {
    errno = EIO;
    return -1;
  }
  return real(fd);
}

int fsync(int fd) {
  REAL(int, fsync, int);
  return sync_with(fd, real_fsync);
}

int fdatasync(int fd) {
  REAL(int, fdatasync, int);
  return sync_with(fd, real_fdatasync);
}

/* Opened for writing elsewhere, an emptied file must not get old writes back. */
static void emptied(int fd, int flags) {
  struct stat status;
  if (fd < 0 || !(flags & O_TRUNC)) return;
  pthread_mutex_lock(&lock);
  if (first && covered(fd, &status)) settle(fd, &status, 0);
  pthread_mutex_unlock(&lock);
}

int open(const char *path, int flags, ...) {
  REAL(int, open, const char *, int, ...);
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  int fd = real_open(path, flags, mode);
  emptied(fd, flags);
  return fd;
}

int open64(const char *path, int flags, ...) {
  REAL(int, open64, const char *, int, ...);
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  int fd = real_open64(path, flags, mode);
  emptied(fd, flags);
  return fd;
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("POWER_CUT_REPORT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%lu %lu %lu\n", held, syncs, through);
  fclose(file);
}
