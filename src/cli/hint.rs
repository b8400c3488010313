//! After a run, the one thing that would help.

use std::path::Path;

use weedout::clean::Summary;
use weedout::report::escape::{argument, safe};

use super::terminal::{Terminal, counted, grouped};

/// Below this probability a removal is worth a look: about one in three of them would be wrong if the model is right about itself.
pub(super) const DOUBTFUL: f32 = 0.7;
/// Of fewer documents, one in five says little.
const FEW: usize = 5;

/// What a corpus that was written gives rise to, if anything; the first that holds.
pub(super) fn of_corpus(
    summary: &Summary,
    doubtful: usize,
    rejected: Option<&str>,
    audit: &Path,
    reported: bool,
) -> Option<String> {
    let audit = argument(&audit.display().to_string());
    let look =
        if reported { format!("look in `{audit}/report.html`") } else { format!("look with `weedout report {audit}`") };
    if let Some(path) = rejected
        && summary.documents >= FEW
        && summary.rejected * FEW > summary.documents
    {
        let (rejected, all) = (grouped(summary.rejected), counted(summary.documents, "document"));
        let explain = format!("`weedout explain {}`", argument(path));
        return Some(format!(
            "{rejected} of {all} have nothing genuine left: {explain} shows why, `--profile keep-more` keeps more"
        ));
    }
    if summary.suspect > 0 {
        let documents = counted(summary.suspect, "document");
        return Some(format!(
            "the front matter of {documents} reads like spam and was left as it is: look with `weedout check`"
        ));
    }
    (doubtful > 0).then(|| format!("{} with a probability below {DOUBTFUL}: {look}", counted(doubtful, "removal")))
}

/// Says it, where anything is said at all.
pub(super) fn give(hint: Option<String>, terminal: &Terminal) {
    use anstyle::AnsiColor;
    const HINT: anstyle::Style = AnsiColor::Cyan.on_default();
    if let Some(hint) = hint {
        terminal.say(&format!("  {HINT}hint:{HINT:#} {}", safe(&hint)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hint(documents: usize, rejected: usize, doubtful: usize) -> Option<String> {
        let summary = Summary { documents, rejected, ..Summary::default() };
        of_corpus(&summary, doubtful, Some("in/a b.md").filter(|_| rejected > 0), Path::new("c-audit"), false)
    }

    #[test]
    fn spam_in_front_matter_is_told() {
        let summary = Summary { documents: 3, suspect: 1, ..Summary::default() };
        let said = of_corpus(&summary, 2, None, Path::new("c-audit"), false).unwrap_or_default();
        assert!(said.starts_with("the front matter of 1 document reads like spam"), "{said}");
    }

    #[test]
    fn doubtful_removals_are_worth_a_look() {
        assert_eq!(
            hint(9, 0, 12),
            Some("12 removals with a probability below 0.7: look with `weedout report c-audit`".into())
        );
        assert_eq!(
            hint(9, 0, 1),
            Some("1 removal with a probability below 0.7: look with `weedout report c-audit`".into())
        );
        assert_eq!(hint(9, 1, 0), None);
    }

    #[test]
    fn a_corpus_that_loses_whole_documents_is_said_first() {
        let said = hint(10, 3, 12).unwrap_or_default();
        assert!(
            said.starts_with("3 of 10 documents have nothing genuine left: `weedout explain 'in/a b.md'`"),
            "{said}"
        );
        assert!(hint(4, 4, 0).is_none());
    }
}
