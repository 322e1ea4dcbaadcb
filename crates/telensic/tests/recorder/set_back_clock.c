// Loaded before libc in one test's child: sets that process's wall clock back by an hour, once a file exists.
// The machine's own clock is not touched, and the monotonic clock runs on.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *time) {
    static int (*original)(clockid_t, struct timespec *);
    if (!original) original = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = original(id, time);
    const char *sign = getenv("SET_BACK_WHEN");
    if (id == CLOCK_REALTIME && sign && access(sign, F_OK) == 0) time->tv_sec -= 3600;
    return result;
}
