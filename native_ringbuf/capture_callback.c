#include "capture_callback.h"

#include "mapping.h"
#include "wake.h"

#include <math.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>

#define PA_CONTINUE 0
#define PA_COMPLETE 1
#define PA_INPUT_OVERFLOW 0x2ul /* paInputOverflow, portaudio.h */
#define MAX_CHANNELS 1024       /* far above any device; keeps frame * channels small */
#define NEVER UINT64_MAX        /* samples that nobody waits for */
#ifndef NRB_WAKE_ORDER
#define NRB_WAKE_ORDER memory_order_seq_cst /* a test weakens it to prove that it would see that */
#endif
#define CLOCK_LOOKS 100         /* the callback holds the pair for nanoseconds once a block: one look nearly always does */

struct nrb_capture {
    /* Constant between open and close. */
    nrb_ring *ring;
    int channels;
    int channel;

    /* Stored by the callback alone, so it adds to them without a locked instruction. */
    alignas(128) _Atomic uint64_t blocks;
    _Atomic uint64_t min_block;
    _Atomic uint64_t max_block;
    _Atomic uint64_t input_overflows;
    _Atomic uint64_t missing_blocks;
    _Atomic uint64_t bad_samples;
    _Atomic uint32_t peak; /* the bits of a float */

    /* The clock pair under a sequence count: odd while it changes. */
    alignas(128) _Atomic uint64_t clock_turn;
    _Atomic uint64_t clock_position;
    _Atomic uint64_t clock_time; /* the bits of a double */

    alignas(128) _Atomic bool stop;

    /*
     * How the reader sleeps. Each side stores one of the two and then loads the other, all in one order that both see
     * (seq_cst), so that never both miss what the other stored (Dekker).
     */
    alignas(128) _Atomic uint64_t written; /* stored by the callback: samples in the ring since the start */
    alignas(128) _Atomic uint64_t wake_at; /* stored by the reader: how many it sleeps for */
    nrb_wake *wake;
};

nrb_capture *nrb_capture_open(nrb_ring *ring, int channels, int channel)
{
    if (ring == NULL || channels < 1 || channels > MAX_CHANNELS || channel < -1 || channel >= channels)
        return NULL;
    nrb_capture *capture = nrb_alloc_aligned(sizeof *capture); /* zeroed: the start value of every counter */
    if (capture == NULL)
        return NULL;
    capture->wake = nrb_wake_open();
    if (capture->wake == NULL) {
        nrb_free_aligned(capture);
        return NULL;
    }
    atomic_init(&capture->wake_at, NEVER);
    capture->ring = ring;
    capture->channels = channels;
    capture->channel = channels == 1 ? 0 : channel;
    return capture;
}

void nrb_capture_close(nrb_capture *capture)
{
    if (capture == NULL)
        return;
    nrb_wake_close(capture->wake);
    nrb_free_aligned(capture);
}

void nrb_capture_request_stop(nrb_capture *capture)
{
    atomic_store_explicit(&capture->stop, true, memory_order_relaxed);
    nrb_wake_ring(capture->wake);
}

void nrb_capture_wake(nrb_capture *capture) { nrb_wake_ring(capture->wake); }

static uint64_t get(const _Atomic uint64_t *counter) { return atomic_load_explicit(counter, memory_order_relaxed); }

static void set(_Atomic uint64_t *counter, uint64_t value) { atomic_store_explicit(counter, value, memory_order_relaxed); }

/* -- the callback's thread -- */

typedef struct {
    uint64_t bad;
    float peak;
} sound_facts;

static float finite_or_silence(float sample, sound_facts *facts)
{
    if (isfinite(sample))
        return sample;
    facts->bad++;
    return 0.0f;
}

static float mono(const float *frame, const nrb_capture *capture, sound_facts *facts)
{
    if (capture->channel >= 0)
        return finite_or_silence(frame[capture->channel], facts);
    double sum = 0.0; /* double: two channels near the largest float must not become infinite */
    for (int channel = 0; channel < capture->channels; channel++)
        sum += finite_or_silence(frame[channel], facts);
    return (float)(sum / capture->channels);
}

/* Fill `target` with the mono of `count` frames; `frames` NULL stands for silence. */
static void fill(const nrb_capture *capture, float *target, const float *frames, size_t count, sound_facts *facts)
{
    if (frames == NULL) {
        memset(target, 0, count * sizeof(float));
        return;
    }
    for (size_t i = 0; i < count; i++) {
        target[i] = mono(frames + i * (size_t)capture->channels, capture, facts);
        float level = fabsf(target[i]);
        facts->peak = level > facts->peak ? level : facts->peak;
    }
}

static void take_block(nrb_capture *capture, const float *frames, size_t count)
{
    nrb_spans spans;
    if (!nrb_reserve(capture->ring, count, &spans))
        return; /* counted there */
    sound_facts facts = {0, 0.0f};
    for (int part = 0; part < 2; part++) {
        fill(capture, spans.part[part], frames, spans.count[part], &facts);
        if (frames != NULL)
            frames += spans.count[part] * (size_t)capture->channels;
    }
    nrb_commit(capture->ring, count);
    set(&capture->bad_samples, get(&capture->bad_samples) + facts.bad);
    uint32_t bits;
    memcpy(&bits, &facts.peak, sizeof bits);
    /* Floats of one sign are in the order of their bits. */
    if (bits > atomic_load_explicit(&capture->peak, memory_order_relaxed))
        atomic_store_explicit(&capture->peak, bits, memory_order_relaxed);
}

static void count_block(nrb_capture *capture, uint64_t frames, unsigned long flags, bool missing)
{
    uint64_t blocks = get(&capture->blocks);
    if (blocks == 0 || frames < get(&capture->min_block))
        set(&capture->min_block, frames);
    if (frames > get(&capture->max_block))
        set(&capture->max_block, frames);
    set(&capture->input_overflows, get(&capture->input_overflows) + ((flags & PA_INPUT_OVERFLOW) != 0));
    set(&capture->missing_blocks, get(&capture->missing_blocks) + missing);
    set(&capture->blocks, blocks + 1);
}

/* A reader that sees either new value (acquire of a release) also sees the odd turn before it, and looks again. */
static void set_clock(nrb_capture *capture, uint64_t position, double adc_time)
{
    uint64_t turn = get(&capture->clock_turn);
    uint64_t bits;
    memcpy(&bits, &adc_time, sizeof bits);
    set(&capture->clock_turn, turn + 1);
    atomic_store_explicit(&capture->clock_position, position, memory_order_release);
    atomic_store_explicit(&capture->clock_time, bits, memory_order_release);
    atomic_store_explicit(&capture->clock_turn, turn + 2, memory_order_release);
}

static void wake_reader(nrb_capture *capture)
{
    uint64_t written = nrb_total_written(capture->ring);
    atomic_store_explicit(&capture->written, written, NRB_WAKE_ORDER);
    if (atomic_load_explicit(&capture->wake_at, NRB_WAKE_ORDER) > written)
        return;
    /* Asked once, rung once: the reader asks anew when it sleeps again. */
    atomic_store_explicit(&capture->wake_at, NEVER, memory_order_relaxed);
    nrb_wake_ring(capture->wake);
}

int nrb_capture_callback(const void *input, void *output, unsigned long frames, const nrb_stream_time *time,
                         unsigned long flags, void *userdata)
{
    nrb_capture *capture = userdata;
    (void)output;
    if (atomic_load_explicit(&capture->stop, memory_order_relaxed))
        return PA_COMPLETE;
    if (time != NULL)
        set_clock(capture, nrb_write_position(capture->ring), time->input_adc_time);
    take_block(capture, input, frames);
    count_block(capture, frames, flags, input == NULL);
    wake_reader(capture);
    return PA_CONTINUE;
}

/* -- the reader -- */

void nrb_capture_wait(nrb_capture *capture, size_t count, double timeout_s)
{
    /* In this order: what comes between the two makes the target too low, so that it wakes early, never late. */
    uint64_t target = nrb_total_written(capture->ring);
    size_t waiting = nrb_readable(capture->ring);
    if (waiting >= count)
        return;
    target += count - waiting;
    atomic_store_explicit(&capture->wake_at, target, NRB_WAKE_ORDER);
    if (atomic_load_explicit(&capture->written, NRB_WAKE_ORDER) < target)
        nrb_wake_sleep(capture->wake, timeout_s);
    atomic_store_explicit(&capture->wake_at, NEVER, memory_order_relaxed);
}

/* -- anyone -- */

void nrb_capture_counts(const nrb_capture *capture, nrb_capture_counts_t *counts)
{
    counts->blocks = get(&capture->blocks);
    counts->min_block = get(&capture->min_block);
    counts->max_block = get(&capture->max_block);
    counts->input_overflows = get(&capture->input_overflows);
    counts->missing_blocks = get(&capture->missing_blocks);
    counts->bad_samples = get(&capture->bad_samples);
    uint32_t bits = atomic_load_explicit(&capture->peak, memory_order_relaxed);
    memcpy(&counts->peak, &bits, sizeof bits);
}

bool nrb_capture_clock(const nrb_capture *capture, nrb_clock *clock)
{
    for (int look = 0; look < CLOCK_LOOKS; look++) {
        uint64_t before = atomic_load_explicit(&capture->clock_turn, memory_order_acquire);
        uint64_t position = atomic_load_explicit(&capture->clock_position, memory_order_acquire);
        uint64_t bits = atomic_load_explicit(&capture->clock_time, memory_order_acquire);
        if (before == 0)
            return false;
        if (before % 2 == 0 && before == get(&capture->clock_turn)) {
            clock->position = position;
            memcpy(&clock->adc_time, &bits, sizeof bits);
            return true;
        }
    }
    return false;
}
