/* Loaded before the C library (LD_PRELOAD): a clock that can be moved and a disk that can be slowed, by sixteen bytes in a file.
 *
 * RENSHE_SHIM names the file: a double of seconds added to the wall clock, a double of seconds that each fsync waits longer.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile double *control;

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("RENSHE_SHIM");
  int file = name ? open(name, O_RDONLY) : -1;
  if (file < 0) return;
  void *seen = mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0);
  if (seen != MAP_FAILED) control = seen;
  close(file);
}

int clock_gettime(clockid_t which, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(which, now);
  if (control && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) now->tv_sec += (time_t)control[0];
  return result;
}

int gettimeofday(struct timeval *now, void *zone) {
  struct timespec fine;
  clock_gettime(CLOCK_REALTIME, &fine);
  now->tv_sec = fine.tv_sec;
  now->tv_usec = fine.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *into) {
  struct timespec fine;
  clock_gettime(CLOCK_REALTIME, &fine);
  if (into) *into = fine.tv_sec;
  return fine.tv_sec;
}

static void wait_longer(void) {
  if (control && control[1] > 0) usleep((useconds_t)(control[1] * 1e6));
}

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  wait_longer();
  return real(file);
}

int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  wait_longer();
  return real(file);
}
