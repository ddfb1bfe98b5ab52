/* A collected heap: RSS climbs by 50 MiB, is given back, and climbs again. argv[1]: KiB leaked a minute. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PIECE (1UL << 20)
#define PIECES 50

static void touch(char *at, size_t size) {
    for (size_t offset = 0; offset < size; offset += 4096) at[offset] = 1;
}

int main(int argc, char **argv) {
    size_t leak = argc > 1 ? (size_t)atol(argv[1]) * 1024 / 60 : 0;
    unsigned seed = 7;
    char *pieces[PIECES];
    for (;;) {
        int taken = 0;
        while (taken < PIECES) {
            int want = 1 + (int)(rand_r(&seed) % 3);
            for (int i = 0; i < want && taken < PIECES; i++) {
                pieces[taken] = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                if (pieces[taken] == MAP_FAILED) return 1;
                touch(pieces[taken++], PIECE);
            }
            if (leak) {
                char *lost = malloc(leak);
                if (!lost) return 1;
                touch(lost, leak);
            }
            sleep(1);
        }
        while (taken) munmap(pieces[--taken], PIECE);
    }
}
