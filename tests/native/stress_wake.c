/*
 * A callback and a reader that sleeps until enough has come, each in its thread; prints sleeps=N late=N wrong=N.
 *
 *   stress_wake BLOCKS
 *
 * Each block comes at a random moment after the one before it was taken, so that the reader falls asleep before, while and
 * after it does, and no later block wakes who missed one. It sleeps for SLEEP_S at most: who sleeps that long while enough
 * waits was not woken, and is late. Numbers count on: a wrong one is told.
 */
#define _POSIX_C_SOURCE 200809L

#include "capture_callback.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BLOCK 16
#define MOST_IDLE 300 /* turns of a loop: as long as the reader takes to fall asleep */
#define SLEEP_S 0.2

static nrb_ring *ring;
static nrb_capture *capture;
static long blocks;
static atomic_long taken;

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void *play(void *unused)
{
    uint32_t state = 1;
    float frames[BLOCK];
    (void)unused;
    for (long block = 0; block < blocks; block++) {
        for (int i = 0; i < BLOCK; i++)
            frames[i] = (float)((block * BLOCK + i) % (1 << 20));
        while (atomic_load(&taken) < block * BLOCK)
            ;
        for (volatile uint32_t idle = next_random(&state) % MOST_IDLE; idle > 0; idle--)
            ;
        nrb_capture_callback(frames, NULL, BLOCK, NULL, 0, capture);
    }
    nrb_capture_request_stop(capture);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 2 || (blocks = atol(argv[1])) < 1)
        return 2;
    ring = nrb_open(1024, true);
    capture = nrb_capture_open(ring, 1, 0);
    pthread_t player;
    if (capture == NULL || pthread_create(&player, NULL, play, NULL) != 0)
        return 2;
    long sleeps = 0, late = 0, wrong = 0, due = 0;
    float samples[256];
    while (due < blocks * BLOCK) {
        double began_s = now_s();
        nrb_capture_wait(capture, BLOCK, SLEEP_S);
        sleeps++;
        late += now_s() - began_s > 0.9 * SLEEP_S && nrb_readable(ring) > 0;
        for (size_t count; (count = nrb_read(ring, samples, 256)) > 0; due += (long)count)
            for (size_t i = 0; i < count; i++)
                wrong += samples[i] != (float)((due + (long)i) % (1 << 20));
        atomic_store(&taken, due);
    }
    pthread_join(player, NULL);
    printf("sleeps=%ld late=%ld wrong=%ld\n", sleeps, late, wrong);
    nrb_capture_close(capture);
    nrb_close(ring);
    return late > 0 || wrong > 0;
}
