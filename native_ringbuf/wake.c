/*
 * Linux: a futex. macOS: a dispatch semaphore, since it has no unnamed POSIX ones. Windows: an event. Elsewhere: a POSIX
 * semaphore, whose timeout goes by the wall clock.
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* syscall */
#endif

#include "wake.h"

#include <stdlib.h>

#if defined(__linux__)

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct nrb_wake {
    _Atomic(uint32_t) rung;
};

nrb_wake *nrb_wake_open(void) { return calloc(1, sizeof(nrb_wake)); }

void nrb_wake_close(nrb_wake *wake) { free(wake); }

void nrb_wake_ring(nrb_wake *wake)
{
    atomic_store_explicit(&wake->rung, 1, memory_order_release);
    syscall(SYS_futex, &wake->rung, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

void nrb_wake_sleep(nrb_wake *wake, double timeout_s)
{
    struct timespec patience = {(time_t)timeout_s, 0};
    patience.tv_nsec = (long)((timeout_s - (double)patience.tv_sec) * 1e9);
    /* Returns at once where it was rung meanwhile: the kernel looks at the word again. */
    syscall(SYS_futex, &wake->rung, FUTEX_WAIT_PRIVATE, 0, &patience, NULL, 0);
    atomic_exchange_explicit(&wake->rung, 0, memory_order_acquire);
}

#elif defined(__APPLE__)

#include <dispatch/dispatch.h>
#include <stdint.h>

struct nrb_wake {
    dispatch_semaphore_t semaphore;
};

nrb_wake *nrb_wake_open(void)
{
    nrb_wake *wake = malloc(sizeof *wake);
    if (wake != NULL)
        wake->semaphore = dispatch_semaphore_create(0);
    return wake;
}

void nrb_wake_close(nrb_wake *wake)
{
    if (wake != NULL)
        dispatch_release(wake->semaphore);
    free(wake);
}

void nrb_wake_ring(nrb_wake *wake) { dispatch_semaphore_signal(wake->semaphore); }

void nrb_wake_sleep(nrb_wake *wake, double timeout_s)
{
    dispatch_semaphore_wait(wake->semaphore, dispatch_time(DISPATCH_TIME_NOW, (int64_t)(timeout_s * 1e9)));
}

#elif defined(_WIN32)

#include <windows.h>

struct nrb_wake {
    HANDLE event;
};

nrb_wake *nrb_wake_open(void)
{
    nrb_wake *wake = malloc(sizeof *wake);
    if (wake == NULL)
        return NULL;
    wake->event = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (wake->event == NULL) {
        free(wake);
        return NULL;
    }
    return wake;
}

void nrb_wake_close(nrb_wake *wake)
{
    if (wake != NULL)
        CloseHandle(wake->event);
    free(wake);
}

void nrb_wake_ring(nrb_wake *wake) { SetEvent(wake->event); }

void nrb_wake_sleep(nrb_wake *wake, double timeout_s) { WaitForSingleObject(wake->event, (DWORD)(timeout_s * 1e3) + 1); }

#else

#include <semaphore.h>
#include <time.h>

struct nrb_wake {
    sem_t semaphore;
};

nrb_wake *nrb_wake_open(void)
{
    nrb_wake *wake = malloc(sizeof *wake);
    if (wake != NULL && sem_init(&wake->semaphore, 0, 0) != 0) {
        free(wake);
        return NULL;
    }
    return wake;
}

void nrb_wake_close(nrb_wake *wake)
{
    if (wake != NULL)
        sem_destroy(&wake->semaphore);
    free(wake);
}

void nrb_wake_ring(nrb_wake *wake) { sem_post(&wake->semaphore); }

void nrb_wake_sleep(nrb_wake *wake, double timeout_s)
{
    struct timespec until;
    timespec_get(&until, TIME_UTC);
    double after_s = (double)until.tv_nsec * 1e-9 + timeout_s;
    until.tv_sec += (time_t)after_s;
    until.tv_nsec = (long)((after_s - (double)(time_t)after_s) * 1e9);
    sem_timedwait(&wake->semaphore, &until);
}

#endif
