/*
 * The audio callback: device block in, mono samples into the ring, everything worth knowing into counters.
 *
 * nrb_capture_callback has the signature of PortAudio's PaStreamCallback, declared here so that building needs no PortAudio.
 * It never allocates, locks, prints, takes the GIL or fails: what goes wrong is counted, and Python reports it. When the
 * reader sleeps until enough has come, it wakes it: one system call for as many blocks as the reader waited for.
 *
 * Threads. PortAudio's thread calls nrb_capture_callback and is the ring's writer. nrb_capture_wait is for the ring's reader.
 *   nrb_capture_counts, nrb_capture_clock, nrb_capture_request_stop and nrb_capture_wake may be called from any thread at any
 *   time.
 * Memory. The ring must outlive the capture, and the capture must outlive the stream it is the userdata of.
 */
#ifndef NRB_CAPTURE_CALLBACK_H
#define NRB_CAPTURE_CALLBACK_H

#include "ring.h"

typedef struct nrb_capture nrb_capture;

/* PaStreamCallbackTimeInfo: seconds of the stream's clock. */
typedef struct {
    double input_adc_time;
    double current_time;
    double output_dac_time;
} nrb_stream_time;

/* What the callback counted since nrb_capture_open. Each is exact; two of them may be a block apart. */
typedef struct {
    uint64_t blocks;          /* calls */
    uint64_t min_block;       /* fewest frames a call brought; 0 before the first */
    uint64_t max_block;       /* most frames a call brought */
    uint64_t input_overflows; /* calls in which PortAudio says that input was lost before it */
    uint64_t missing_blocks;  /* calls without input; silence keeps their place */
    uint64_t bad_samples;     /* NaN or infinite device samples, written as 0 */
    float peak;               /* highest |mono sample| */
} nrb_capture_counts_t;

/* At stream time `adc_time` the device took sample `position` of the source (dropped ones counted). */
typedef struct {
    uint64_t position;
    double adc_time;
} nrb_clock;

/*
 * Return a capture into `ring` of interleaved float32 frames of `channels` channels: channel `channel` counted from 0, or
 * with -1 the mean of all. NULL when there is no memory or channels is not 1 to 1024 or channel is not among them.
 */
nrb_capture *nrb_capture_open(nrb_ring *ring, int channels, int channel);
/* Free it; the ring stays. NULL is allowed. */
void nrb_capture_close(nrb_capture *capture);

/* For Pa_OpenStream; `userdata` is the nrb_capture. Returns 0 (paContinue) until a stop is requested, then 1 (paComplete). */
int nrb_capture_callback(const void *input, void *output, unsigned long frames, const nrb_stream_time *time,
                         unsigned long flags, void *userdata);
/* Make the next call take nothing more and end the stream. */
void nrb_capture_request_stop(nrb_capture *capture);
/*
 * Sleep until `count` samples wait in the ring, nrb_capture_wake or nrb_capture_request_stop is called, or `timeout_s` (0 to
 * 1000) has passed; it may also return for nothing. Called just before it, they make it return at once.
 */
void nrb_capture_wait(nrb_capture *capture, size_t count, double timeout_s);
void nrb_capture_wake(nrb_capture *capture);
void nrb_capture_counts(const nrb_capture *capture, nrb_capture_counts_t *counts);
/* The newest pair, position and time of the same call. False: no call yet, or (ask again) it changed all through 100 looks. */
bool nrb_capture_clock(const nrb_capture *capture, nrb_clock *clock);

#endif
