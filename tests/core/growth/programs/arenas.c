/* Threads that allocate and free pieces of many sizes in glibc's arenas: `arenas 0|1`, with 1 one in 500 is lost. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS = 6, SLOTS = 1500, ROUND = 40 };
static int lose;

static void *churn(void *argument) {
    unsigned seed = (unsigned)(long)argument + 1;
    char *slots[SLOTS] = {0};
    for (;;) {
        for (int i = 0; i < ROUND; i++) {
            int at = rand_r(&seed) % SLOTS;
            size_t size = 16u << (rand_r(&seed) % 9);
            if (!(lose && rand_r(&seed) % 500 == 0)) free(slots[at]);
            slots[at] = malloc(size);
            if (slots[at]) memset(slots[at], 1, size);
        }
        usleep(100000);
    }
    return NULL;
}

int main(int count, char **arguments) {
    pthread_t thread;
    lose = count > 1 && arguments[1][0] == '1';
    for (long i = 0; i < THREADS; i++) pthread_create(&thread, NULL, churn, (void *)i);
    pause();
    return 0;
}
