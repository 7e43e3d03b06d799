/*
 * Blocks of samples from one thread to another, through our ring and through rings that come as packages, in one run.
 *
 *   ring_peers BLOCK ROUNDS     prints "NAME RATE RATE …" each: million samples a second, round by round
 *
 * The threads sit on a core each; every ring holds 16,384 samples and takes a block whole or not at all; the rings take
 * turns, so that a disturbance meets all. The reader looks at both ends of each block: they must be what was written.
 */
#include <boost/lockfree/spsc_queue.hpp>
#include <jack/ringbuffer.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>

extern "C" {
#include "ring.h"
}

static const size_t CAPACITY = 16384, MAX_BLOCK = 4096;
static const double TURN_S = 0.2;

struct ours {
    nrb_ring *ring = nrb_open(CAPACITY, true);
    ~ours() { nrb_close(ring); }
    bool write(const float *block, size_t count) { return nrb_write(ring, block, count); }
    bool read(float *block, size_t count)
    {
        nrb_spans spans;
        if (nrb_peek(ring, count, &spans) < count)
            return false;
        std::memcpy(block, spans.part[0], count * sizeof(float));
        return nrb_advance(ring, count);
    }
};

struct boost_queue {
    boost::lockfree::spsc_queue<float, boost::lockfree::capacity<CAPACITY>> ring;
    bool write(const float *block, size_t count)
    {
        return ring.write_available() >= count && ring.push(block, count) == count;
    }
    bool read(float *block, size_t count) { return ring.read_available() >= count && ring.pop(block, count) == count; }
};

struct jack {
    jack_ringbuffer_t *ring = jack_ringbuffer_create(CAPACITY * sizeof(float));
    ~jack() { jack_ringbuffer_free(ring); }
    bool write(const float *block, size_t count)
    {
        size_t bytes = count * sizeof(float);
        return jack_ringbuffer_write_space(ring) >= bytes && jack_ringbuffer_write(ring, (const char *)block, bytes) == bytes;
    }
    bool read(float *block, size_t count)
    {
        size_t bytes = count * sizeof(float);
        return jack_ringbuffer_read_space(ring) >= bytes && jack_ringbuffer_read(ring, (char *)block, bytes) == bytes;
    }
};

static void sit_on(int core)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
}

/* Small whole numbers, exact as floats. */
static float value_at(uint64_t place) { return float(place & 0xFFFFFF); }

template <typename ring_of> static double turn(size_t count)
{
    static ring_of *ring;
    ring = new ring_of;
    std::atomic<bool> ended{false};
    std::atomic<uint64_t> written{0};
    sit_on(0); /* which the thread inherits: at real-time priority it would not come up on the reader's core */
    std::thread writer([&] {
        float block[MAX_BLOCK] = {};
        uint64_t place = 0;
        while (!ended.load(std::memory_order_relaxed)) {
            block[0] = value_at(place);
            block[count - 1] = value_at(place + count - 1);
            while (!ring->write(block, count) && !ended.load(std::memory_order_relaxed))
                std::this_thread::yield();
            place += count;
        }
        written = place;
    });
    sit_on(1);
    float block[MAX_BLOCK];
    uint64_t place = 0;
    auto begin = std::chrono::steady_clock::now();
    double seconds = 0;
    while (seconds < TURN_S) {
        for (int i = 0; i < 256; i++) {
            if (!ring->read(block, count))
                continue;
            if (block[0] != value_at(place) || block[count - 1] != value_at(place + count - 1)) {
                std::fprintf(stderr, "a wrong sample at %llu\n", (unsigned long long)place);
                std::exit(1);
            }
            place += count;
        }
        seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }
    ended = true;
    writer.join();
    delete ring;
    return place / seconds / 1e6;
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
    int rounds = argc > 2 ? std::atoi(argv[2]) : 0;
    if (count < 1 || count > MAX_BLOCK || rounds < 1)
        return 2;
    struct {
        const char *name;
        double (*turn)(size_t);
        std::vector<double> rates;
    } rings[] = {{"native_ringbuf", turn<ours>, {}},
               {"boost spsc_queue", turn<boost_queue>, {}},
               {"jack_ringbuffer", turn<jack>, {}}};
    for (int round = 0; round < rounds; round++)
        for (auto &each : rings)
            each.rates.push_back(each.turn(count));
    for (auto &each : rings) {
        std::printf("%s", each.name);
        for (double rate : each.rates)
            std::printf("\t%.1f", rate);
        std::printf("\n");
    }
}
