#![allow(clippy::unwrap_used)]

use super::*;
use crate::block::{Block, Hidden, Kind};

fn read(html: &str, markdown: bool) -> Document<'_> {
    parse(html, &Options { markdown })
}

fn blocks(html: &str) -> Vec<Block<'_>> {
    read(html, false).blocks
}

fn texts(html: &str) -> Vec<String> {
    blocks(html).into_iter().map(|b| b.text.into_owned()).collect()
}

/// Why the block that begins with "bait" is hidden.
fn bait(html: &str) -> Option<Hidden> {
    blocks(html).into_iter().find(|b| b.text.starts_with("bait")).unwrap().hidden
}

/// The same for markup in a page with enough visible text around it.
fn among(html: &str) -> Option<Hidden> {
    let prose = "<p>Plain prose that anyone can read, at some length.</p>".repeat(4);
    bait(&format!("<body>{prose}{html}{prose}"))
}

fn styled(style: &str) -> Option<Hidden> {
    among(&format!("<div style=\"{style}\"><p>bait</p></div>"))
}

fn visible(html: &str, markdown: bool) -> String {
    let page = read(html, markdown);
    let kept: Vec<_> = page.blocks.iter().filter(|b| b.hidden.is_none()).map(|b| (b, b)).collect();
    render(&kept, markdown)
}

mod flow {
    use super::*;

    #[test]
    fn paragraphs_and_loose_text_are_blocks_with_white_space_collapsed() {
        assert_eq!(texts("<p>One  two\n three</p>loose <b>text</b><p>four"), ["One two three", "loose text", "four"]);
    }

    #[test]
    fn no_break_spaces_are_spaces_and_soft_hyphens_are_nothing() {
        assert_eq!(texts("<p>a&nbsp;&nbsp;b Weiß&shy;wein caf&eacute; &#x1F600;</p>"), ["a b Weißwein café 😀"]);
    }

    #[test]
    fn one_break_is_a_line_and_two_end_the_block() {
        assert_eq!(texts("<p>one<br>two<br> <br/>three"), ["one\ntwo", "three"]);
    }

    #[test]
    fn scripts_styles_titles_drawings_and_comments_are_no_text() {
        let page = "<title>T</title><script>var a='<p>x</p>'</script><style>p{}</style><!-- <a href=x>y</a> --><svg><text>z</text></svg><p>text";
        assert_eq!(texts(page), ["text"]);
    }

    #[test]
    fn ruby_gives_its_base() {
        assert_eq!(texts("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字"), ["漢字"]);
    }

    #[test]
    fn boxes_side_by_side_are_apart_and_letters_in_boxes_are_a_word() {
        assert_eq!(texts("<p><span>SKU 7</span><span>In stock</span>"), ["SKU 7 In stock"]);
        assert_eq!(texts("<p><span>H</span><span>e</span><span>y</span>"), ["Hey"]);
        assert_eq!(texts("<p><span>O</span>nce"), ["Once"]);
    }

    #[test]
    fn kinds_follow_the_elements() {
        let page = "<h2>h</h2><ul><li>i</ul><blockquote><p>q</blockquote><pre>c\n  d</pre><figure><figcaption>f</figure><table><tr><td>1<td>2</table>";
        let kinds: Vec<_> = blocks(page).iter().map(|b| b.kind).collect();
        assert_eq!(kinds, [Kind::Heading, Kind::Item, Kind::Quote, Kind::Code, Kind::Caption, Kind::Row]);
    }

    #[test]
    fn code_keeps_its_white_space() {
        assert_eq!(texts("<pre>\nif x:\n    <b>y</b>()\n\nend\n</pre>"), ["if x:\n    y()\n\nend"]);
    }

    #[test]
    fn rows_of_data_are_one_block_and_tables_of_layout_are_none() {
        assert_eq!(
            texts("<table><tr><th>Year<th>Sum<tr><td>1999<td><p>7<br>8</p></table>"),
            ["Year\tSum", "1999\t7 8"]
        );
        assert_eq!(texts("<table><tr><td><h1>a</h1><p>b</p><td><ul><li>c</ul></table>"), ["a", "b", "c"]);
        assert_eq!(texts("<table><tr><td>a<td><table><tr><td>b<td>c</table></table>"), ["a", "b\tc"]);
    }

    #[test]
    fn nested_lists_know_their_depth_and_only_the_first_block_is_the_item() {
        let page = blocks("<ol start=3><li>a<ul><li>b</ul>after<li><p>c</p><p>d</p></ol>");
        let found: Vec<_> = page.iter().map(|b| (&*b.text, b.kind, b.place.level, b.place.ordinal)).collect();
        let expected = [
            ("a", Kind::Item, 1, 3),
            ("b", Kind::Item, 2, 0),
            ("after", Kind::Paragraph, 1, 0),
            ("c", Kind::Item, 1, 4),
            ("d", Kind::Paragraph, 1, 0),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_speaker_and_a_time_are_apart() {
        assert_eq!(texts("<cite>Ada:</cite><time>1:02</time><p>Well."), ["Ada: 1:02", "Well."]);
    }

    #[test]
    fn controls_are_blocks_of_a_form() {
        let page = blocks(
            "<form><label>Name</label><select><option>One<option>Two</select><textarea>x</textarea><button>Send</button></form><p>text of the page, longer than the form",
        );
        let form: Vec<_> = page.iter().filter(|b| b.place.form).map(|b| &*b.text).collect();
        assert_eq!(form, ["Name", "One", "Two", "x", "Send"]);
    }

    #[test]
    fn lines_are_those_of_the_source() {
        let page =
            "<html>\n<p>one\n two</p>\r\n<div\n class=x>three <br>\n<a href=y>four</a></div>\n<pre>\n5\n6\n</pre>";
        let lines: Vec<_> = blocks(page).iter().map(|b| b.lines).collect();
        assert_eq!(lines, [(2, 3), (5, 6), (8, 9)]);
    }
}

mod links {
    use super::*;

    #[test]
    fn links_know_their_text_target_and_rel() {
        let page = blocks(
            "<p>See <a href=' /x?a=1&amp;b=2 ' rel='UGC nofollow'>this <i>page</i></a>, <a name=n>not</a> that.",
        );
        let link = &page[0].links[0];
        assert_eq!((&page[0].text[link.span.clone()], &*link.href, link.nofollow), ("this page", "/x?a=1&b=2", true));
        assert_eq!(page[0].links.len(), 1);
    }

    #[test]
    fn runs_of_anchors_are_one_block_each() {
        for run in [
            "<a href=1>a</a> <a href=2>b</a>",
            "<a href=1>a</a> | <a href=2>b</a>",
            "<a href=1>a</a><br><a href=2>b</a>",
            "<span><a href=1>a</a></span>, <span><a href=2>b</a></span>",
            "<div><a href=1>a</a></div><div><a href=2>b</a></div>",
        ] {
            let page = blocks(run);
            let found: Vec<_> = page.iter().map(|b| (&*b.text, &*b.links[0].href, b.links[0].span.clone())).collect();
            assert_eq!(found, [("a", "1", 0..1), ("b", "2", 0..1)], "{run}");
        }
    }

    #[test]
    fn anchors_that_lost_their_target_are_anchors_and_marked_places_are_not() {
        let page = read(
            "<div><a>Hacklink panel</a> <a>Hacklink</a></div><p><a name=x>A part</a> <a id=y>of</a> text</p>",
            false,
        );
        assert_eq!(
            page.blocks.iter().map(|b| &*b.text).collect::<Vec<_>>(),
            ["Hacklink panel", "Hacklink", "A part of text"]
        );
        assert_eq!(page.blocks.iter().map(|b| b.links.len()).collect::<Vec<_>>(), [1, 1, 0]);
    }

    #[test]
    fn anchors_in_a_sentence_stay_in_it() {
        assert_eq!(texts("<p><a href=1>One</a> and <a href=2>two</a></p>"), ["One and two"]);
    }

    #[test]
    fn anchors_on_lines_of_their_own_know_them() {
        let page = blocks("<div>\n<a href=1>a</a>\n<a href=2>b</a>\n</div>");
        assert_eq!(page.iter().map(|b| b.lines.0).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn a_link_around_blocks_belongs_to_each() {
        let page = blocks("<a href=x><h3>Head</h3><p>Body</p></a>");
        assert!(page.len() == 2 && page.iter().all(|b| b.links.len() == 1));
    }

    #[test]
    fn a_link_around_an_image_has_no_text() {
        let page = blocks("<p>Buy <a href=x><img src=i alt=no></a> now");
        assert_eq!((&*page[0].text, page[0].links[0].span.is_empty()), ("Buy now", true));
    }
}

mod hiding {
    use super::*;

    #[test]
    fn styles_that_hide() {
        let cases = [
            ("display:none", Hidden::Display),
            ("DISPLAY : NONE ! important", Hidden::Display),
            (r"d\69splay:n\6fne", Hidden::Display),
            ("display:/**/none", Hidden::Display),
            ("visibility:collapse", Hidden::Display),
            ("opacity:0.05", Hidden::Tiny),
            ("font-size:1px;line-height:0", Hidden::Tiny),
            ("font:0/0 serif", Hidden::Tiny),
            ("transform:scale(0)", Hidden::Tiny),
            ("filter:opacity(0)", Hidden::Tiny),
            ("position:absolute;left:-987px", Hidden::Offscreen),
            ("position:fixed;top:-200vh", Hidden::Offscreen),
            ("text-indent:-9999px", Hidden::Offscreen),
            ("margin-left:-9999px", Hidden::Offscreen),
            ("height:1px;overflow:hidden", Hidden::Clipped),
            ("max-height:0;overflow:clip", Hidden::Clipped),
            ("position:absolute;clip:rect(0,0,0,0)", Hidden::Clipped),
            ("clip-path:inset(50%)", Hidden::Clipped),
            ("color:#fff;background:#ffffff", Hidden::Colour),
            ("color:white", Hidden::Colour),
            ("color:transparent", Hidden::Colour),
            ("position:relative;z-index:-1", Hidden::Colour),
        ];
        for (style, reason) in cases {
            assert_eq!(styled(style), Some(reason), "{style}");
        }
    }

    #[test]
    fn styles_that_do_not() {
        for style in [
            "display:block",
            "opacity:.5",
            "font-size:12px",
            "left:-9999px",
            "height:0",
            "max-height:10px;overflow:hidden",
            "text-indent:-20px",
            "position:relative;left:-20px",
            "clip:rect(0,0,0,0)",
            "color:#fff;background:#036",
            "color:#fff;background:url(night.jpg)",
            "color:#767676",
            "z-index:-1",
            "transform:translate(-50%,-50%)",
        ] {
            assert_eq!(styled(style), None, "{style}");
        }
    }

    #[test]
    fn attributes_and_elements_that_hide() {
        let cases = [
            ("<div hidden><p>bait</div>", Hidden::Attribute),
            ("<div inert><p>bait</div>", Hidden::Attribute),
            ("<dialog>bait</dialog>", Hidden::Attribute),
            ("<div aria-hidden=true><p>bait</div>", Hidden::Assistive),
            ("<span class=sr-only>bait</span>", Hidden::Assistive),
            ("<noscript><p>bait</p></noscript>", Hidden::Inert),
            ("<template><p>bait</p></template>", Hidden::Inert),
            ("<marquee width=1 height=1>bait</marquee>", Hidden::Marquee),
            ("<marquee style='position:absolute;width:0px'>bait</marquee>", Hidden::Marquee),
            ("<details><summary>more</summary>bait</details>", Hidden::Folded),
            ("<DIV STYLE='DISPLAY:NONE'>bait</DIV>", Hidden::Display),
            ("<font color=white>bait</font>", Hidden::Colour),
        ];
        for (html, reason) in cases {
            assert_eq!(among(html), Some(reason), "{html}");
        }
        for html in [
            "<dialog open>bait</dialog>",
            "<details open>bait</details>",
            "<details><summary>bait</summary>x</details>",
            "<marquee>bait</marquee>",
            "<div aria-hidden=false>bait</div>",
        ] {
            assert_eq!(among(html), None, "{html}");
        }
    }

    #[test]
    fn rules_of_style_sheets_apply() {
        let with = |css: &str| among(&format!("<style>{css}</style><div class='q z' id=i data-x=1><p>bait</p></div>"));
        for css in [
            ".q{display:none}",
            "#i{display:none}",
            "div.z{display:none}",
            "[data-x]{display:none}",
            "body .z{display:none}",
            ".a,.q{display:none!important}",
            "@media screen{.q{display:none}}",
            ".q{position:fixed;top:-5000px}",
            "div:not(.y){text-indent:-999px}",
        ] {
            assert!(with(css).is_some(), "{css}");
        }
        for css in [
            ".other{display:none}",
            ".q{display:none}.q{display:block}",
            "#i{display:block}.q{display:none}",
            "@media print{.q{display:none}}",
            ".q:hover{display:none}",
            ".q::before{display:none}",
            ".q b{display:none}",
        ] {
            assert_eq!(with(css), None, "{css}");
        }
    }

    #[test]
    fn important_rules_outweigh_inline_styles() {
        assert_eq!(
            among("<style>.q{display:none!important}</style><p class=q style='display:block'>bait"),
            Some(Hidden::Display)
        );
        assert_eq!(among("<style>.q{display:none}</style><p class=q style='display:block'>bait"), None);
    }

    #[test]
    fn what_is_inherited_can_be_undone() {
        assert_eq!(styled("visibility:hidden"), Some(Hidden::Display));
        assert_eq!(among("<div style='visibility:hidden'><p style='visibility:visible'>bait</div>"), None);
        assert_eq!(among("<div style='font-size:0'><p style='font-size:14px'>bait</div>"), None);
        assert_eq!(among("<div style='display:none'><p style='display:block'>bait</div>"), Some(Hidden::Display));
        assert_eq!(among("<div style='opacity:.3'><div style='opacity:.3'><p>bait</div></div>"), Some(Hidden::Tiny));
    }

    #[test]
    fn white_text_is_only_hidden_where_the_background_is_known() {
        let page = |head: &str| {
            bait(&format!("{head}<p>visible visible visible visible visible</p><p style='color:#fff'>bait"))
        };
        assert_eq!(page(""), Some(Hidden::Colour));
        assert_eq!(page("<link rel=stylesheet href=dark.css>"), None);
        assert_eq!(page("<body bgcolor=navy>"), None);
    }

    #[test]
    fn boxes_opened_by_scripts_hide_what_stands_behind_them() {
        let page = "<script>document.write('<div style=\"position:absolute;top:-987px;left:-987px;\">');</script><a href=x>bait</a><script>document.write('</div>');</script><p>after";
        assert_eq!(among(page), Some(Hidden::Offscreen));
        assert!(blocks(page).iter().any(|b| b.text == "after" && b.hidden.is_none()));
    }

    #[test]
    fn scripts_hide_elements_by_id() {
        let with = |script: &str| among(&format!("<div id=k9><p>bait</p></div><script>{script}</script>"));
        assert!(with("document.getElementById('k9').style.display = 'none';").is_some());
        assert!(
            with("var s=document.createElement('style');s.innerHTML='#k9{position:fixed;top:-152413851px}';").is_some()
        );
        assert_eq!(with("function hide(){document.getElementById('k9').style.display='none'}"), None);
    }

    #[test]
    fn a_hidden_anchor_in_a_paragraph_is_a_block_of_its_own() {
        let page = blocks("<p>Genuine <a style='font-size:0' href=x>bait</a> sentence. It goes on for a while.</p>");
        let found: Vec<_> = page.iter().map(|b| (&*b.text, b.hidden, b.links.len())).collect();
        assert_eq!(found, [("Genuine sentence. It goes on for a while.", None, 0), ("bait", Some(Hidden::Tiny), 1)]);
    }

    #[test]
    fn accordions_tabs_and_menus_are_folded() {
        for html in [
            "<div class=accordion><div style='max-height:0;overflow:hidden'>bait</div></div>",
            "<div role=tabpanel hidden>bait</div>",
            "<nav><ul style='display:none'><li>bait</ul></nav>",
        ] {
            assert_eq!(among(html), Some(Hidden::Folded), "{html}");
        }
    }

    #[test]
    fn a_page_that_a_script_reveals_is_seen() {
        assert_eq!(bait("<body><div style='opacity:0'><p>bait and all the rest of the page</p></div><p>x"), None);
        assert_eq!(
            bait(
                "<nav>a few words in a menu</nav><main style='visibility:hidden'><h1>T</h1><p>bait and more text</p></main>"
            ),
            None
        );
        assert_eq!(among("<div hidden id='S:1a'><p>bait</p></div>"), None);
        assert!(among("<div hidden id='S:pam'><p>bait</p></div>").is_some());
    }
}

mod places {
    use super::*;

    fn place(html: &str) -> crate::block::Place {
        let prose = "<p>Plain prose that anyone can read, at some length.</p>".repeat(4);
        let page = format!("<body>{html}{prose}");
        blocks(&page).into_iter().find(|b| b.text.starts_with("here")).unwrap().place
    }

    #[test]
    fn tags_roles_and_names_tell_the_place() {
        assert!(place("<nav><a href=x>here</a></nav>").nav);
        assert!(place("<div class='breadcrumbs'>here</div>").nav);
        assert!(place("<div role=contentinfo>here</div>").footer);
        assert!(place("<aside>here</aside>").aside);
        assert!(place("<div id=relatedPosts>here</div>").aside);
        assert!(place("<main>here</main>").main);
        assert!(place("<ol class=comment-list><li>here</ol>").comments);
        assert!(place("<div class=cookie-banner>here</div>").furniture);
        assert!(place("<p class=newsletter-signup>here</p>").furniture);
    }

    #[test]
    fn prose_in_a_plain_box_is_nowhere_special() {
        let place = place("<div class=wrap><p>here</p></div>");
        assert!(
            !place.nav
                && !place.footer
                && !place.aside
                && !place.furniture
                && !place.comments
                && !place.form
                && place.whole
        );
    }

    #[test]
    fn wrappers_named_after_a_layout_are_not_believed() {
        let page = format!("<div class=has-sidebar>{}</div><p>x</p>", "<p>Plain prose.</p>".repeat(9));
        assert!(blocks(&page).iter().all(|b| !b.place.aside));
    }

    #[test]
    fn headers_of_articles_are_not_the_pages() {
        assert!(place("<header>here</header>").header);
        assert!(!place("<article><header>here</header></article>").header);
    }

    #[test]
    fn density_is_that_of_the_box_around() {
        let place = place("<ul><li><a href=x>here</a><li><a href=y>ever</a></ul>");
        assert!((place.container_density - 1.0).abs() < 1e-6 && place.container_words == 2);
    }

    #[test]
    fn text_outside_the_body_is_marked() {
        let page = blocks("<html><a href=x>before</a><body><p>in</p>\n</body>after <a href=y>link</a></html><p>end");
        let outside: Vec<_> = page.iter().map(|b| (&*b.text, b.place.outside)).collect();
        assert_eq!(outside, [("before", true), ("in", false), ("after link", true), ("end", true)]);
    }

    #[test]
    fn position_runs_from_start_to_end() {
        let page = blocks("<p>aaaa<p>bb<p>cc");
        assert_eq!(page.iter().map(|b| b.place.position).collect::<Vec<_>>(), [0.0, 0.5, 0.75]);
    }
}

mod about {
    use super::*;

    #[test]
    fn linked_data_comes_before_the_rest() {
        let page = r#"<html lang=de><title>Plain | Site</title><meta property="og:site_name" content="Site"><meta name=author content="B">
            <link rel=canonical href="https://site.example/a"><script type="application/ld+json">
            {"@graph":[{"@type":"WebSite","name":"no"},{"@type":["NewsArticle"],"headline":"Head","author":[{"name":"A"},{"name":"C"}],"datePublished":"2024-05-06"}]}</script>"#;
        let about = read(page, false).metadata;
        assert_eq!(about.title.as_deref(), Some("Head"));
        assert_eq!(about.author.as_deref(), Some("A, C"));
        assert_eq!(about.published.as_deref(), Some("2024-05-06"));
        assert_eq!(about.site.as_deref(), Some("Site"));
        assert_eq!(about.url.as_deref(), Some("https://site.example/a"));
        assert_eq!(about.language.as_deref(), Some("de"));
    }

    #[test]
    fn saved_pages_say_where_from() {
        let single = "<!--\n Page saved with SingleFile \n url: https://site.example/x \n saved date: today\n--><p>x";
        assert_eq!(read(single, false).metadata.url.as_deref(), Some("https://site.example/x"));
        let browser = "<!-- saved from url=(0022)https://site.example/y -->\n<html><p>x";
        assert_eq!(read(browser, false).metadata.url.as_deref(), Some("https://site.example/y"));
    }

    #[test]
    fn broken_linked_data_is_passed_over() {
        assert_eq!(
            read("<title> A  b </title><script type='application/ld+json'>{oops</script>", false)
                .metadata
                .title
                .as_deref(),
            Some("A b")
        );
    }
}

mod rendering {
    use super::*;

    const PAGE: &str = "<h2>On <i>tea</i></h2><p>Boil<br>water, <b>then</b> <a href='/wait'>wait</a>.</p><ul><li>one<li>two<ol><li>deep</ol></ul>\
        <blockquote>Q</blockquote><table><tr><th>a<th>b<tr><td>1<td>2</table><pre>x\n\n y</pre>";

    #[test]
    fn as_text() {
        assert_eq!(
            visible(PAGE, false),
            "On tea\n\nBoil\nwater, then wait.\n\none\ntwo\ndeep\n\nQ\n\na\tb\n1\t2\n\nx\n\n y\n"
        );
    }

    #[test]
    fn as_markdown() {
        let expected = "## On *tea*\n\nBoil\\\nwater, **then** [wait](/wait).\n\n- one\n- two\n  1. deep\n\n> Q\n\n\
            | a | b |\n| --- | --- |\n| 1 | 2 |\n\n```\nx\n\n y\n```\n";
        assert_eq!(visible(PAGE, true), expected);
    }

    #[test]
    fn shortened_blocks_keep_their_links_and_stay_escaped() {
        let page = read("<ul><li>A*b <b>gone</b> <a href=x>c</a></ul>", true);
        let mut left = page.blocks[0].clone();
        left.text = "A*b c".into();
        left.links[0].span = 4..5;
        assert_eq!(render(&[(&page.blocks[0], &left)], true), "- A\\*b [c](x)\n");
    }

    #[test]
    fn an_item_whose_parent_is_gone_is_no_code() {
        let page = read("<ul><li>a<ul><li>b<ul><li>c</ul></ul></ul>", true);
        assert_eq!(render(&[(&page.blocks[2], &page.blocks[2])], true), "- c\n");
    }

    #[test]
    fn nothing_kept_is_nothing_written() {
        assert_eq!(render(&[], false), "");
    }
}

mod hostile {
    use super::*;

    #[test]
    fn deep_nesting_still_gives_its_text() {
        let page = format!("<title>T</title><p>before {}<p>deep <a href=x>link</a>", "<div>".repeat(100_000));
        let page = read(&page, false);
        let found: Vec<_> = page.blocks.iter().map(|b| &*b.text).collect();
        assert_eq!(found, ["before", "deep link"]);
        assert_eq!(page.metadata.title.as_deref(), Some("T"));
        assert_eq!(page.blocks[1].links.len(), 1);
    }

    #[test]
    fn formatting_bombs_still_give_their_text() {
        let page = "<font size=1>x<p>y".repeat(20_000);
        assert!(exceeded(&page).is_some());
        assert!(blocks(&page).len() >= 20_000);
    }

    #[test]
    fn attribute_bombs_and_data_addresses_are_cut() {
        let many: String = (0..100_000).fold(String::new(), |all, i| all + &format!(" a{i}=v"));
        let page = format!("<p{many}>one</p><img src='data:image/gif;base64,{}'><p>two", "A".repeat(1 << 20));
        assert_eq!(texts(&page), ["one", "two"]);
    }

    #[test]
    fn hidden_text_is_found_beyond_the_limits_too() {
        let page = format!("{}<div style='display:none'>bait</div>seen<script>x</script>", "<div>".repeat(1000));
        let found: Vec<_> = blocks(&page).into_iter().map(|b| (b.text.into_owned(), b.hidden)).collect();
        assert_eq!(found, [("bait".to_owned(), Some(Hidden::Display)), ("seen".to_owned(), None)]);
    }

    #[test]
    fn style_sheets_that_match_everything_cost_no_more_than_their_budget() {
        let rules = (0..5000).fold(String::new(), |all, i| all + &format!(".x:not(.q{i}){{opacity:.5}}"));
        let page =
            format!("<style>{rules}.z{{display:none}}</style>{}<p class=z>bait", "<p class=x>y</p>".repeat(5000));
        assert_eq!(blocks(&page).last().unwrap().hidden, Some(Hidden::Display));
    }

    #[test]
    fn anything_is_a_page() {
        for page in [
            "",
            "<",
            "</",
            "<!",
            "<!--",
            "&",
            "<a",
            "<a href",
            "<p style=",
            "<script>",
            "<style>{",
            "\0",
            "<table><td><table>",
            "<svg><p>x",
            "<template><td>",
            "<details><summary>",
            "<style>}}{</style><b>",
            "<script>document.write(\"<div",
        ] {
            let _ = visible(page, true);
        }
    }

    #[test]
    fn text_comes_from_any_script() {
        assert_eq!(
            texts("<p dir=rtl>שלום עולם</p><p>Привет&#44; мир</p><p>สวัสดี</p>"),
            ["שלום עולם", "Привет, мир", "สวัสดี"]
        );
    }
    #[test]
    fn a_link_ends_where_its_text_does() {
        for markdown in [false, true] {
            let document =
                read("<p>We met <a href=\"https://a.example/\"><b>at the mill<pre>by the river\n\n</a>", markdown);
            for block in &document.blocks {
                assert!(block.links.iter().all(|link| block.text.get(link.span.clone()).is_some()), "{block:?}");
            }
        }
    }
}
