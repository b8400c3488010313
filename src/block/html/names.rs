//! What class names, ids, roles and tags say about the part of the page they mark.
//!
//! Each group of names is one bit, so that a block's surroundings are one number that can be learnt from.

use html5ever::{LocalName, local_name};

use super::element::Attrs;

macro_rules! names {
    ($($bit:literal $name:ident $text:literal),* $(,)?) => {
        $(pub(super) const $name: u64 = 1 << $bit;)*
        /// The groups of names in the order of their bits in [`Place::names`](crate::block::Place::names).
        pub const NAMES: &[&str] = &[$($text),*];
    };
}

names! {
    0 NAV "nav", 1 MENU "menu", 2 BREADCRUMB "breadcrumb", 3 PAGINATION "pagination", 4 HEADER "header", 5 FOOTER "footer",
    6 SIDEBAR "sidebar", 7 WIDGET "widget", 8 RELATED "related", 9 SHARE "share", 10 COOKIE "cookie",
    11 NEWSLETTER "newsletter", 12 PROMO "promo", 13 ADVERT "advert", 14 COMMENTS "comments", 15 RESPOND "respond",
    16 META "meta", 17 AUTHOR "author", 18 TAGS "tags", 19 SEARCH "search", 20 LOGIN "login", 21 MODAL "modal",
    22 MAIN "main", 23 ARTICLE "article", 24 CONTENT "content", 25 FORM "form", 26 LANDMARK_NAV "<nav>",
    27 LANDMARK_FOOTER "<footer>", 28 LANDMARK_ASIDE "<aside>", 29 LANDMARK_HEADER "<header>", 30 TITLE "title",
    31 CAPTION "caption", 32 CARD "card", 33 LIST "list", 34 TOC "toc", 35 NOTICE "notice", 36 RATING "rating",
    37 CREDIT "credit", 38 SUMMARY "summary", 39 SKIP "skip", 40 BANNER "banner", 41 PRODUCT "product", 42 TABLE "table",
    43 FORUM "forum", 44 REFERENCES "references", 45 PLAYER "player", 46 TOOLBAR "toolbar", 47 LANGUAGE "language",
    48 HERO "hero", 49 TABS "tabs", 50 ARTICLE_FOOTER "<footer> in article", 51 FEED "feed", 52 ACCORDION "accordion",
    53 CAROUSEL "carousel", 54 LOGO "logo", 55 UNSEEN "unseen", 56 TOOLTIP "tooltip", 57 SIGNATURE "signature",
    58 DETAIL "detail", 59 SHOP "shop", 60 USER "user",
}

/// Names that say "this is what the page is about"; they hold however large the element is.
pub(super) const WELCOME: u64 =
    MAIN | ARTICLE | CONTENT | TITLE | CAPTION | SUMMARY | REFERENCES | PRODUCT | FORUM | LIST | TABLE | CARD | DETAIL;
/// Names given by tags and roles; an author means them, so they hold even for a large part of the page.
pub(super) const LANDMARK: u64 =
    LANDMARK_NAV | LANDMARK_FOOTER | LANDMARK_ASIDE | LANDMARK_HEADER | ARTICLE_FOOTER | COMMENTS | RESPOND;

/// The names an element carries by tag, role, class and id.
pub(super) fn of(tag: &LocalName, attrs: &Attrs<'_>, in_article: bool) -> u64 {
    let mut bits = by_tag(tag, in_article) | attrs.role.map_or(0, by_role);
    // Themes name states of the whole page on these two ("single-post has-sidebar"); nothing follows for a block.
    if !matches!(*tag, local_name!("body") | local_name!("html")) {
        bits |= attrs.class.map_or(0, by_tokens) | attrs.id.map_or(0, by_tokens);
    }
    bits
}

/// Names of what a click or pointer opens.
pub(super) const FOLDS: u64 = ACCORDION | TABS | MENU | MODAL | CAROUSEL | LANDMARK_NAV | NAV;

/// Whether headers and footers inside an element are its own, not the page's.
pub(super) fn encloses_article(tag: &LocalName) -> bool {
    matches!(*tag, local_name!("article") | local_name!("main") | local_name!("blockquote"))
}

fn by_tag(tag: &LocalName, in_article: bool) -> u64 {
    match *tag {
        local_name!("nav") => LANDMARK_NAV,
        local_name!("footer") if in_article => ARTICLE_FOOTER,
        local_name!("footer") => LANDMARK_FOOTER,
        local_name!("header") if !in_article => LANDMARK_HEADER,
        local_name!("aside") => LANDMARK_ASIDE,
        local_name!("main") => MAIN,
        local_name!("article") => ARTICLE,
        local_name!("form")
        | local_name!("button")
        | local_name!("label")
        | local_name!("select")
        | local_name!("textarea")
        | local_name!("fieldset") => FORM,
        _ => 0,
    }
}

fn by_role(role: &str) -> u64 {
    match role.trim() {
        "navigation" | "menu" | "menubar" => LANDMARK_NAV,
        "contentinfo" => LANDMARK_FOOTER,
        "complementary" => LANDMARK_ASIDE,
        "banner" => LANDMARK_HEADER,
        "main" => MAIN,
        "article" => ARTICLE,
        "search" => SEARCH,
        "form" | "button" => FORM,
        "menuitem" | "option" => MENU,
        "tooltip" => TOOLTIP,
        "dialog" | "alertdialog" => MODAL,
        "tablist" | "tab" | "tabpanel" => TABS,
        _ => 0,
    }
}

/// The groups named by the words of a class or id attribute: split at anything but letters, and at camel case.
fn by_tokens(value: &str) -> u64 {
    let mut bits = 0;
    let mut word = Word::default();
    for &byte in value.as_bytes() {
        match byte {
            b'a'..=b'z' => word.push(byte, false),
            b'A'..=b'Z' => {
                if !word.upper {
                    bits |= word.take();
                }
                word.push(byte | 0x20, true);
            }
            _ => bits |= word.take(),
        }
    }
    bits | word.take()
}

/// A word being read; longer ones than any known name are no name.
#[derive(Default)]
struct Word {
    bytes: [u8; 16],
    length: usize,
    upper: bool,
}

impl Word {
    fn push(&mut self, byte: u8, upper: bool) {
        if self.length < self.bytes.len() {
            self.bytes[self.length] = byte;
        }
        self.length += 1;
        self.upper = upper;
    }

    fn take(&mut self) -> u64 {
        let length = std::mem::take(&mut self.length);
        self.upper = false;
        if length < 2 { 0 } else { self.bytes.get(..length).map_or(0, group) }
    }
}

/// The group of one lower-case word. By length first, so that a miss costs a few comparisons.
fn group(word: &[u8]) -> u64 {
    match word.len() {
        2..=4 => short(word),
        5 | 6 => medium(word),
        7 | 8 => long(word),
        _ => longer(word),
    }
}

fn short(word: &[u8]) -> u64 {
    match word {
        b"nav" | b"navi" => NAV,
        b"menu" => MENU,
        b"toc" => TOC,
        b"ad" | b"ads" | b"adv" | b"dfp" | b"gpt" => ADVERT,
        b"foot" => FOOTER,
        b"side" | b"rail" => SIDEBAR,
        b"gdpr" | b"ccpa" => COOKIE,
        b"meta" | b"date" | b"info" | b"time" => META,
        b"tag" | b"tags" | b"cat" | b"cats" => TAGS,
        b"post" => ARTICLE,
        b"main" => MAIN,
        b"body" | b"text" => CONTENT,
        b"form" => FORM,
        b"cta" => PROMO,
        b"bio" => AUTHOR,
        b"card" | b"tile" => CARD,
        b"list" => LIST,
        b"skip" => SKIP,
        b"more" => RELATED,
        b"tab" | b"tabs" => TABS,
        b"faq" | b"faqs" => ACCORDION,
        b"hero" => HERO,
        b"lang" => LANGUAGE,
        b"feed" => FEED,
        b"lede" | b"dek" => SUMMARY,
        b"logo" => LOGO,
        b"refs" => REFERENCES,
        b"sr" | b"hide" => UNSEEN,
        b"hint" => TOOLTIP,
        b"sig" => SIGNATURE,
        b"spec" => DETAIL,
        b"buy" | b"cart" | b"sku" | b"qty" => SHOP,
        b"user" => USER,
        _ => 0,
    }
}

fn medium(word: &[u8]) -> u64 {
    match word {
        b"navbar" => NAV,
        b"menus" => MENU,
        b"crumb" | b"crumbs" => BREADCRUMB,
        b"pager" | b"paging" => PAGINATION,
        b"header" => HEADER,
        b"footer" => FOOTER,
        b"widget" => WIDGET,
        b"share" | b"social" | b"follow" => SHARE,
        b"cookie" => COOKIE,
        b"signup" => NEWSLETTER,
        b"promo" | b"promos" | b"teaser" | b"donate" => PROMO,
        b"advert" => ADVERT,
        b"reply" => RESPOND,
        b"byline" | b"author" | b"avatar" => AUTHOR,
        b"labels" | b"label" | b"topics" => TAGS,
        b"search" => SEARCH,
        b"login" | b"signin" => LOGIN,
        b"modal" | b"popup" => MODAL,
        b"entry" | b"story" => ARTICLE,
        b"prose" => CONTENT,
        b"title" => TITLE,
        b"notice" | b"alert" => NOTICE,
        b"rating" | b"review" | b"stars" | b"votes" => RATING,
        b"credit" => CREDIT,
        b"banner" => BANNER,
        b"table" => TABLE,
        b"forum" | b"thread" | b"topic" => FORUM,
        b"player" | b"video" | b"audio" => PLAYER,
        b"posted" => META,
        b"expand" | b"toggle" | b"panel" | b"answer" => ACCORDION,
        b"slider" | b"slick" | b"swiper" => CAROUSEL,
        b"hidden" => UNSEEN,
        b"detail" | b"specs" => DETAIL,
        b"price" | b"prices" | b"basket" | b"stock" | b"swatch" => SHOP,
        b"users" | b"member" => USER,
        _ => 0,
    }
}

fn long(word: &[u8]) -> u64 {
    match word {
        b"sitenav" | b"mainnav" => NAV,
        b"submenu" | b"mainmenu" | b"megamenu" | b"dropdown" => MENU,
        b"masthead" => HEADER,
        b"colophon" => FOOTER,
        b"sidebar" => SIDEBAR,
        b"widgets" => WIDGET,
        b"related" | b"trending" | b"popular" | b"outbrain" | b"taboola" | b"recirc" | b"readmore" | b"mostread" => {
            RELATED
        }
        b"sharing" | b"socials" | b"facebook" | b"twitter" | b"whatsapp" | b"addthis" | b"sharebar" => SHARE,
        b"cookies" | b"consent" | b"onetrust" | b"privacy" => COOKIE,
        b"adsense" | b"adslot" | b"sponsor" | b"adverts" => ADVERT,
        b"comment" | b"comments" | b"disqus" => COMMENTS,
        b"respond" | b"replies" => RESPOND,
        b"postmeta" | b"dateline" | b"datetime" => META,
        b"authors" => AUTHOR,
        b"tagcloud" | b"category" => TAGS,
        b"register" | b"account" => LOGIN,
        b"overlay" | b"lightbox" | b"paywall" => MODAL,
        b"article" => ARTICLE,
        b"content" => CONTENT,
        b"heading" | b"headline" => TITLE,
        b"caption" => CAPTION,
        b"listing" => LIST,
        b"ratings" | b"reviews" => RATING,
        b"credits" => CREDIT,
        b"summary" | b"abstract" | b"excerpt" => SUMMARY,
        b"product" | b"products" => PRODUCT,
        b"message" => FORUM,
        b"footnote" | b"citation" => REFERENCES,
        b"toolbar" => TOOLBAR,
        b"language" | b"locale" => LANGUAGE,
        b"carousel" => CAROUSEL,
        b"collapse" | b"expanded" | b"tabpanel" | b"tabpane" => ACCORDION,
        b"donation" => PROMO,
        b"visually" => UNSEEN,
        b"tooltip" | b"popover" => TOOLTIP,
        b"details" | b"feature" | b"features" => DETAIL,
        b"pricing" | b"checkout" | b"shipping" | b"delivery" | b"quantity" | b"variant" | b"variants" | b"wishlist" => {
            SHOP
        }
        b"profile" | b"userinfo" => USER,
        _ => 0,
    }
}

fn longer(word: &[u8]) -> u64 {
    match word {
        b"navigation" => NAV,
        b"breadcrumb" | b"breadcrumbs" => BREADCRUMB,
        b"pagination" => PAGINATION,
        b"recommended" | b"recommendation" | b"recommendations" => RELATED,
        b"sharedaddy" | b"socialshare" => SHARE,
        b"newsletter" | b"newsletters" | b"subscribe" | b"subscription" | b"mailchimp" | b"mailinglist" => NEWSLETTER,
        b"promotion" | b"promotions" | b"promotional" => PROMO,
        b"advertisement" | b"advertising" | b"sponsored" | b"adsbygoogle" => ADVERT,
        b"commentlist" | b"commentform" => COMMENTS,
        b"published" | b"timestamp" => META,
        b"copyright" => FOOTER,
        b"categories" => TAGS,
        b"disclaimer" => NOTICE,
        b"authorbox" => AUTHOR,
        b"references" | b"footnotes" | b"bibliography" | b"citations" => REFERENCES,
        b"accordion" | b"accordions" | b"collapsible" | b"collapsed" | b"expandable" => ACCORDION,
        b"attribution" => CREDIT,
        b"complementary" => SIDEBAR,
        b"description" => CONTENT | DETAIL,
        b"specification" | b"specifications" => DETAIL,
        b"signature" | b"signatures" => SIGNATURE,
        b"invisible" | b"offscreen" | b"screenreader" => UNSEEN,
        b"purchase" | b"availability" => SHOP,
        b"standfirst" => SUMMARY,
        b"discussion" => FORUM,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_at_signs_and_camel_case() {
        assert_eq!(by_tokens("site-nav topMenu"), NAV | MENU);
        assert_eq!(by_tokens("relatedPosts__item"), RELATED);
        assert_eq!(by_tokens("NAVIGATION"), NAV);
    }

    #[test]
    fn parts_of_longer_words_are_no_names() {
        assert_eq!(by_tokens("navy adorable shareholder menuhin"), 0);
    }
}
