//! A small valid regime with a few of its lines changed: reaches the checks of meaning, which random bytes seldom do.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|edits: &[u8]| {
    yellowcart_fuzz::load_rules(&yellowcart_fuzz::edited(yellowcart_fuzz::RULES, edits), true);
});
