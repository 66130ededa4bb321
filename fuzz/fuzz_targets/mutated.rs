//! A small valid scenario with a few of its lines changed: reaches the checks of meaning, which random bytes seldom do.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|edits: &[u8]| {
    yellowcart_fuzz::load(&yellowcart_fuzz::edited(yellowcart_fuzz::SMALL, edits), true);
});
