//! Tables with a known habit: `hash map|grown|files`.
use std::collections::HashMap;
use std::time::Duration;

fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    *seed >> 33
}

fn main() {
    let habit = std::env::args().nth(1).unwrap_or_default();
    let (mut seed, mut table, mut log) = (1u64, HashMap::new(), Vec::new());
    for tick in 0u64.. {
        for _ in 0..20 {
            table.insert(next(&mut seed) % 20_000, vec![1u8; (next(&mut seed) % 1500) as usize]);
            table.remove(&(next(&mut seed) % 20_000));
        }
        match habit.as_str() {
            "grown" => log.extend((0..400).map(|i| tick + i)),
            "files" if tick % 100 == 0 => std::mem::forget(std::fs::File::open("/dev/null")),
            _ => {}
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
