/*
 * Memory for a ring: mapped twice in a row (byte n and byte n + size are the same) where the system can do it.
 * Not real-time: called only while a ring is opened and closed.
 */
#ifndef NRB_MAPPING_H
#define NRB_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    void *memory;  /* NULL: there was none */
    size_t size;   /* bytes asked for */
    bool mirrored; /* 2 * size bytes may be addressed */
} nrb_mapping;

/* The unit in which memory can be mapped, bytes. */
size_t nrb_mapping_unit(void);
/* Map `size` bytes, a multiple of the unit, zeroed and touched; without a mirror where that is not to be had. */
nrb_mapping nrb_map(size_t size, bool want_mirror);
void nrb_unmap(nrb_mapping mapping);

/* `size` bytes on a 128-byte boundary, zeroed, or NULL; freed with nrb_free_aligned. */
void *nrb_alloc_aligned(size_t size);
void nrb_free_aligned(void *memory);

#endif
