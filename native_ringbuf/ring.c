/*
 * The ring of ring.h. Method: Lamport's single-producer queue with C11 orders and a cached look at the other side's count
 * (as rigtorp/SPSCQueue and rtrb do); unlike them it moves blocks, counts what it refuses, knows where the gaps lie, and
 * asks for the cache lines of the next blocks before it needs them (docs/RING.md has what that gives).
 */
#include "ring.h"

#include "cache_hints.h"
#include "mapping.h"
#include "ring_orders.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>

#ifndef NRB_GAPS
#define NRB_GAPS 64 /* gaps that may lie in the ring at once; when they are used up the current gap simply grows */
#endif

#define MAX_CAPACITY ((size_t)1 << 28) /* 1 GiB, 23 min at 192 kHz; mapped twice it still fits 32-bit addresses */

#ifndef NRB_PLAIN
#define NRB_PLAIN(type) type /* what only the orders protect; Relacy watches it */
#endif

#if ATOMIC_LLONG_LOCK_FREE != 2
#error "64-bit atomics take a lock on this machine: the audio callback can't use them"
#endif

/* At count `at` of the written samples, `dropped` samples of the source had been refused in all. */
typedef struct {
    NRB_PLAIN(uint64_t) at;
    NRB_PLAIN(uint64_t) dropped;
} gap;

struct nrb_ring {
    /* Constant between open and close. */
    float *samples;
    size_t capacity;
    bool mirrored;
    nrb_mapping mapping;

    /* Stored by the writer, loaded by the reader, who asks for both at once. */
    alignas(128) _Atomic(uint64_t) head;
    _Atomic(uint64_t) gap_head;
    /* Stored by the reader, loaded by the writer. */
    alignas(128) _Atomic(uint64_t) tail;
    alignas(128) _Atomic(uint64_t) gap_tail;

    /* The writer's own; the counters are atomic because anyone may look. */
    alignas(128) uint64_t tail_seen;
    bool in_gap; /* something was dropped since the last accepted block */
    _Atomic(uint64_t) dropped;
    _Atomic(uint64_t) overruns;

    /* The reader's own. */
    alignas(128) uint64_t head_seen;
    uint64_t gap_head_seen; /* at least every gap before head_seen */
    uint64_t skipped;       /* samples dropped before the tail */
    uint64_t shown;         /* samples of the last peek not yet given back */

    alignas(128) gap gaps[NRB_GAPS];
};

static size_t round_capacity(size_t min_capacity)
{
    size_t capacity = nrb_mapping_unit() / sizeof(float); /* a page is a power of two on every system */
    while (capacity < min_capacity)
        capacity *= 2;
    return capacity;
}

nrb_ring *nrb_open(size_t min_capacity, bool want_mirror)
{
    if (min_capacity == 0 || min_capacity > MAX_CAPACITY)
        return NULL;
    nrb_ring *ring = nrb_alloc_aligned(sizeof *ring);
    if (ring == NULL)
        return NULL;
    ring->capacity = round_capacity(min_capacity);
    ring->mapping = nrb_map(ring->capacity * sizeof(float), want_mirror);
    ring->mirrored = ring->mapping.mirrored;
    ring->samples = ring->mapping.memory;
    if (ring->samples == NULL) {
        nrb_free_aligned(ring);
        return NULL;
    }
    atomic_init(&ring->head, 0);
    atomic_init(&ring->gap_head, 0);
    atomic_init(&ring->tail, 0);
    atomic_init(&ring->gap_tail, 0);
    atomic_init(&ring->dropped, 0);
    atomic_init(&ring->overruns, 0);
    return ring;
}

void nrb_close(nrb_ring *ring)
{
    if (ring == NULL)
        return;
    nrb_unmap(ring->mapping);
    nrb_free_aligned(ring);
}

size_t nrb_capacity(const nrb_ring *ring) { return ring->capacity; }

bool nrb_is_mirrored(const nrb_ring *ring) { return ring->mirrored; }

float *nrb_memory(const nrb_ring *ring) { return ring->samples; }

uint64_t nrb_total_written(const nrb_ring *ring) { return atomic_load_explicit(&ring->head, memory_order_relaxed); }

uint64_t nrb_dropped_samples(const nrb_ring *ring) { return atomic_load_explicit(&ring->dropped, memory_order_relaxed); }

uint64_t nrb_overruns(const nrb_ring *ring) { return atomic_load_explicit(&ring->overruns, memory_order_relaxed); }

static float *place_of(const nrb_ring *ring, uint64_t at)
{
    return ring->samples + (size_t)(at & (ring->capacity - 1));
}

/* Describe `count` samples from the one with written count `at`. */
static void set_spans(const nrb_ring *ring, uint64_t at, size_t count, nrb_spans *spans)
{
    size_t first = (size_t)(at & (ring->capacity - 1));
    size_t to_end = ring->mirrored ? count : ring->capacity - first;
    spans->offset = first;
    spans->part[0] = place_of(ring, at);
    spans->count[0] = count < to_end ? count : to_end;
    spans->part[1] = ring->samples;
    spans->count[1] = count - spans->count[0];
}

/* -- writer: head, dropped and overruns are its own, so it reads them back relaxed and adds without a locked instruction -- */

uint64_t nrb_write_position(const nrb_ring *ring) { return nrb_total_written(ring) + nrb_dropped_samples(ring); }

static bool fits(nrb_ring *ring, uint64_t head, size_t count)
{
    if (ring->capacity - (size_t)(head - ring->tail_seen) < count)
        ring->tail_seen = atomic_load_explicit(&ring->tail, NRB_TAIL_LOAD);
    return ring->capacity - (size_t)(head - ring->tail_seen) >= count;
}

static bool gap_fits(const nrb_ring *ring)
{
    uint64_t last = atomic_load_explicit(&ring->gap_head, memory_order_relaxed);
    return last - atomic_load_explicit(&ring->gap_tail, NRB_GAP_TAIL_LOAD) < NRB_GAPS;
}

/* Note where the gap that ends now lies; false when the list of gaps is full. */
static bool mark_gap(nrb_ring *ring, uint64_t head)
{
    if (!gap_fits(ring))
        return false;
    uint64_t last = atomic_load_explicit(&ring->gap_head, memory_order_relaxed);
    gap *place = &ring->gaps[last % NRB_GAPS];
    place->at = head;
    place->dropped = nrb_dropped_samples(ring);
    atomic_store_explicit(&ring->gap_head, last + 1, NRB_GAP_HEAD_STORE);
    ring->in_gap = false;
    return true;
}

bool nrb_has_room(nrb_ring *ring, size_t count)
{
    uint64_t head = nrb_total_written(ring);
    return fits(ring, head, count) && (!ring->in_gap || count == 0 || gap_fits(ring));
}

static void drop(nrb_ring *ring, size_t count)
{
    ring->in_gap = true;
    atomic_store_explicit(&ring->dropped, nrb_dropped_samples(ring) + count, memory_order_relaxed);
    atomic_store_explicit(&ring->overruns, nrb_overruns(ring) + 1, memory_order_relaxed);
}

bool nrb_reserve(nrb_ring *ring, size_t count, nrb_spans *spans)
{
    uint64_t head = nrb_total_written(ring);
    if (!fits(ring, head, count) || (ring->in_gap && count > 0 && !mark_gap(ring, head))) {
        drop(ring, count);
        return false;
    }
    spans->start = nrb_write_position(ring);
    set_spans(ring, head, count, spans);
    return true;
}

void nrb_commit(nrb_ring *ring, size_t count)
{
    uint64_t head = nrb_total_written(ring) + count;
    atomic_store_explicit(&ring->head, head, NRB_HEAD_STORE);
    spread next = further(head - count, count, ring->tail_seen + ring->capacity);
    for (; next.from < next.to; next.from += LINE)
        soon_written(place_of(ring, next.from));
}

bool nrb_write(nrb_ring *ring, const float *samples, size_t count)
{
    nrb_spans spans;
    if (!nrb_reserve(ring, count, &spans))
        return false;
    memcpy(spans.part[0], samples, spans.count[0] * sizeof(float));
    if (spans.count[1] > 0)
        memcpy(spans.part[1], samples + spans.count[0], spans.count[1] * sizeof(float));
    nrb_commit(ring, count);
    return true;
}

/* -- reader -- */

static size_t waiting(nrb_ring *ring, uint64_t tail, size_t wanted)
{
    if ((size_t)(ring->head_seen - tail) < wanted) {
        uint64_t head = atomic_load_explicit(&ring->head, NRB_HEAD_LOAD);
        if (head != ring->head_seen) /* in this order: a gap is listed before the samples behind it are published */
            ring->gap_head_seen = atomic_load_explicit(&ring->gap_head, NRB_GAP_HEAD_LOAD);
        ring->head_seen = head;
    }
    return (size_t)(ring->head_seen - tail);
}

/* Step over the gap at the tail, if one is there, and return how many samples lie before the next. */
static uint64_t before_next_gap(nrb_ring *ring, uint64_t tail)
{
    uint64_t next = atomic_load_explicit(&ring->gap_tail, memory_order_relaxed);
    uint64_t last = ring->gap_head_seen;
    while (next != last && ring->gaps[next % NRB_GAPS].at == tail) {
        ring->skipped = ring->gaps[next % NRB_GAPS].dropped;
        next++;
        atomic_store_explicit(&ring->gap_tail, next, NRB_GAP_TAIL_STORE);
    }
    return next == last ? UINT64_MAX : ring->gaps[next % NRB_GAPS].at - tail;
}

/* Return how many samples up to the next gap lie at the tail, at most `max_count`. */
static size_t at_hand(nrb_ring *ring, uint64_t tail, size_t max_count)
{
    size_t count = waiting(ring, tail, max_count);
    /* Only with a sample behind it does a gap at the tail have its final size. */
    uint64_t limit = count > 0 ? before_next_gap(ring, tail) : 0;
    count = count < max_count ? count : max_count;
    return limit < count ? (size_t)limit : count;
}

static void look_ahead(const nrb_ring *ring, uint64_t tail, size_t count)
{
    for (spread next = further(tail, count, ring->head_seen); next.from < next.to; next.from += LINE)
        soon_read(place_of(ring, next.from));
}

size_t nrb_readable(nrb_ring *ring)
{
    return waiting(ring, atomic_load_explicit(&ring->tail, memory_order_relaxed), SIZE_MAX);
}

size_t nrb_peek(nrb_ring *ring, size_t max_count, nrb_spans *spans)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    soon_written(&ring->tail); /* by the advance; the writer may have looked at it since the last */
    size_t count = at_hand(ring, tail, max_count);
    spans->start = tail + ring->skipped;
    set_spans(ring, tail, count, spans);
    ring->shown = count;
    look_ahead(ring, tail, count);
    return count;
}

bool nrb_advance(nrb_ring *ring, size_t count)
{
    if (count > ring->shown)
        return false;
    ring->shown -= count;
    atomic_store_explicit(
        &ring->tail, atomic_load_explicit(&ring->tail, memory_order_relaxed) + count, NRB_TAIL_STORE);
    return true;
}

/* Not a peek and an advance: a store more waits here for the line that `tail` lies on, and the next block with it. */
size_t nrb_read(nrb_ring *ring, float *samples, size_t max_count)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    size_t count = at_hand(ring, tail, max_count);
    if (ring->shown > 0)
        ring->shown = 0;
    if (count == 0)
        return 0;
    nrb_spans spans;
    set_spans(ring, tail, count, &spans);
    memcpy(samples, spans.part[0], spans.count[0] * sizeof(float));
    if (spans.count[1] > 0)
        memcpy(samples + spans.count[0], spans.part[1], spans.count[1] * sizeof(float));
    atomic_store_explicit(&ring->tail, tail + count, NRB_TAIL_STORE);
    look_ahead(ring, tail, count);
    return count;
}
