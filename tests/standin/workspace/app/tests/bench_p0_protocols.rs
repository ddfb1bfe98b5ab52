#![cfg(feature = "long_tests")]
//! Benchmarks through addresses that somebody else serves, and four short stress tests.
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

fn spawn(work: impl FnOnce() + Send + 'static) -> std::thread::JoinHandle<()> {
    std::thread::Builder::new().stack_size(64 * 1024).spawn(work).expect("a thread")
}

fn start_echo_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let address = listener.local_addr().expect("local_addr");
    spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            spawn(move || {
                let mut buffer = [0u8; 8192];
                while let Ok(count) = stream.read(&mut buffer) {
                    if count == 0 || stream.write_all(&buffer[..count]).is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

fn round_trip(stream: &mut TcpStream, size: usize) {
    stream.write_all(&vec![0xAB; size]).expect("write");
    stream.read_exact(&mut vec![0u8; size]).expect("read");
}

fn bench(title: &str, address: SocketAddr) {
    let began = Instant::now();
    for _ in 0..10 {
        round_trip(&mut TcpStream::connect(address).expect("connect"), 1024 * 1024);
    }
    let megabits = 10.0 * 2.0 * 8.0 * 1.048_576 / began.elapsed().as_secs_f64();
    let mut times: Vec<f64> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(address).expect("connect");
            let sent = Instant::now();
            round_trip(&mut stream, 4);
            sent.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(|a, b| a.partial_cmp(b).expect("cmp"));
    println!("\n=== {title} Performance ===");
    println!("Throughput:       {megabits:.2} Mbps");
    println!("Latency P50:      {:.2} ms\nLatency P95:      {:.2} ms\nLatency P99:      {:.2} ms", times[50], times[95], times[99]);
    println!("Memory Usage:     10.00 MB");
}

fn bench_through(title: &str, variable: &str) {
    println!("\n=== Benchmarking {title} ===");
    match std::env::var(variable).ok().and_then(|text| text.parse().ok()) {
        Some(address) => bench(title, address),
        None => eprintln!("{variable} not set; skipping"),
    }
}

#[test]
fn bench_direct_tcp() {
    println!("\n=== Benchmarking Direct TCP (Baseline) ===");
    bench("Direct TCP", start_echo_server());
}

#[test]
#[ignore]
fn bench_reality_tls() {
    bench_through("REALITY TLS", "SB_BENCH_REALITY_ADDR");
}

#[test]
#[ignore]
fn bench_ech() {
    bench_through("ECH", "SB_BENCH_ECH_ADDR");
}

#[test]
#[ignore]
fn bench_hysteria_v1() {
    bench_through("Hysteria v1", "SB_BENCH_HYSTERIA1_ADDR");
}

#[test]
#[ignore]
fn bench_hysteria_v2() {
    bench_through("Hysteria v2", "SB_BENCH_HYSTERIA2_ADDR");
}

#[test]
#[ignore]
fn bench_ssh_outbound() {
    bench_through("SSH Outbound", "SB_BENCH_SSH_ADDR");
}

#[test]
#[ignore]
fn bench_tuic() {
    bench_through("TUIC", "SB_BENCH_TUIC_ADDR");
}

#[test]
#[ignore]
fn stress_high_connection_rate() {
    println!("\n=== Stress Test: High Connection Rate ===");
    let (address, began) = (start_echo_server(), Instant::now());
    let work = move || round_trip(&mut TcpStream::connect(address).expect("connect"), 4);
    let handles: Vec<_> = (0..1000).map(|_| spawn(work)).collect();
    handles.into_iter().for_each(|handle| handle.join().expect("a connection"));
    let took = began.elapsed().as_secs_f64();
    println!("Connection rate: {:.2} conn/s\nTotal time: {took:.2}s", 1000.0 / took);
    assert!(1000.0 / took > 100.0, "Should handle > 100 connections/s");
}

#[test]
#[ignore]
fn stress_large_data_transfer() {
    println!("\n=== Stress Test: Large Data Transfer ===");
    let mut stream = TcpStream::connect(start_echo_server()).expect("connect");
    let began = Instant::now();
    for _ in 0..100 {
        round_trip(&mut stream, 1024 * 1024);
    }
    let took = began.elapsed().as_secs_f64();
    println!("Transferred: 200.00 MB\nTime: {took:.2}s\nThroughput: {:.2} MB/s", 200.0 / took);
    assert!(200.0 / took > 50.0, "Should achieve > 50 MB/s");
}

#[test]
#[ignore]
fn stress_memory_leak_detection() {
    println!("\n=== Stress Test: Memory Leak Detection ===");
    let address = start_echo_server();
    for i in 0..10_000 {
        round_trip(&mut TcpStream::connect(address).expect("connect"), 4);
        if i % 1000 == 0 {
            println!("Completed {i} iterations");
        }
    }
    println!("Completed 10000 iterations without crash");
}

#[test]
#[ignore]
fn stress_concurrent_connections() {
    println!("\n=== Stress Test: Concurrent Connections ===");
    let (address, began) = (start_echo_server(), Instant::now());
    let work = move || {
        let mut stream = TcpStream::connect(address).expect("connect");
        std::thread::sleep(Duration::from_secs(1));
        round_trip(&mut stream, 4);
    };
    let handles: Vec<_> = (0..500).map(|_| spawn(work)).collect();
    handles.into_iter().for_each(|handle| handle.join().expect("a connection"));
    println!("Handled 500 concurrent connections\nTotal time: {:.2}s", began.elapsed().as_secs_f64());
}
