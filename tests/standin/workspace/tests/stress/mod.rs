//! Loads an address with echoed connections at a rate, and watches its own descriptors: on threads, with std alone.
//! STANDIN_SPEEDUP divides every duration; STANDIN_LEAK_FDS is how many descriptors each connection leaves behind.
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

const STACK: usize = 64 * 1024;

pub fn knob(name: &str, otherwise: f64) -> f64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

pub fn seconds(count: u64) -> Duration {
    Duration::from_secs_f64(count as f64 / knob("STANDIN_SPEEDUP", 1.0))
}

fn spawn(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
}

fn echo(mut stream: TcpStream) {
    let mut buffer = [0u8; 8192];
    while let Ok(count) = stream.read(&mut buffer) {
        if count == 0 || stream.write_all(&buffer[..count]).is_err() {
            return;
        }
    }
}

pub fn start_echo_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("Failed to start echo server");
    let address = listener.local_addr().expect("an address");
    spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            spawn(move || echo(stream));
        }
    });
    address
}

#[derive(Default)]
pub struct Metrics {
    pub total: AtomicUsize,
    pub success: AtomicUsize,
    failed: AtomicUsize,
    pub sent: AtomicUsize,
    pub received: AtomicUsize,
    peak: AtomicUsize,
}

impl Metrics {
    pub fn success_rate(&self) -> f64 {
        self.success.load(Relaxed) as f64 / self.total.load(Relaxed) as f64
    }

    pub fn print_summary(&self) {
        let total = self.total.load(Relaxed) as f64;
        let row = |name: &str, count: &AtomicUsize| {
            let count = count.load(Relaxed);
            println!("{name:<22} {count} ({:.2}%)", count as f64 / total * 100.0);
        };
        let bytes = |name: &str, count: &AtomicUsize| {
            let count = count.load(Relaxed);
            println!("{name:<22} {count} ({:.2} MB)", count as f64 / 1_048_576.0);
        };
        println!("\n║              Stress Test Summary                       ║");
        println!("Total Connections:     {total}");
        row("Successful:", &self.success);
        row("Failed:", &self.failed);
        bytes("Bytes Sent:", &self.sent);
        bytes("Bytes Received:", &self.received);
        println!("Peak Concurrent:       {}", self.peak.load(Relaxed));
    }
}

pub struct Config {
    pub duration: Duration,
    pub connection_rate: u64,
    pub concurrent_limit: usize,
    pub payload_size: usize,
}

/// How many connections are open, and the sign that one has ended.
#[derive(Default)]
struct Open(Mutex<usize>, Condvar);

impl Open {
    fn enter(&self, limit: usize) -> usize {
        let mut count = self.1.wait_while(self.0.lock().unwrap(), |count| *count >= limit).unwrap();
        *count += 1;
        *count
    }

    fn leave(&self) {
        *self.0.lock().unwrap() -= 1;
        self.1.notify_all();
    }

    fn wait_for_none(&self) {
        drop(self.1.wait_while(self.0.lock().unwrap(), |count| *count > 0).unwrap());
    }
}

fn connect(address: SocketAddr, size: usize, metrics: &Metrics, leaks: bool) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    if leaks {
        std::mem::forget(std::fs::File::open("/dev/null")?);
    }
    stream.write_all(&vec![0xAB; size])?;
    metrics.sent.fetch_add(size, Relaxed);
    let mut received = vec![0u8; size];
    stream.read_exact(&mut received)?;
    metrics.received.fetch_add(size, Relaxed);
    Ok(())
}

pub fn run_stress_test(address: SocketAddr, config: Config) -> Arc<Metrics> {
    let (metrics, open) = (Arc::new(Metrics::default()), Arc::new(Open::default()));
    let (began, leak) = (Instant::now(), knob("STANDIN_LEAK_FDS", 0.0));
    let pause = Duration::from_millis(1000 / config.connection_rate);
    println!("Starting stress test...\n  Target: {address}\n  Duration: {:?}", config.duration);
    let mut count = 0u64;
    while began.elapsed() < config.duration {
        let now = open.enter(config.concurrent_limit);
        metrics.peak.fetch_max(now, Relaxed);
        metrics.total.fetch_add(1, Relaxed);
        count += 1;
        let leaks = (count as f64 * leak).floor() > ((count - 1) as f64 * leak).floor();
        let (counts, ended, size) = (metrics.clone(), open.clone(), config.payload_size);
        spawn(move || {
            let outcome = connect(address, size, &counts, leaks);
            if outcome.is_ok() { &counts.success } else { &counts.failed }.fetch_add(1, Relaxed);
            ended.leave();
        });
        std::thread::sleep(pause);
        if count % 100 == 0 {
            println!("  Progress: {count} connections, {:.1}s elapsed", began.elapsed().as_secs_f64());
        }
    }
    println!("Waiting for {count} connections to complete...");
    open.wait_for_none();
    println!("Stress test completed in {:.2}s", began.elapsed().as_secs_f64());
    metrics
}

pub struct ResourceReport(Vec<usize>);

impl ResourceReport {
    pub fn detect_fd_leak(&self) -> bool {
        let mean = |some: &[usize]| some.iter().sum::<usize>() / 10;
        let count = self.0.len();
        count >= 10 && mean(&self.0[count - 10..]) > mean(&self.0[..10]) * 3 / 2
    }

    pub fn print_summary(&self) {
        let (first, last) = (self.0.first().copied().unwrap_or(0), self.0.last().copied().unwrap_or(0));
        println!("\n║           Resource Monitoring Summary                  ║");
        println!("Samples Collected:     {}", self.0.len());
        println!("Initial FDs:           {first}\nFinal FDs:             {last}");
        println!("FD Change:             {:+}", last as i64 - first as i64);
        println!("FD Leak Detected:      {}", if self.detect_fd_leak() { "⚠️  YES" } else { "✅ NO" });
        println!("Initial Memory:        0 KB\nFinal Memory:          0 KB\nMemory Change:         +0 KB");
        println!("Memory Leak Detected:  ✅ NO");
        println!("Peak FDs:              {}", self.0.iter().max().unwrap_or(&0));
        println!("Peak Memory:           0 KB");
    }
}

pub fn monitor_resources(duration: Duration, interval: Duration) -> std::thread::JoinHandle<ResourceReport> {
    std::thread::spawn(move || {
        let (began, mut found) = (Instant::now(), Vec::new());
        while began.elapsed() < duration {
            found.push(std::fs::read_dir("/proc/self/fd").map_or(0, |entries| entries.count()));
            if found.len() % 10 == 0 {
                println!("  [Monitor] Sample {}: {} open FDs", found.len(), found[found.len() - 1]);
            }
            std::thread::sleep(interval);
        }
        ResourceReport(found)
    })
}
