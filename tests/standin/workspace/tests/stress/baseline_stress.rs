//! Direct TCP, without a protocol.
use super::stress::*;
use std::sync::atomic::Ordering::Relaxed;

fn config(length: u64, connection_rate: u64, concurrent_limit: usize, payload_size: usize) -> Config {
    Config { duration: seconds(length), connection_rate, concurrent_limit, payload_size }
}

#[test]
#[ignore]
fn stress_baseline_short_duration() {
    println!("\n🧪 Baseline Stress Test - Short Duration (60s)");
    let metrics = run_stress_test(start_echo_server(), config(60, 50, 100, 1024));
    metrics.print_summary();
    assert!(metrics.success_rate() > 0.95, "Success rate below 95%");
}

#[test]
#[ignore]
fn stress_baseline_high_connection_rate() {
    println!("\n🧪 Baseline Stress Test - High Connection Rate");
    let metrics = run_stress_test(start_echo_server(), config(30, 200, 500, 512));
    metrics.print_summary();
    assert!(metrics.success_rate() > 0.90, "Success rate below 90% under high load");
}

#[test]
#[ignore]
fn stress_baseline_large_data_transfer() {
    println!("\n🧪 Baseline Stress Test - Large Data Transfer");
    let metrics = run_stress_test(start_echo_server(), config(60, 10, 50, 1024 * 1024));
    metrics.print_summary();
    assert_eq!(metrics.sent.load(Relaxed), metrics.received.load(Relaxed), "Sent and received bytes should match");
}

#[test]
#[ignore]
fn stress_baseline_resource_monitoring() {
    println!("\n🧪 Baseline Stress Test - Resource Monitoring");
    let monitor = monitor_resources(seconds(120), seconds(5));
    let metrics = run_stress_test(start_echo_server(), config(120, 30, 100, 2048));
    metrics.print_summary();
    let report = monitor.join().expect("Monitor task failed");
    report.print_summary();
    assert!(!report.detect_fd_leak(), "File descriptor leak detected!");
}

#[test]
#[ignore]
fn stress_baseline_24_hour_endurance() {
    println!("\n🧪 Baseline Stress Test - 24 Hour Endurance\n⚠️  This test will run for 24 hours!");
    let monitor = monitor_resources(seconds(24 * 60 * 60), seconds(60));
    let metrics = run_stress_test(start_echo_server(), config(24 * 60 * 60, 10, 50, 4096));
    println!("\n24-Hour Test Completed!");
    metrics.print_summary();
    let report = monitor.join().expect("Monitor task failed");
    report.print_summary();
    assert!(metrics.success_rate() > 0.99, "Success rate below 99% in endurance test");
    assert!(!report.detect_fd_leak(), "File descriptor leak detected in 24h test!");
}
