//! A judge that knows what other hosts have.

use std::ops::Deref;

use super::Sketch;
use super::key::{self, Key};
use crate::block::Document;
use crate::clean::record::sha256;
use crate::signal::unit;
use crate::verdict::model::{log_odds, probability};
use crate::verdict::{Judge, Label, Profile, Reason, Verdict};
use crate::{Error, Result};

/// Only blocks that the model is in doubt about: at least so likely to be spam. Whatever a crawl says, what the model takes
/// for genuine stays.
const DOUBT: f32 = 0.25;
/// Words of the longest block that can go by it. A paragraph is judged by itself.
const SHORT: usize = 19;

/// Wraps a judge: what it doubts is weighed again with what a crawl says of the same runs and linked hosts. Nothing that it
/// would remove stays for that.
/// Both are borrowed (`&dyn Judge`, `&Sketch`) or shared (`Arc<Model>`, `Arc<Sketch>`).
pub struct Seasoned<J, S> {
    judge: J,
    sketch: S,
    id: String,
}

impl<J, S> Seasoned<J, S>
where
    J: Deref<Target: Judge>,
    S: Deref<Target = Sketch>,
{
    /// A judge with the evidence of `sketch`.
    ///
    /// # Errors
    /// [`Error::Usage`] when the sketch holds verdicts of another model.
    pub fn new(judge: J, sketch: S) -> Result<Self> {
        let model = judge.id();
        if sketch.model() != model {
            let other = sketch.model();
            return Err(Error::Usage(format!("the sketch was made with model `{other}`, not `{model}`; make it anew")));
        }
        let id = format!("{model}+sketch-{}", &sha256(&sketch.to_bytes())[..12]);
        Ok(Self { judge, sketch, id })
    }

    /// What the crawl adds to each block: for the runs it is part of, and for the hosts it links to; the highest of each.
    fn evidence(&self, document: &Document<'_>) -> Vec<[f32; 2]> {
        let host = document.host();
        let odds = |key: &Key| self.sketch.log_odds(key, host.as_deref());
        let views = key::views(document);
        let mut found: Vec<[f32; 2]> = vec![[0.0; 2]; document.blocks.len()];
        for at in 0..document.blocks.len() {
            if let Some(key) = views.get(key::covered(at)).and_then(Key::run) {
                let odds = odds(&key);
                found[key::covered(at)].iter_mut().for_each(|block| block[0] = block[0].max(odds));
            }
            let targets = key::targets(&document.blocks[at], host.as_deref());
            found[at][1] = targets.iter().map(|target| odds(&Key::host(target))).fold(0.0, f32::max);
        }
        found
    }
}

impl<J, S> Judge for Seasoned<J, S>
where
    J: Deref<Target: Judge> + Sync,
    S: Deref<Target = Sketch> + Sync,
{
    fn judge(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict> {
        let mut verdicts = self.judge.judge(document, profile);
        let doubtful = |verdict: &Verdict| verdict.label == Label::Genuine && verdict.probability >= DOUBT;
        if self.sketch.is_empty() || !verdicts.iter().any(doubtful) {
            return verdicts;
        }
        for ((verdict, block), odds) in verdicts.iter_mut().zip(&document.blocks).zip(self.evidence(document)) {
            if doubtful(verdict) && unit::words(&block.text) <= SHORT {
                weigh(verdict, odds, bar(profile));
            }
        }
        verdicts
    }

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// Least probability of spam at which a block goes: as high as for the longest that the model removes by itself.
fn bar(profile: Profile) -> f32 {
    match profile {
        Profile::Strict | Profile::Balanced => 0.95,
        Profile::KeepMore => 0.99,
    }
}

/// Adds the evidence to the sum of a verdict.
fn weigh(verdict: &mut Verdict, odds: [f32; 2], bar: f32) {
    let total: f32 = odds.iter().sum();
    if total <= 0.0 {
        return;
    }
    let sum = log_odds(verdict.probability) + total;
    verdict.probability = probability(sum);
    for (rule, log_odds) in ["crawl-run", "crawl-host"].into_iter().zip(odds).filter(|(_, odds)| *odds > 0.0) {
        let evidence = "spam on other hosts of the crawl".into();
        verdict.reasons.push(Reason { rule: rule.into(), log_odds, evidence });
    }
    verdict.reasons.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    if verdict.probability >= bar {
        verdict.label = Label::Spam;
        verdict.cuts.clear();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::block::text;
    use crate::sketch::marks;

    /// A judge of fixed doubt.
    struct Doubtful(f32);

    impl Judge for Doubtful {
        fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
            let label = if self.0 > 0.9 { Label::Spam } else { Label::Genuine };
            let reasons = vec![Reason { rule: "fixed".into(), log_odds: log_odds(self.0), evidence: "".into() }];
            let verdict = Verdict { label, probability: self.0, reasons, cuts: Vec::new() };
            vec![verdict; document.blocks.len()]
        }

        fn id(&self) -> String {
            "fixed".into()
        }
    }

    const RUN: &str = "lorabet https://a.example/1\nroma slot https://a.example/2\ndeneme https://b.example/3\n";

    /// A sketch of a crawl in which the run stands on forty hosts, as spam where `spam` says so.
    fn crawl(spam: impl Fn(usize) -> bool) -> Sketch {
        let mut sketch = Sketch::new("fixed".into());
        for n in 0..40 {
            let document = text::parse(RUN);
            let verdicts = Doubtful(if spam(n) { 0.99 } else { 0.1 }).judge(&document, Profile::Balanced);
            sketch.add(&format!("site{n}.example"), &marks(&document, None, &verdicts));
        }
        sketch
    }

    fn judged(sketch: &Sketch, source: &str, doubt: f32) -> Vec<Verdict> {
        let judge = Doubtful(doubt);
        Seasoned::new(&judge, sketch).unwrap().judge(&text::parse(source), Profile::Balanced)
    }

    #[test]
    fn a_doubtful_run_goes_where_many_hosts_have_it_as_spam() {
        let verdicts = judged(&crawl(|_| true), RUN, 0.6);
        for verdict in &verdicts {
            assert_eq!(verdict.label, Label::Spam);
            let sum: f32 = verdict.reasons.iter().map(|reason| reason.log_odds).sum();
            assert!((sum - log_odds(verdict.probability)).abs() < 0.01, "{verdict:?}");
        }
    }

    #[test]
    fn nothing_else_goes() {
        let spam = crawl(|_| true);
        for (sketch, source, doubt) in [
            (&spam, RUN, 0.1),
            (&spam, "We met at the harbour.\nIt rained.\nNobody came.\n", 0.8),
            (&crawl(|n| n % 3 != 0), RUN, 0.6),
            (&crawl(|n| n < 3), RUN, 0.6),
        ] {
            assert!(judged(sketch, source, doubt).iter().all(|verdict| verdict.label == Label::Genuine));
        }
    }

    #[test]
    fn a_sketch_of_another_model_is_refused() {
        assert!(Seasoned::new(&Doubtful(0.5), &Sketch::new("other".into())).is_err());
    }
}
