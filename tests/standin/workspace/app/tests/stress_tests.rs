#![cfg(feature = "long_tests")]
#[path = "../../tests/stress/mod.rs"]
mod stress;

#[path = "../../tests/stress/baseline_stress.rs"]
mod baseline_stress;

#[path = "../../tests/stress/p0_protocols_stress.rs"]
mod p0_protocols_stress;
