/*
 * Two threads on one ring, as fast as they can, and a third that looks at the counters and the clock.
 *
 *   stress_ring BLOCKS MIRRORED [patient]   prints "mirrored=0|1 written=N dropped=N gaps=N"; exit 1 when a sample is wrong.
 *
 * The writer is the real callback, fed with stereo whose mean is the sample's place in the source. Blocks of all sizes meet
 * a ring of one page, so it runs full and empty all the time; every sample that comes out must be the one of its position.
 * What the reader finds missing must be what was counted as dropped. A patient writer waits for room before each block, and
 * then nothing may be dropped.
 */
#define _POSIX_C_SOURCE 200809L

#include "capture_callback.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAX_BLOCK 300
#define RATE 48000.0

static nrb_ring *ring;
static nrb_capture *capture;
static long blocks;
static bool patient;
static atomic_bool finished;
static uint64_t received, gaps, errors, missing;
static uint64_t refused, miscounted; /* the writer's */
static uint64_t clock_errors;

/* Small whole numbers, exact as floats; a neighbour's or an old lap's value never fits (the ring holds fewer). */
static float value_at(uint64_t position) { return (float)(position % 16777216); }

static unsigned next_random(unsigned *state) { return *state = *state * 1664525u + 1013904223u; }

static void *writer(void *unused)
{
    float frames[2 * MAX_BLOCK];
    unsigned random = 1;
    for (long block = 0; block < blocks; block++) {
        unsigned long count = (next_random(&random) >> 16) % MAX_BLOCK;
        uint64_t position = nrb_write_position(ring);
        for (unsigned long i = 0; i < count; i++) {
            frames[2 * i] = value_at(position + i) + 1.0f;
            frames[2 * i + 1] = value_at(position + i) - 1.0f;
        }
        while (patient && !nrb_has_room(ring, count))
            sched_yield();
        nrb_stream_time time = {(double)position / RATE, 0.0, 0.0};
        uint64_t accepted = nrb_total_written(ring);
        nrb_capture_callback(frames, NULL, count, &time, 0, capture);
        refused += count > 0 && nrb_total_written(ring) == accepted;
        miscounted += nrb_write_position(ring) != position + count;
        if (block % 16 == 0)
            sched_yield();
    }
    /* A last sample, so that the reader comes to the end of the last gap. */
    while (!nrb_has_room(ring, 1))
        sched_yield();
    float last = value_at(nrb_write_position(ring));
    miscounted += !nrb_write(ring, &last, 1);
    atomic_store(&finished, true);
    return unused;
}

static void check(const nrb_spans *spans, uint64_t *expected)
{
    gaps += spans->start != *expected;
    missing += spans->start - *expected;
    *expected = spans->start;
    for (int part = 0; part < 2; part++)
        for (size_t i = 0; i < spans->count[part]; i++)
            errors += spans->part[part][i] != value_at((*expected)++);
}

static void *reader(void *unused)
{
    unsigned random = 2;
    uint64_t expected = 0;
    nrb_spans spans;
    for (;;) {
        bool last = atomic_load(&finished);
        size_t count = nrb_peek(ring, (next_random(&random) >> 16) % (2 * MAX_BLOCK), &spans);
        check(&spans, &expected);
        received += count;
        if (!nrb_advance(ring, count))
            errors++;
        if (last && nrb_readable(ring) == 0)
            return unused;
        if (random % 61 == 0) { /* fall behind at times */
            struct timespec pause = {0, 50000};
            nanosleep(&pause, NULL);
        }
    }
}

static void *observer(void *unused)
{
    nrb_clock clock;
    nrb_capture_counts_t counts;
    while (!atomic_load(&finished)) {
        if (nrb_capture_clock(capture, &clock))
            clock_errors += clock.adc_time != (double)clock.position / RATE;
        nrb_capture_counts(capture, &counts);
        clock_errors += counts.max_block >= MAX_BLOCK || nrb_total_written(ring) > (uint64_t)blocks * MAX_BLOCK;
        sched_yield();
    }
    return unused;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    patient = argc > 3;
    blocks = atol(argv[1]);
    ring = nrb_open(1, atoi(argv[2]) != 0);
    capture = nrb_capture_open(ring, 2, -1);
    if (ring == NULL || capture == NULL)
        return 2;
    void *(*work[3])(void *) = {writer, reader, observer};
    pthread_t threads[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, work[i], NULL);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    errors += received != nrb_total_written(ring) || (patient && nrb_overruns(ring) > 0);
    errors += miscounted + (missing != nrb_dropped_samples(ring)) + (refused != nrb_overruns(ring));
    printf("mirrored=%d written=%llu dropped=%llu gaps=%llu errors=%llu clock_errors=%llu\n", nrb_is_mirrored(ring),
           (unsigned long long)nrb_total_written(ring), (unsigned long long)nrb_dropped_samples(ring),
           (unsigned long long)gaps, (unsigned long long)errors, (unsigned long long)clock_errors);
    nrb_capture_close(capture);
    nrb_close(ring);
    return errors + clock_errors > 0;
}
