/*
 * ring.c itself, not a model of it, under Relacy: every access to shared memory is a point where the other thread may run,
 * and where any value may be seen that the C++ memory model allows, also those that this processor never shows.
 *
 *   model_ring full|random COUNT    prints what Relacy found and "schedules=N"; exit 1 when a sample, a position or an
 *                                   order is wrong. COUNT: schedules at random; a full search ends by itself.
 *
 * Here `float` is a watched variable, an `_Atomic(T)` Relacy's atomic, and a ring holds two samples and one gap. The
 * files stdatomic.h and stdalign.h beside this one stand in for the compiler's.
 */
#include <relacy/relacy.hpp>

#include <cstdlib>
#include <new>

using namespace rl;

template <typename T> struct watched {
    rl::var<T> value;
    watched &operator=(const watched &other) { return *this = T(other); }
    watched &operator=(T plain)
    {
        value($) = plain;
        return *this;
    }
    operator T() const { return value($); }
};

typedef watched<unsigned> sample;

#define _Atomic(T) rl::atomic<T>
#define ATOMIC_LLONG_LOCK_FREE 2
#define atomic_init(at, number) (at)->store(number, memory_order_relaxed)
#define atomic_load_explicit(at, ...) (at)->load(__VA_ARGS__)
#define atomic_store_explicit(at, ...) (at)->store(__VA_ARGS__)
#define NRB_PLAIN(type) watched<type>
#define NRB_GAPS 1
#define float sample
#define memcpy copy_samples

static void copy_samples(sample *to, const sample *from, size_t bytes)
{
    for (size_t i = 0; i < bytes / sizeof(sample); i++)
        to[i] = from[i];
}

#ifndef RING_SOURCE
#define RING_SOURCE "../../../native_ringbuf/ring.c"
#endif
#include RING_SOURCE

#undef float
#undef memcpy

static const size_t CAPACITY = 2;

size_t nrb_mapping_unit(void) { return CAPACITY * sizeof(sample); }

/* One ring at a time lives here; what is built and ended in its place is new to Relacy in every schedule. */
alignas(128) static unsigned char ring_room[sizeof(nrb_ring)], sample_room[CAPACITY * sizeof(sample)];

nrb_mapping nrb_map(size_t size, bool)
{
    sample *samples = reinterpret_cast<sample *>(sample_room);
    for (size_t i = 0; i < CAPACITY; i++)
        ::new (samples + i) sample();
    nrb_mapping mapping = {samples, size, false};
    return mapping;
}

void nrb_unmap(nrb_mapping mapping)
{
    for (size_t i = 0; i < CAPACITY; i++)
        static_cast<sample *>(mapping.memory)[i].~sample();
}

void *nrb_alloc_aligned(size_t) { return ::new (ring_room) nrb_ring(); }

void nrb_free_aligned(void *memory) { static_cast<nrb_ring *>(memory)->~nrb_ring(); }

#ifndef BLOCKS
#define BLOCKS 10
#endif
#ifndef LOOKS
#define LOOKS 8
#endif
#ifndef ASKS
#define ASKS 0 /* 1: the writer asks for room first; what is promised must be given */
#endif

/* A writer whose blocks don't always fit, and a reader who doesn't always look: laps, gaps and a full list of gaps. */
struct two_threads : rl::test_suite<two_threads, 2> {
    nrb_ring *ring;
    uint64_t expected;
    uint64_t received;

    void before()
    {
        ring = nrb_open(1, false);
        expected = received = 0;
    }

    void thread(unsigned which)
    {
        if (which == 0)
            write();
        else
            for (int look = 0; look < LOOKS; look++)
                read(1 + look % 2);
    }

    void after()
    {
        while (nrb_readable(ring) > 0)
            read(CAPACITY);
        RL_ASSERT(received == nrb_total_written(ring));
        RL_ASSERT(received + nrb_dropped_samples(ring) == nrb_write_position(ring));
        nrb_close(ring);
    }

    void write()
    {
        static const size_t COUNTS[] = {1, 2, 1, 2};
        for (int block = 0; block < BLOCKS; block++) {
            sample samples[CAPACITY];
            uint64_t position = nrb_write_position(ring);
            for (size_t i = 0; i < COUNTS[block % 4]; i++)
                samples[i] = unsigned(position + i);
            bool promised = ASKS && nrb_has_room(ring, COUNTS[block % 4]);
            RL_ASSERT(nrb_write(ring, samples, COUNTS[block % 4]) || !promised);
        }
    }

    void read(size_t most)
    {
        nrb_spans spans;
        size_t count = nrb_peek(ring, most, &spans);
        RL_ASSERT(spans.start >= expected);
        expected = spans.start;
        for (int part = 0; part < 2; part++)
            for (size_t i = 0; i < spans.count[part]; i++)
                RL_ASSERT(unsigned(spans.part[part][i]) == unsigned(expected++));
        received += count;
        RL_ASSERT(nrb_advance(ring, count));
    }
};

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    rl::test_params params;
    params.search_type = argv[1][0] == 'f' ? rl::fair_full_search_scheduler_type : rl::random_scheduler_type;
    params.iteration_count = std::atol(argv[2]);
    bool is_right = rl::simulate<two_threads>(params);
    std::cout << "schedules=" << params.stop_iteration << std::endl;
    return is_right ? 0 : 1;
}
