/* Allocations of every size in slots, as a server's: the heap fragments. argv[1]: one in so many is never freed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SLOTS 3000

int main(int argc, char **argv) {
    long lose = argc > 1 ? atol(argv[1]) : 0;
    unsigned seed = 11;
    static char *slots[SLOTS];
    for (long count = 1;; count++) {
        int slot = rand_r(&seed) % SLOTS;
        if (!lose || count % lose) free(slots[slot]);
        size_t size = (size_t)(32 * pow(4096, rand_r(&seed) / (RAND_MAX + 1.0)));
        slots[slot] = malloc(size);
        if (!slots[slot]) return 1;
        memset(slots[slot], 1, size);
        if (count % 5 == 0) usleep(100000);
    }
}
