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
 * POWER_CUT_AT          number of the step at which the process kills itself, counted from 1. A step is what makes something
 *                       durable or changes a directory: a sync of a file or a directory, a write to a file opened with O_DSYNC,
 *                       a rename, a removal, a new directory.
 * POWER_CUT_PHASE       `before` (default), `after` or in the middle of (`torn`) that step: half of the octets of a write, half
 *                       of the writes that a sync is for.
 * POWER_CUT_IGNORE_SYNC when set, a sync says that it is done and does nothing, and O_DSYNC is not heeded: a disk that lies, or
 *                       a program that never syncs. The control of the tests.
 * POWER_CUT_FAIL        a file: while it exists, everything that would change something under the directory fails, with the
 *                       errno whose number it holds (30 is EROFS, 5 is EIO).
 * POWER_CUT_REPORT      a file that gets one line `<calls held back> <syncs> <writes through>` at a normal exit: a test can
 *                       see that the library was at work.
 *
 * Covers pwrite, pwritev, write, writev, pread, preadv, read, readv, fsync, fdatasync, open, rename, unlink, mkdir, and their 64-bit
 * names: what libuv calls. Leaves out: that creation, renaming and removal of files take effect at once
 * (test/crash/memory-disk.ts covers those), mmap, io_uring (libuv uses it only when UV_USE_IO_URING=1), descriptors that were duplicated or passed on.
 * Threads: one lock for all; correctness, not speed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
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
static unsigned long held, syncs, through, steps;
static unsigned int seed = 1;

#define REAL(type, name, ...) \
  static type (*real_##name)(__VA_ARGS__); \
  if (!real_##name) real_##name = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static ssize_t through_pwrite(int fd, const void *data, size_t length, off_t offset) {
  REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
  return real_pwrite(fd, data, length, offset);
}

/* What the environment said when the process began. */
static struct {
  char directory[PATH_MAX];
  const char *fail;
  unsigned long at;
  char phase;
  int ignore_sync;
} settings;

__attribute__((constructor)) static void configure(void) {
  const char *directory = getenv("POWER_CUT_DIRECTORY"), *at = getenv("POWER_CUT_AT"), *phase = getenv("POWER_CUT_PHASE");
  if (directory) strncpy(settings.directory, directory, sizeof settings.directory - 1);
  settings.fail = getenv("POWER_CUT_FAIL");
  settings.at = at ? strtoul(at, NULL, 10) : 0;
  settings.phase = phase && *phase ? *phase : 'b';
  settings.ignore_sync = getenv("POWER_CUT_IGNORE_SYNC") != NULL;
  seed = (unsigned int)getpid();
}

static int below(const char *path) {
  size_t prefix = strlen(settings.directory);
  return prefix && !strncmp(path, settings.directory, prefix) && (path[prefix] == '/' || !path[prefix]);
}

static int descriptor_below(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return below(path);
}

/* True for a regular file under the directory; tells which. */
static int covered(int fd, struct stat *status) {
  return settings.directory[0] && !fstat(fd, status) && S_ISREG(status->st_mode) && descriptor_below(fd);
}

static int covered_directory(int fd) {
  struct stat status;
  return settings.directory[0] && !fstat(fd, &status) && S_ISDIR(status.st_mode) && descriptor_below(fd);
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* Begins a step. True when the power goes off in it; whether it has already is for the phase to say. */
static int last_step(void) {
  int last = settings.at && __atomic_add_fetch(&steps, 1, __ATOMIC_RELAXED) == settings.at;
  if (last && settings.phase == 'b') die();
  return last;
}

/* The errno with which a change fails now, or 0. */
static int failure(void) {
  if (!settings.fail) return 0;
  REAL(int, open, const char *, int, ...);
  REAL(ssize_t, read, int, void *, size_t);
  int fd = real_open(settings.fail, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char text[16] = "";
  ssize_t length = real_read(fd, text, sizeof text - 1);
  close(fd);
  return length > 0 && atoi(text) > 0 ? atoi(text) : EIO;
}

/* True when a change of that path must fail; errno says how. */
static int refused(const char *path) {
  int error = settings.fail && below(path) ? failure() : 0;
  if (error) errno = error;
  return error != 0;
}

static int synchronous(int fd) {
  if (settings.ignore_sync) return 0;
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

/* Writes out, or forgets, what is held of a file, in its order. `torn`: the power goes off half way. */
static int settle(int fd, const struct stat *status, int keep, int torn) {
  int failed = 0;
  unsigned long left = 0;
  for (struct pending *write = first; torn && write; write = write->next)
    left += write->device == status->st_dev && write->inode == status->st_ino;
  left /= 2;
  struct pending **at = &first;
  while (*at) {
    struct pending *write = *at;
    if (write->device != status->st_dev || write->inode != status->st_ino) {
      at = &write->next;
      continue;
    }
    if (torn && !left--) die();
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
  int here = covered(fd, &status), synced = here && synchronous(fd), error = here ? failure() : 0;
  int hidden = here && !error && !synced && !lucky();
  if (hidden) hold(&status, data, length, offset);
  else through++;
  pthread_mutex_unlock(&lock);
  if (error) {
    errno = error;
    return -1;
  }
  if (hidden) return (ssize_t)length;
  int last = synced && last_step();
  ssize_t octets = through_pwrite(fd, data, last && settings.phase == 't' ? length / 2 : length, offset);
  if (last) die();
  return octets;
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
  /* To a file that syncs each write this is one write: torn anywhere, synced once. */
  struct stat status;
  if (count > 1 && covered(fd, &status) && synchronous(fd)) {
    size_t length = 0, at = 0;
    for (int index = 0; index < count; index++) length += vector[index].iov_len;
    char *whole = malloc(length ? length : 1);
    if (!whole) abort();
    for (int index = 0; index < count; at += vector[index++].iov_len)
      memcpy(whole + at, vector[index].iov_base, vector[index].iov_len);
    ssize_t octets = put(fd, whole, length, offset);
    free(whole);
    return octets;
  }
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
  int here = covered(fd, &status), error = here ? failure() : 0;
  int hidden = here && !error && !synchronous(fd);
  off_t offset = hidden ? lseek(fd, (off_t)length, SEEK_CUR) - (off_t)length : 0;
  if (hidden) hold(&status, data, length, offset);
  pthread_mutex_unlock(&lock);
  if (error) {
    errno = error;
    return -1;
  }
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
  int failed = 0, file = covered(fd, &status), here = file || covered_directory(fd), error = here ? failure() : 0;
  if (error) {
    errno = error;
    return -1;
  }
  if (here && settings.ignore_sync) return 0;
  int last = here && last_step();
  pthread_mutex_lock(&lock);
  if (file) {
    syncs++;
    failed = settle(fd, &status, 1, last && settings.phase == 't');
  }
  pthread_mutex_unlock(&lock);
  if (failed) {
    errno = EIO;
    return -1;
  }
  int result = real(fd);
  if (last) die();
  return result;
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
  if (first && covered(fd, &status)) settle(fd, &status, 0, 0);
  pthread_mutex_unlock(&lock);
}

int open(const char *path, int flags, ...) {
  REAL(int, open, const char *, int, ...);
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  if (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC) && refused(path)) return -1;
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
  if (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC) && refused(path)) return -1;
  int fd = real_open64(path, flags, mode);
  emptied(fd, flags);
  return fd;
}

/* Changes of a directory take effect at once, or fail, or are the last that was done. */
#define CHANGE(path, call) \
  if (refused(path)) return -1; \
  int last = below(path) && last_step(), result = call; \
  if (last) die(); \
  return result

int rename(const char *from, const char *to) {
  REAL(int, rename, const char *, const char *);
  CHANGE(to, real_rename(from, to));
}

int unlink(const char *path) {
  REAL(int, unlink, const char *);
  CHANGE(path, real_unlink(path));
}

int mkdir(const char *path, mode_t mode) {
  REAL(int, mkdir, const char *, mode_t);
  CHANGE(path, real_mkdir(path, mode));
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("POWER_CUT_REPORT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%lu %lu %lu\n", held, syncs, through);
  fclose(file);
}
