//! The model loader: fastText files and weights. What is accepted must score finitely.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weedout::signal::fold::Scorer;
use weedout::verdict::Model;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(scorer) = Scorer::read(bytes) {
        for text in ["", "casino", "an ordinary sentence of ordinary words", "ğ ü 東京"] {
            let score = scorer.score(text);
            assert!(score.spam.is_finite() && score.furniture.is_finite() && score.loudest.is_finite());
        }
    }
    let _ = Model::read(&[], bytes);
});
