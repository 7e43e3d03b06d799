/*
 * A JACK client with one output that sings a file over and over: a microphone for benchmarks.
 *
 *   jack_singer NAME FILE   FILE holds raw 32-bit floats at the server's rate. Says "ready" when it runs; ends when its
 *                           input is closed, and then says how often the server was late (xruns).
 */
#include <jack/jack.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static jack_port_t *port;
static float *song;
static size_t length, place;
static atomic_long xruns;

static int sing(jack_nframes_t frames, void *unused)
{
    (void)unused;
    float *out = jack_port_get_buffer(port, frames);
    for (jack_nframes_t i = 0; i < frames; i++) {
        out[i] = song[place];
        place = (place + 1) % length;
    }
    return 0;
}

static int count_xrun(void *unused)
{
    (void)unused;
    atomic_fetch_add(&xruns, 1);
    return 0;
}

static int load(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0)
        return 0;
    long bytes = ftell(file);
    rewind(file);
    length = bytes > 0 ? (size_t)bytes / sizeof(float) : 0;
    song = length > 0 ? malloc(length * sizeof(float)) : NULL;
    int whole = song != NULL && fread(song, sizeof(float), length, file) == length;
    fclose(file);
    return whole;
}

int main(int argc, char **argv)
{
    char line[16];
    if (argc != 3 || !load(argv[2]))
        return 2;
    jack_client_t *client = jack_client_open(argv[1], JackNoStartServer, NULL);
    if (client == NULL)
        return 1;
    port = jack_port_register(client, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput | JackPortIsTerminal, 0);
    jack_set_process_callback(client, sing, NULL);
    jack_set_xrun_callback(client, count_xrun, NULL);
    if (port == NULL || jack_activate(client) != 0)
        return 1;
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL)
        ;
    printf("%ld\n", atomic_load(&xruns));
    jack_deactivate(client);
    jack_client_close(client);
    free(song);
    return 0;
}
