//! Each protocol through the address of a server that somebody else runs; without one a test skips.
use crate::stress::*;
use std::net::SocketAddr;

fn stress(variable: &str, length: u64, connection_rate: u64, concurrent_limit: usize, payload_size: usize) {
    let Some(address) = std::env::var(variable).ok().and_then(|text| text.parse::<SocketAddr>().ok()) else {
        eprintln!("{variable} not set; skipping");
        return;
    };
    let config = Config { duration: seconds(length), connection_rate, concurrent_limit, payload_size };
    run_stress_test(address, config).print_summary();
}

#[cfg(feature = "tls_reality")]
mod reality_stress {
    use super::*;

    #[test]
    #[ignore]
    fn stress_reality_24_hour_endurance() {
        println!("\n🧪 REALITY TLS - 24 Hour Endurance Test");
        stress("SB_REALITY_STRESS_ADDR", 24 * 60 * 60, 10, 200, 4096);
    }

    #[test]
    #[ignore]
    fn stress_reality_high_connection_rate() {
        println!("\n🧪 REALITY TLS - High Connection Rate");
        stress("SB_REALITY_STRESS_ADDR", 60, 100, 500, 512);
    }

    #[test]
    #[ignore]
    fn stress_reality_large_data_transfer() {
        println!("\n🧪 REALITY TLS - Large Data Transfer");
        stress("SB_REALITY_STRESS_ADDR", 120, 5, 50, 1024 * 1024);
    }
}

#[cfg(feature = "tls_ech")]
mod ech_stress {
    use super::*;

    #[test]
    #[ignore]
    fn stress_ech_24_hour_endurance() {
        println!("\n🧪 ECH - 24 Hour Endurance Test");
        stress("SB_ECH_STRESS_ADDR", 24 * 60 * 60, 10, 200, 4096);
    }

    #[test]
    #[ignore]
    fn stress_ech_high_connection_rate() {
        println!("\n🧪 ECH - High Connection Rate");
        stress("SB_ECH_STRESS_ADDR", 60, 100, 500, 512);
    }
}

#[cfg(feature = "adapter-hysteria")]
mod hysteria_v1_stress {
    use super::*;

    #[test]
    #[ignore]
    fn stress_hysteria_v1_24_hour_endurance() {
        println!("\n🧪 Hysteria v1 - 24 Hour Endurance Test");
        stress("SB_HYSTERIA1_STRESS_ADDR", 24 * 60 * 60, 10, 200, 4096);
    }

    #[test]
    #[ignore]
    fn stress_hysteria_v1_udp_relay() {
        println!("\n🧪 Hysteria v1 - UDP Relay Stress Test");
        stress("SB_HYSTERIA1_STRESS_ADDR", 60, 50, 200, 1024);
    }

    #[test]
    #[ignore]
    fn stress_hysteria_v1_high_throughput() {
        println!("\n🧪 Hysteria v1 - High Throughput Test");
        stress("SB_HYSTERIA1_STRESS_ADDR", 120, 5, 100, 1024 * 1024);
    }
}

#[cfg(feature = "adapter-hysteria2")]
mod hysteria_v2_stress {
    use super::*;

    #[test]
    #[ignore]
    fn stress_hysteria_v2_24_hour_endurance() {
        println!("\n🧪 Hysteria v2 - 24 Hour Endurance Test");
        stress("SB_HYSTERIA2_STRESS_ADDR", 24 * 60 * 60, 10, 200, 4096);
    }

    #[test]
    #[ignore]
    fn stress_hysteria_v2_udp_over_stream() {
        println!("\n🧪 Hysteria v2 - UDP Over Stream Stress Test");
        stress("SB_HYSTERIA2_STRESS_ADDR", 60, 50, 200, 1024);
    }

    #[test]
    #[ignore]
    fn stress_hysteria_v2_with_obfuscation() {
        println!("\n🧪 Hysteria v2 - Salamander Obfuscation Stress Test");
        stress("SB_HYSTERIA2_STRESS_ADDR", 60, 20, 100, 2048);
    }
}

#[cfg(feature = "adapter-ssh")]
mod ssh_stress {
    use super::*;

    #[test]
    #[ignore]
    fn stress_ssh_24_hour_endurance() {
        println!("\n🧪 SSH - 24 Hour Endurance Test");
        stress("SB_SSH_STRESS_ADDR", 24 * 60 * 60, 10, 200, 4096);
    }

    #[test]
    #[ignore]
    fn stress_ssh_connection_pooling() {
        println!("\n🧪 SSH - Connection Pooling Stress Test");
        stress("SB_SSH_STRESS_ADDR", 60, 50, 200, 1024);
    }

    #[test]
    #[ignore]
    fn stress_ssh_high_connection_rate() {
        println!("\n🧪 SSH - High Connection Rate");
        stress("SB_SSH_STRESS_ADDR", 60, 100, 500, 512);
    }
}

#[cfg(feature = "adapter-tuic")]
mod tuic_stress {
    use super::*;

    #[test]
    #[ignore]
    fn stress_tuic_24_hour_endurance() {
        println!("\n🧪 TUIC - 24 Hour Endurance Test");
        stress("SB_TUIC_STRESS_ADDR", 24 * 60 * 60, 10, 200, 4096);
    }

    #[test]
    #[ignore]
    fn stress_tuic_udp_over_stream() {
        println!("\n🧪 TUIC - UDP Over Stream Stress Test");
        stress("SB_TUIC_STRESS_ADDR", 60, 50, 200, 1024);
    }

    #[test]
    #[ignore]
    fn stress_tuic_high_throughput() {
        println!("\n🧪 TUIC - High Throughput Test");
        stress("SB_TUIC_STRESS_ADDR", 120, 5, 100, 1024 * 1024);
    }
}

#[test]
#[ignore]
fn stress_all_protocols_sequential() {
    println!("\n🧪 All P0 Protocols - Sequential Stress Test");
    let config = Config { duration: seconds(300), connection_rate: 20, concurrent_limit: 100, payload_size: 4096 };
    run_stress_test(start_echo_server(), config).print_summary();
}

#[test]
#[ignore]
fn stress_memory_leak_detection() {
    println!("\n🧪 Memory Leak Detection - All Protocols");
    let address = start_echo_server();
    for iteration in 1..=5 {
        println!("\n--- Iteration {iteration} ---");
        let monitor = monitor_resources(seconds(60), seconds(5));
        let config = Config { duration: seconds(60), connection_rate: 50, concurrent_limit: 100, payload_size: 2048 };
        run_stress_test(address, config).print_summary();
        let report = monitor.join().expect("Monitor task failed");
        report.print_summary();
        assert!(!report.detect_fd_leak(), "File descriptor leak detected in iteration {iteration}");
    }
    println!("\n✅ No memory leaks detected across 5 iterations");
}

#[test]
#[ignore]
fn stress_file_descriptor_leak_detection() {
    println!("\n🧪 File Descriptor Leak Detection");
    let monitor = monitor_resources(seconds(180), seconds(2));
    let config = Config { duration: seconds(180), connection_rate: 100, concurrent_limit: 200, payload_size: 512 };
    run_stress_test(start_echo_server(), config).print_summary();
    let report = monitor.join().expect("Monitor task failed");
    report.print_summary();
    assert!(!report.detect_fd_leak(), "File descriptor leak detected!");
}
