// A web service in Go that asks itself: `serve bounded|waits|sockets`.
package main

import (
	"container/list"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"
)

const most = 3000

var (
	lock   sync.Mutex
	places = map[int]*list.Element{}
	order  = list.New()
	held   []net.Conn
)

type entry struct {
	key  int
	body string
}

func recall(key int) string {
	lock.Lock()
	defer lock.Unlock()
	if at, known := places[key]; known {
		order.MoveToFront(at)
		return at.Value.(entry).body
	}
	body := strings.Repeat("x", 500+rand.Intn(6000))
	places[key] = order.PushFront(entry{key, body})
	if order.Len() > most {
		last := order.Back()
		delete(places, last.Value.(entry).key)
		order.Remove(last)
	}
	return body
}

func waits() {
	never := make(chan string)
	go func() { fmt.Println(<-never) }()
}

func main() {
	habit := os.Args[1]
	link, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	common := rand.NewZipf(rand.New(rand.NewSource(1)), 1.1, 8, 20000)
	go http.Serve(link, http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		io.WriteString(out, recall(int(common.Uint64())))
		if habit == "waits" && rand.Intn(2) == 0 {
			waits()
		}
	}))
	for count := 0; ; count++ {
		answer, err := http.Get("http://" + link.Addr().String())
		if err == nil {
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
		if habit == "sockets" && count%1200 == 0 {
			if one, err := net.Dial("tcp", link.Addr().String()); err == nil {
				held = append(held, one)
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
}
