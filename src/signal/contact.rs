//! Ways to get in touch, as adverts give them.

use super::Signal;

const CHANNELS: &[&str] = &[
    "whatsapp",
    "wa.me",
    "telegram",
    "t.me/",
    "viber",
    "wechat",
    "line.me",
    "line id",
    "skype",
    "вотсап",
    "телеграм",
    "ватсап",
    "واتساب",
    "واتس",
    "تلگرام",
    "微信",
    "加微",
    "라인",
    "카톡",
    "텔레그램",
    "zalo",
    "bit.ly",
    "tinyurl",
];

/// Telephone numbers, messengers, mail addresses and shortened links in the unit.
pub(crate) const SIGNAL: Signal = Signal {
    id: "contact",
    about: "telephone numbers, messengers, mail addresses",
    measure: |s, i| {
        let text = s.units[i].text;
        let lower = text.to_lowercase();
        (phones(text)
            + lower.matches('@').count()
            + CHANNELS.iter().filter(|channel| lower.contains(**channel)).count()) as f32
    },
    knots: &[0.0, 1.0, 3.0],
};

/// Runs of nine to fifteen digits with spaces, dashes, dots, brackets or a plus between them.
fn phones(text: &str) -> usize {
    let (mut found, mut digits) = (0, 0);
    for c in text.chars().chain(std::iter::once('\n')) {
        match c {
            '0'..='9' => digits += 1,
            ' ' | '-' | '.' | '(' | ')' | '+' if digits > 0 => {}
            _ => {
                found += usize::from((9..=15).contains(&digits));
                digits = 0;
            }
        }
    }
    found
}
