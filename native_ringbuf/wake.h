/*
 * A bell: one thread sleeps, another, which may not wait, wakes it. A ring while nobody sleeps is heard by the next who would.
 *
 * nrb_wake_ring is wait-free but for the system call that wakes a sleeper, as the audio servers' own threads wake each other;
 * it may be called from any thread. nrb_wake_sleep is for one thread at a time.
 */
#ifndef NRB_WAKE_H
#define NRB_WAKE_H

#include <stdbool.h>

typedef struct nrb_wake nrb_wake;

/* NULL when the system has none to give. */
nrb_wake *nrb_wake_open(void);
/* NULL is allowed. */
void nrb_wake_close(nrb_wake *wake);
void nrb_wake_ring(nrb_wake *wake);
/* Sleep until it was rung or `timeout_s` has passed; it may also wake for nothing. */
void nrb_wake_sleep(nrb_wake *wake, double timeout_s);

#endif
