/*
 * Hints to the processor's cache; never an access, and nothing where a compiler has none.
 *
 * soon_written(at) takes the line at `at` away from the other core before it is stored to, so that the stores behind it needn't
 * wait; soon_read(at) brings a copy of it. `further` says for which samples to give them.
 */
#ifndef NRB_CACHE_HINTS_H
#define NRB_CACHE_HINTS_H

#include <stddef.h>
#include <stdint.h>

#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__)
/* The builtin is a hint to read here unless told of a newer processor; every 64-bit one takes or ignores this one. */
#define soon_written(at) __asm__ volatile("prefetchw %0" : : "m"(*(const char *)(at)))
#define soon_read(at) __builtin_prefetch((at), 0)
#elif defined(__GNUC__) || defined(__clang__)
#define soon_written(at) __builtin_prefetch((at), 1)
#define soon_read(at) __builtin_prefetch((at), 0)
#elif defined(_M_X64)
#include <intrin.h>
#define soon_written(at) _m_prefetchw(at)
#define soon_read(at) _mm_prefetch((const char *)(at), _MM_HINT_T0)
#else
#define soon_written(at) ((void)(at))
#define soon_read(at) ((void)(at))
#endif

#define LEAD 256   /* samples by which each side asks ahead for cache lines; with 64, blocks of 64 went a third slower */
#define AHEAD 1024 /* samples asked for at most at once: 64 lines; with 256, blocks of 512 went at half the speed */
#define LINE 16    /* samples of a cache line; where lines are longer some are asked for twice */

typedef struct {
    uint64_t from, to;
} spread;

/*
 * What is asked ahead for when `count` samples from `at` are done: as many, LEAD further on; those between were before. At most
 * to `end`, where the other side's begin: if both asked for the same lines, these would only fly to and fro.
 */
static inline spread further(uint64_t at, size_t count, uint64_t end)
{
    uint64_t from = at + (count < LEAD ? LEAD : count);
    uint64_t to = from + (count < AHEAD ? count : AHEAD);
    spread asked = {from, to < end ? to : end};
    return asked;
}

#endif
