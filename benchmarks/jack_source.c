/*
 * A JACK client with one output: a microphone for benchmarks and tests.
 *
 *   jack_source NAME sing SONG [ROOM]                sings SONG over and over; with ROOM it plays that until told to go, and
 *                                                    again after a line that begins with r (rest)
 *   jack_source NAME count COUNT SCALE FREEWHEEL     plays silence until told to go, then 1, 2, 3 ... COUNT times SCALE, then
 *                                                    silence
 *
 * Files hold raw 32-bit floats at the server's rate. Numbers begin anew after 2^24: so far whole numbers are exact in a
 * float, and times a power of two they still are: every sample tells its own place. With FREEWHEEL 1 the server runs as
 * fast as its clients can while the numbers are played; every client is then waited for, so nothing can be late.
 * It says "ready" when it runs, goes on a line from its input, ends when that is closed, and then says how often the
 * server was late (xruns).
 */
#define _POSIX_C_SOURCE 200809L

#include <jack/jack.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST 16777216 /* 2^24 */

typedef struct {
    float *samples;
    size_t length, place;
} sound;

static jack_port_t *port;
static sound song, room;
static long count;
static float scale;
static atomic_bool go;
static atomic_long played;
static atomic_long xruns;

static int sing(jack_nframes_t frames, void *unused)
{
    (void)unused;
    float *out = jack_port_get_buffer(port, frames);
    sound *now = atomic_load(&go) ? &song : &room;
    for (jack_nframes_t i = 0; i < frames; i++) {
        out[i] = now->samples[now->place];
        now->place = (now->place + 1) % now->length;
    }
    return 0;
}

static int count_on(jack_nframes_t frames, void *unused)
{
    (void)unused;
    float *out = jack_port_get_buffer(port, frames);
    long last = atomic_load(&played);
    int going = atomic_load(&go);
    for (jack_nframes_t i = 0; i < frames; i++)
        out[i] = going && last < count ? (float)(last++ % MOST + 1) * scale : 0.0f;
    atomic_store(&played, last);
    return 0;
}

static int count_xrun(void *unused)
{
    (void)unused;
    atomic_fetch_add(&xruns, 1);
    return 0;
}

static int load(const char *path, sound *into)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        return 0;
    long bytes = ftell(file);
    rewind(file);
    into->length = bytes > 0 ? (size_t)bytes / sizeof(float) : 0;
    into->samples = into->length > 0 ? malloc(into->length * sizeof(float)) : NULL;
    int whole = into->samples != NULL && fread(into->samples, sizeof(float), into->length, file) == into->length;
    fclose(file);
    return whole;
}

static jack_client_t *begin(const char *name, JackProcessCallback play)
{
    jack_client_t *client = jack_client_open(name, JackNoStartServer, NULL);
    if (client == NULL)
        return NULL;
    port = jack_port_register(client, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput | JackPortIsTerminal, 0);
    jack_set_process_callback(client, play, NULL);
    jack_set_xrun_callback(client, count_xrun, NULL);
    if (port == NULL || jack_activate(client) != 0)
        return NULL;
    puts("ready");
    fflush(stdout);
    return client;
}

/* Obey lines until there are no more. */
static int obey(jack_client_t *client, int freewheel)
{
    char line[16];
    const struct timespec pause = {0, 1000000};
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (freewheel && jack_set_freewheel(client, 1) != 0)
            return 0;
        atomic_store(&go, line[0] != 'r');
        while (freewheel && atomic_load(&played) < count)
            nanosleep(&pause, NULL);
        if (freewheel && jack_set_freewheel(client, 0) != 0)
            return 0;
    }
    return 1;
}

int main(int argc, char **argv)
{
    int sings = argc >= 4 && argc <= 5 && strcmp(argv[2], "sing") == 0;
    int counts = argc == 6 && strcmp(argv[2], "count") == 0;
    if (sings) {
        const char *first = argc == 5 ? argv[4] : argv[3];
        if (!load(argv[3], &song) || !load(first, &room))
            return 2;
    } else if (!counts || (count = atol(argv[3])) < 1 || (scale = strtof(argv[4], NULL)) <= 0.0f)
        return 2;
    jack_client_t *client = begin(argv[1], sings ? sing : count_on);
    if (client == NULL || !obey(client, counts && atoi(argv[5])))
        return 1;
    printf("%ld\n", atomic_load(&xruns));
    jack_deactivate(client);
    jack_client_close(client);
    return 0;
}
