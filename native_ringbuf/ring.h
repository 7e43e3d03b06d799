/*
 * A ring of float32 samples between one writer and one reader: the contract.
 *
 * The writer is the audio callback: it may not wait, allocate, lock or print, so every writer call below is wait-free and
 * can't fail in any way but "full". The reader is an ordinary thread.
 *
 * Threads. At any moment at most one thread calls the functions under "writer" and at most one those under "reader";
 *   which thread that is may change only when something else (a join, a stopped stream) orders the change. The functions
 *   under "anyone" are safe from everywhere. nrb_open and nrb_close are called while no one else holds the ring.
 * Memory. nrb_open allocates everything, touches every page and asks the system to keep it in RAM (best effort), so that the
 *   writer never takes a page fault. nrb_close frees it. Spans given out point into the ring: they outlive neither the
 *   nrb_close nor, as far as their content goes, the nrb_commit or nrb_advance that hands them back.
 * Order. Indices are 64-bit counts that only grow (at 192 kHz they last three million years), so full and empty differ without
 *   a spare slot. Samples are published by a release store of the writer's count and seen by an acquire load of it; room
 *   is given back the same way in the other direction. There are no fences: ThreadSanitizer can check every pair.
 *
 * Positions. A block that does not fit is dropped whole and counted, and its samples keep their place in the count of the
 *   source: position = samples written + samples dropped before. A window never runs across a gap, and its `start` is exact.
 *
 * Hazards, by name:
 *   read-after-write   the reader sees a count before the samples under it:  writer's release, reader's acquire
 *   write-after-read   the writer reuses room the reader still copies from:  reader's release, writer's acquire
 *   false sharing      the two sides' counts on one cache line:              128 bytes apart (line pairs are prefetched)
 *   chatter            asking for the other side's count each time:          each keeps its last look, asks again when short
 *   lapping            none: a full ring refuses, it never overwrites
 */
#ifndef NRB_RING_H
#define NRB_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct nrb_ring nrb_ring;

/* Consecutive samples in at most two pieces; the second is empty unless a ring without mirror wraps inside. */
typedef struct {
    float *part[2];
    size_t count[2];
    size_t offset;  /* of part[0] from nrb_memory, samples */
    uint64_t start; /* position of the first sample in the source, dropped ones counted */
} nrb_spans;

/*
 * Return a ring for at least `min_capacity` samples, or NULL when there is no memory or the capacity is 0 or above 2^28.
 * The capacity is rounded up to a power of two that is a multiple of a page. With `want_mirror` the memory is mapped twice
 * in a row where the system can, so that every window is one piece; otherwise, or when that fails, it is an ordinary ring.
 */
nrb_ring *nrb_open(size_t min_capacity, bool want_mirror);
/* Free the ring; NULL is allowed. */
void nrb_close(nrb_ring *ring);

/* -- anyone -- */

size_t nrb_capacity(const nrb_ring *ring);
bool nrb_is_mirrored(const nrb_ring *ring);
/* First sample of the memory: capacity samples, twice that when mirrored. */
float *nrb_memory(const nrb_ring *ring);
/* Samples accepted since the ring was opened. */
uint64_t nrb_total_written(const nrb_ring *ring);
/* Samples refused because the ring was full. */
uint64_t nrb_dropped_samples(const nrb_ring *ring);
/* Blocks refused because the ring was full. */
uint64_t nrb_overruns(const nrb_ring *ring);

/* -- writer -- */

/* Position in the source that the next sample offered will have. */
uint64_t nrb_write_position(const nrb_ring *ring);
/*
 * Whether a block of `count` samples would be taken now: for a writer that can wait. Nothing is counted as lost by asking,
 * and the answer stays true until the next nrb_commit or nrb_write.
 */
bool nrb_has_room(nrb_ring *ring, size_t count);
/*
 * Ask for room for all of `count` samples. True: fill `spans`, then call nrb_commit with the same count.
 * False: there was no room (or count exceeds the capacity); the block is counted as dropped, `spans` is not touched.
 */
bool nrb_reserve(nrb_ring *ring, size_t count, nrb_spans *spans);
/* Publish the samples of the nrb_reserve before. */
void nrb_commit(nrb_ring *ring, size_t count);
/* Copy all of the block in and return true, or drop all of it and return false. */
bool nrb_write(nrb_ring *ring, const float *samples, size_t count);

/* -- reader -- */

/* Samples waiting, on both sides of any gap. */
size_t nrb_readable(nrb_ring *ring);
/* Show at most `max_count` samples up to the next gap, oldest first; return how many. They stay in the ring. */
size_t nrb_peek(nrb_ring *ring, size_t max_count, nrb_spans *spans);
/* Give back the room of `count` samples; false, and nothing done, when more than the last nrb_peek showed. */
bool nrb_advance(nrb_ring *ring, size_t count);
/* Copy out and give back at most `max_count` samples up to the next gap; return how many. */
size_t nrb_read(nrb_ring *ring, float *samples, size_t max_count);

#endif
