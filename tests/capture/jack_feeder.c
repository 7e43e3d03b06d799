/*
 * A JACK client with one output that plays silence until told to go, then the numbers 1, 2, 3 ... COUNT, then silence.
 *
 *   jack_feeder NAME COUNT FREEWHEEL   says "ready" when it runs, starts on a line from its input, ends when that is closed.
 *
 * Whole numbers up to 2^24 are exact in a float: every sample tells its own place. With FREEWHEEL 1 the server runs as fast
 * as its clients can while the numbers are played; every client is then waited for, so nothing can be late. At the end it
 * says how often the server was late (xruns).
 */
#define _POSIX_C_SOURCE 200809L

#include <jack/jack.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static jack_port_t *port;
static atomic_bool go;
static long count;
static atomic_long played;
static atomic_long xruns;

static int play(jack_nframes_t frames, void *unused)
{
    (void)unused;
    float *out = jack_port_get_buffer(port, frames);
    long last = atomic_load(&played);
    int going = atomic_load(&go);
    for (jack_nframes_t i = 0; i < frames; i++)
        out[i] = going && last < count ? (float)++last : 0.0f;
    atomic_store(&played, last);
    return 0;
}

static int count_xrun(void *unused)
{
    (void)unused;
    atomic_fetch_add(&xruns, 1);
    return 0;
}

int main(int argc, char **argv)
{
    char line[16];
    const struct timespec pause = {0, 1000000};
    if (argc != 4 || (count = atol(argv[2])) < 1 || count > 1 << 24)
        return 2;
    int freewheel = atoi(argv[3]);
    jack_client_t *client = jack_client_open(argv[1], JackNoStartServer, NULL);
    if (client == NULL)
        return 1;
    port = jack_port_register(client, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput | JackPortIsTerminal, 0);
    jack_set_process_callback(client, play, NULL);
    jack_set_xrun_callback(client, count_xrun, NULL);
    if (port == NULL || jack_activate(client) != 0)
        return 1;
    puts("ready");
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) != NULL) {
        if (freewheel && jack_set_freewheel(client, 1) != 0)
            return 1;
        atomic_store(&go, 1);
        while (atomic_load(&played) < count)
            nanosleep(&pause, NULL);
        if (freewheel && jack_set_freewheel(client, 0) != 0)
            return 1;
    }
    while (fgets(line, sizeof line, stdin) != NULL)
        ;
    printf("%ld\n", atomic_load(&xruns));
    jack_deactivate(client);
    jack_client_close(client);
    return 0;
}
