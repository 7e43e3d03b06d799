/*
 * Hints to the processor's cache; never an access, and nothing where a compiler has none.
 *
 * soon_written(at) takes the line at `at` away from the other core before it is stored to, so that the stores behind it needn't
 * wait; soon_read(at) brings a copy of it.
 */
#ifndef NRB_CACHE_HINTS_H
#define NRB_CACHE_HINTS_H

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

#endif
