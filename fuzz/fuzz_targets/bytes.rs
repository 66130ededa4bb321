//! Any bytes as a scenario: the loader says what is wrong with them, or resolves them; it never panics.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    yellowcart_fuzz::load(&String::from_utf8_lossy(bytes), true);
});
