/*
 * Linux takes an anonymous file (memfd), other POSIX systems a shared-memory object that is unlinked at once. Windows, and any
 * system where this fails, gets plain memory: the ring then works in two spans.
 */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* memfd_create */
#endif

#include "mapping.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 128 /* two cache lines: CPUs fetch them in pairs */

#ifdef _WIN32

#include <malloc.h>

size_t nrb_mapping_unit(void) { return 4096; }

void *nrb_alloc_aligned(size_t size)
{
    void *memory = _aligned_malloc(size, ALIGNMENT);
    if (memory != NULL)
        memset(memory, 0, size);
    return memory;
}

void nrb_free_aligned(void *memory) { _aligned_free(memory); }

static void *map_twice(size_t size)
{
    (void)size;
    return NULL;
}

static void unmap_twice(void *memory, size_t size)
{
    (void)memory;
    (void)size;
}

static void keep_in_ram(void *memory, size_t size)
{
    (void)memory;
    (void)size;
}

#else

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

size_t nrb_mapping_unit(void)
{
    long page = sysconf(_SC_PAGESIZE);
    return page > 0 ? (size_t)page : 4096;
}

void *nrb_alloc_aligned(size_t size)
{
    void *memory = NULL;
    if (posix_memalign(&memory, ALIGNMENT, size) != 0)
        return NULL;
    memset(memory, 0, size);
    return memory;
}

void nrb_free_aligned(void *memory) { free(memory); }

#if defined(__linux__) && !defined(NRB_USE_SHM)

static int anonymous_file(void) { return memfd_create("native_ringbuf", MFD_CLOEXEC); }

#else

static int anonymous_file(void)
{
    /* The address of a local differs between processes and threads; a name taken by another is tried again with the next. */
    for (unsigned attempt = 0; attempt < 64; attempt++) {
        char name[31]; /* macOS allows 31 with the end mark */
        unsigned salt = (unsigned)(uintptr_t)&attempt + attempt;
        snprintf(name, sizeof name, "/nrb.%lx.%x", (unsigned long)getpid(), salt);
        int file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (file >= 0) {
            shm_unlink(name);
            return file;
        }
    }
    return -1;
}

#endif

static void *map_file_twice(int file, size_t size)
{
    /* Reserve the whole range first: nothing else can then slip between the two halves. */
    char *memory = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    for (int half = 0; half < 2; half++) {
        char *at = memory + (size_t)half * size;
        if (mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) != at) {
            munmap(memory, 2 * size);
            return NULL;
        }
    }
    return memory;
}

static void *map_twice(size_t size)
{
    int file = anonymous_file();
    if (file < 0)
        return NULL;
    void *memory = ftruncate(file, (off_t)size) == 0 ? map_file_twice(file, size) : NULL;
    close(file); /* the mapping keeps the pages */
    return memory;
}

static void unmap_twice(void *memory, size_t size) { munmap(memory, 2 * size); }

static void keep_in_ram(void *memory, size_t size)
{
    /* Best effort: without the right to lock, a touched page can still be swapped out under memory pressure. */
    if (mlock(memory, size) != 0)
        return;
}

#endif

nrb_mapping nrb_map(size_t size, bool want_mirror)
{
    nrb_mapping mapping = {NULL, size, false};
    if (want_mirror)
        mapping.memory = map_twice(size);
    mapping.mirrored = mapping.memory != NULL;
    if (mapping.memory == NULL)
        mapping.memory = nrb_alloc_aligned(size);
    if (mapping.memory != NULL) {
        size_t addressed = mapping.mirrored ? 2 * size : size;
        memset(mapping.memory, 0, addressed); /* a first touch now is a page fault less in the callback */
        keep_in_ram(mapping.memory, addressed);
    }
    return mapping;
}

void nrb_unmap(nrb_mapping mapping)
{
    if (mapping.mirrored)
        unmap_twice(mapping.memory, mapping.size);
    else
        nrb_free_aligned(mapping.memory);
}
