/*
 * Blocks of samples from one thread to another, through our ring and through rings that come as packages, in one run.
 *
 *   ring_peers BLOCK ROUNDS SEED WRITER_CORE READER_CORE [RTMIXER]
 *
 * prints "NAME RATE RATE …" each: million samples a second, round by round, a disturbed one with a minus. RTMIXER is the extension of the Python package
 * rtmixer, which has the ring that pa-ringbuffer binds.
 *
 * The same for all: a core for each thread; a ring made anew for each turn, of 16,384 samples; blocks whole or not at all; who
 * is refused asks again at once, and asks before he offers, so that ours needn't count a loss. In each round all have a turn
 * of 2 ms, in an order drawn by lot, with a pause between: real-time priority starves nobody. A turn in which a thread hadn't
 * its core for the whole time is disturbed, and is had again, up to ten times. The reader looks at both ends of each block:
 * they must be what was written.
 */
#include <boost/lockfree/spsc_queue.hpp>
#include <jack/ringbuffer.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <dlfcn.h>
#include <pthread.h>

extern "C" {
#include "ring.h"
/* What the extension wants of the interpreter as it is loaded; none of its functions that we call touches it. */
char _Py_NoneStruct[256];
}

static const size_t CAPACITY = 16384, MAX_BLOCK = 4096;
static const double TURN_S = 0.002, WARM_UP_S = 0.0003, PAUSE_S = 0.002, WHOLE = 0.97;
static const int MOST_TRIES = 10;
static int writer_core, reader_core;

struct ours {
    nrb_ring *ring = nrb_open(CAPACITY, true);
    ~ours() { nrb_close(ring); }
    bool write(const float *block, size_t count) { return nrb_has_room(ring, count) && nrb_write(ring, block, count); }
    bool read(float *block, size_t count) { return nrb_read(ring, block, count) == count; }
};

/* The way of the daemon's reader, who looks before he takes. */
struct ours_in_place : ours {
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

/* PortAudio's pa_ringbuffer.h, as far as it is used: its struct, about 64 bytes, stays closed. */
struct portaudio {
    typedef long count;
    static count (*open)(void *, count, count, void *), (*readable)(void *), (*writable)(void *);
    static count (*put)(void *, const void *, count), (*take)(void *, void *, count);
    alignas(128) char ring[256];
    std::vector<float> samples = std::vector<float>(CAPACITY);
    portaudio() { open(ring, sizeof(float), CAPACITY, samples.data()); }
    bool write(const float *block, size_t n) { return size_t(writable(ring)) >= n && size_t(put(ring, block, n)) == n; }
    bool read(float *block, size_t n) { return size_t(readable(ring)) >= n && size_t(take(ring, block, n)) == n; }
    static bool load(const char *path)
    {
        void *library = dlopen(path, RTLD_LAZY);
        return library && find(library, "InitializeRingBuffer", open) && find(library, "GetRingBufferReadAvailable", readable)
               && find(library, "GetRingBufferWriteAvailable", writable) && find(library, "WriteRingBuffer", put)
               && find(library, "ReadRingBuffer", take);
    }
    template <typename function> static bool find(void *library, const char *name, function &found)
    {
        found = (function)dlsym(library, (std::string("PaUtil_") + name).c_str());
        return found != nullptr;
    }
};
portaudio::count (*portaudio::open)(void *, count, count, void *), (*portaudio::readable)(void *),
    (*portaudio::writable)(void *), (*portaudio::put)(void *, const void *, count), (*portaudio::take)(void *, void *, count);

static void sit_on(int core)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
}

static double now_s(clockid_t clock)
{
    timespec time;
    clock_gettime(clock, &time);
    return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

/* Whether the thread that made this had its core all the time since then. */
struct presence {
    double wall_s = now_s(CLOCK_MONOTONIC), own_s = now_s(CLOCK_THREAD_CPUTIME_ID);
    bool whole() const
    {
        return now_s(CLOCK_THREAD_CPUTIME_ID) - own_s > WHOLE * (now_s(CLOCK_MONOTONIC) - wall_s);
    }
};

struct result {
    double rate;
    bool disturbed;
};

/* Small whole numbers, exact as floats. */
static float value_at(uint64_t place) { return float(place & 0xFFFFFF); }

template <typename ring_of> static result turn(size_t count)
{
    ring_of *ring = new ring_of;
    std::atomic<bool> ended{false};
    bool writer_was_there = false;
    sit_on(writer_core); /* which the thread inherits: at real-time priority it would not come up on the reader's core */
    std::thread writer([&] {
        alignas(64) float block[MAX_BLOCK] = {};
        presence here;
        for (uint64_t place = 0; !ended.load(std::memory_order_relaxed); place += count) {
            block[0] = value_at(place);
            block[count - 1] = value_at(place + count - 1);
            while (!ring->write(block, count) && !ended.load(std::memory_order_relaxed))
                ;
        }
        writer_was_there = here.whole();
    });
    sit_on(reader_core);
    alignas(64) float block[MAX_BLOCK];
    uint64_t place = 0, counted_from = 0;
    presence here;
    double begin_s = here.wall_s, seconds = 0;
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
        double at_s = now_s(CLOCK_MONOTONIC);
        seconds = at_s - begin_s;
        if (counted_from == 0 && place > 0 && seconds > WARM_UP_S) {
            begin_s = at_s;
            counted_from = place;
            seconds = 0;
        }
    }
    bool was_here = here.whole();
    ended = true;
    writer.join();
    delete ring;
    return {(place - counted_from) / seconds / 1e6, !was_here || !writer_was_there || place == counted_from};
}

struct entry {
    const char *name;
    result (*turn)(size_t);
    std::vector<double> rates;
};

int main(int argc, char **argv)
{
    size_t count = argc > 5 ? std::strtoul(argv[1], nullptr, 10) : 0;
    int rounds = argc > 5 ? std::atoi(argv[2]) : 0;
    if (count < 1 || count > MAX_BLOCK || rounds < 1)
        return 2;
    std::mt19937 lot(std::atoi(argv[3]));
    writer_core = std::atoi(argv[4]);
    reader_core = std::atoi(argv[5]);
    std::vector<entry> rings = {{"native_ringbuf", turn<ours>, {}},
                                {"native_ringbuf, peek", turn<ours_in_place>, {}},
                                {"boost spsc_queue", turn<boost_queue>, {}},
                                {"jack_ringbuffer", turn<jack>, {}}};
    if (argc > 6) {
        if (!portaudio::load(argv[6])) {
            std::fprintf(stderr, "%s\n", dlerror());
            return 1;
        }
        rings.push_back({"pa_ringbuffer", turn<portaudio>, {}});
    }
    std::vector<size_t> order;
    for (size_t i = 0; i < rings.size(); i++)
        order.push_back(i);
    for (int round = 0; round < rounds; round++) {
        std::shuffle(order.begin(), order.end(), lot);
        for (size_t i : order) {
            result had = {0, true};
            for (int tries = 0; had.disturbed && tries < MOST_TRIES; tries++) {
                had = rings[i].turn(count);
                std::this_thread::sleep_for(std::chrono::duration<double>(PAUSE_S));
            }
            rings[i].rates.push_back(had.disturbed ? -had.rate : had.rate);
        }
    }
    for (auto &each : rings) {
        std::printf("%s", each.name);
        for (double rate : each.rates)
            std::printf("\t%.1f", rate);
        std::printf("\n");
    }
}
