//! The tree of a page, each node with its line in the source.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::hash::{Hash, Hasher};

use ego_tree::NodeId;
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, QualName, TokenizerResult, local_name};
use scraper::{Html, HtmlTreeSink};

/// Input is fed in pieces of at most this many bytes, since a tendril's length has 32 bits.
const PIECE: usize = 64 << 20;

/// A parsed page.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) html: Html,
    /// The line of each node, by its number.
    lines: Vec<u32>,
    /// The numbers of the first node after `<body>` and after `</body>`.
    body: (usize, usize),
}

impl Tree {
    /// The line a node begins on. For an element it is where its start tag ends.
    pub(super) fn line(&self, id: NodeId) -> u32 {
        self.lines.get(number(id)).copied().unwrap_or(1)
    }

    /// Whether a node was written before `<body>` or after its end.
    pub(super) fn outside(&self, id: NodeId) -> bool {
        !(self.body.0..self.body.1).contains(&number(id))
    }
}

/// A node's number. The tree counts nodes up but only shows the number to a hasher.
fn number(id: NodeId) -> usize {
    let mut catch = Catch(0);
    id.hash(&mut catch);
    catch.0
}

struct Catch(usize);

impl Hasher for Catch {
    fn finish(&self) -> u64 {
        self.0 as u64
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().rev().fold(0, |n, &b| n << 8 | usize::from(b));
    }

    fn write_usize(&mut self, n: usize) {
        // Counted from one, to leave room for "none".
        self.0 = n - 1;
    }
}

/// Parses a page given in pieces. With scripts on, as browsers have them, `<noscript>` holds its markup as text.
pub(super) fn build<'p>(pieces: impl IntoIterator<Item = &'p str>, first_line: u32) -> Tree {
    let builder = TreeBuilder::new(Sink::new(), TreeBuilderOpts { drop_doctype: true, ..TreeBuilderOpts::default() });
    let watch = Watch { builder, base: first_line.saturating_sub(1) };
    let tokenizer = Tokenizer::new(watch, options());
    feed(&tokenizer, pieces);
    tokenizer.end();
    tokenizer.sink.builder.sink.finish()
}

/// How a tokenizer is set up that [`feed`] feeds: left to itself it takes a byte order mark off the start of every piece.
pub(super) fn options() -> TokenizerOpts {
    TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() }
}

/// Feeds all pieces, less a byte order mark at their start, to a tokenizer, never running scripts or changing the encoding.
pub(super) fn feed<'p, S: TokenSink>(tokenizer: &Tokenizer<S>, pieces: impl IntoIterator<Item = &'p str>) {
    let queue = BufferQueue::default();
    let mut pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
    let first = pieces.next().map(|first| first.strip_prefix('\u{feff}').unwrap_or(first));
    for mut piece in first.into_iter().chain(pieces) {
        while !piece.is_empty() {
            let end =
                (PIECE.min(piece.len())..=piece.len()).find(|&i| piece.is_char_boundary(i)).unwrap_or(piece.len());
            let (part, rest) = piece.split_at(end);
            queue.push_back(StrTendril::from_slice(part));
            while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
            piece = rest;
        }
    }
}

/// Passes tokens to the tree builder, noting lines and the ends of the body.
struct Watch {
    builder: TreeBuilder<NodeId, Sink>,
    base: u32,
}

impl TokenSink for Watch {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        let sink = &self.builder.sink;
        let line_here = self.base + line as u32;
        match &token {
            // The line is that of the end of the token.
            Token::CharacterTokens(text) => {
                sink.line.set(line_here.saturating_sub(memchr::memchr_iter(b'\n', text.as_bytes()).count() as u32));
            }
            Token::TagToken(tag) => {
                sink.line.set(line_here);
                match (tag.kind, &tag.name) {
                    (TagKind::StartTag, &local_name!("body")) => sink.enter_body(),
                    (TagKind::EndTag, &local_name!("body") | &local_name!("html")) => sink.leave_body(),
                    _ => {}
                }
            }
            _ => {}
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// `scraper`'s sink, with lines.
struct Sink {
    inner: HtmlTreeSink,
    line: Cell<u32>,
    lines: RefCell<Vec<u32>>,
    start: Cell<Option<usize>>,
    end: Cell<Option<usize>>,
    /// The body has just ended: text must not be merged with what stands in it.
    fresh: Cell<bool>,
}

impl Sink {
    fn new() -> Self {
        Self {
            inner: HtmlTreeSink::new(Html::new_document()),
            line: Cell::new(1),
            lines: RefCell::new(vec![1]),
            start: Cell::new(None),
            end: Cell::new(None),
            fresh: Cell::new(false),
        }
    }

    fn size(&self) -> usize {
        self.inner.0.borrow().tree.values().len()
    }

    /// Gives the nodes just made the current line.
    fn note(&self) {
        self.lines.borrow_mut().resize(self.size(), self.line.get());
    }

    fn enter_body(&self) {
        if self.start.get().is_none() {
            self.start.set(Some(self.size()));
        }
    }

    fn leave_body(&self) {
        if self.end.get().is_none() {
            self.end.set(Some(self.size()));
            self.fresh.set(true);
        }
    }
}

impl TreeSink for Sink {
    type Output = Tree;
    type Handle = NodeId;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree {
        self.note();
        let body = (self.start.get().unwrap_or(0), self.end.get().unwrap_or(usize::MAX));
        Tree { html: self.inner.finish(), lines: self.lines.into_inner(), body }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.inner.set_quirks_mode(mode);
    }

    fn get_document(&self) -> NodeId {
        self.inner.get_document()
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Ref<'a, QualName> {
        self.inner.elem_name(target)
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, flags: ElementFlags) -> NodeId {
        let id = self.inner.create_element(name, attrs, flags);
        self.note();
        id
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        let id = self.inner.create_comment(text);
        self.note();
        id
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        let id = self.inner.create_pi(target, data);
        self.note();
        id
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        if matches!(child, NodeOrText::AppendText(_)) && self.fresh.take() {
            let wall = self.inner.create_comment(StrTendril::new());
            self.inner.append(parent, NodeOrText::AppendNode(wall));
        }
        self.inner.append(parent, child);
        self.note();
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        self.inner.append_before_sibling(sibling, child);
        self.note();
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        self.inner.append_based_on_parent_node(element, previous, child);
        self.note();
    }

    fn append_doctype_to_document(&self, name: StrTendril, public_id: StrTendril, system_id: StrTendril) {
        self.inner.append_doctype_to_document(name, public_id, system_id);
        self.note();
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.inner.remove_from_parent(target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.inner.reparent_children(node, new_parent);
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attrs: Vec<Attribute>) {
        self.inner.add_attrs_if_missing(target, attrs);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.inner.get_template_contents(target)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use scraper::Node;

    /// The nodes of a tree with their depth, but for the document type and for empty comments, with which the end of the body is
    /// marked; texts that then stand side by side are one.
    fn nodes(html: &Html) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for node in html.tree.root().descendants() {
            let depth = node.ancestors().count();
            match node.value() {
                Node::Comment(comment) if comment.is_empty() => {}
                Node::Doctype(_) | Node::Document | Node::Fragment => {}
                Node::Text(text) => match found.last_mut().filter(|last| last.starts_with(&format!("{depth} text "))) {
                    Some(last) => last.push_str(text),
                    None => found.push(format!("{depth} text {}", &**text)),
                },
                Node::Element(element) => {
                    let attributes: Vec<_> = element.attrs().collect();
                    found.push(format!("{depth} <{:?} {attributes:?}>", element.name));
                }
                other => found.push(format!("{depth} {other:?}")),
            }
        }
        found
    }

    fn pieces(html: &str) -> Vec<&str> {
        let cuts = html.char_indices().map(|(at, _)| at).filter(|at| at % 7 == 3).chain([html.len()]);
        let mut from = 0;
        cuts.map(|to| &html[std::mem::replace(&mut from, to)..to]).collect()
    }

    fn agrees(html: &str) {
        let plain = nodes(&Html::parse_document(html));
        assert_eq!(nodes(&build([html], 1).html), plain, "{html}");
        assert_eq!(nodes(&build(pieces(html), 1).html), plain, "in pieces: {html}");
    }

    const NASTY: &[&str] = &[
        "",
        "text alone",
        "<p>one<p>two<b>three<p>four</b>five",
        "<b><i>a</b>b</i><a href=1>c<a href=2>d</a>e",
        "<table>out<tr><td>in</table>after",
        "<table><tr><td><table><caption>x<td>y</table>z<th>w",
        "<ul><li>a<li>b<ul><li>c</ul>d</ul>",
        "<svg><title>t<p>broken out</svg><math><mi>x<b>y</math>",
        "<svg><foreignObject><p>in</p></foreignObject><![CDATA[raw <b>]]></svg>",
        "<template><tr><td>x</template><div>y",
        "<noscript><p>hidden</noscript><script>if (a<b) '</p>'</script>",
        "<script><!--<script></script>--></script>rest",
        "<style>p{}</style><title>a<b>c</title><textarea>\n\n<p>x</textarea>",
        "<select><option>a<option>b<optgroup><option>c</select>",
        "<form><form><input></form></form><button><button>x",
        "<p>a</p></body><p>after</p></html><!-- end -->more text",
        "a</body>b</html>c<body class=x>d",
        "<body a=1><body a=2 b=3><html lang=en><head><title>late</title>",
        "<!DOCTYPE html><!-- a --><!----><!-><!--- x --!><?pi x?></ x>",
        "<div a=1 A=2 'b=\"<\" c=&amp;&lt x=&notit;>&#x80;&#0;&amp;&AMP&nosuch;</div",
        "<frameset><frame></frameset><noframes>x",
        "<image src=x></br></p><hr/><br></div></b>",
        "<dl><dt>a<dd>b<dt>c</dl><ruby>a<rt>b<rp>c</ruby>",
        "<h1>a<h2>b</h1>c<nobr>d<nobr>e<marquee>f</marquee>",
        "<plaintext><p>all of it</p>",
        "a\0b\r\nc\rd\u{feff}\u{fffd}<p\0x>é静👍",
        "<x-y z><x-y/></x-y><a><div><a></div></a>",
        "\u{feff}\u{feff}abcde\u{feff}fg<p>\u{feff}hijklmn\u{feff}</p>",
        "<pre>\n\nx</pre><listing>\ny</listing><xmp><b></xmp>",
    ];

    #[test]
    fn the_tree_is_that_of_scraper() {
        NASTY.iter().for_each(|html| agrees(html));
        agrees(&NASTY[..24].concat());
        let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/cases");
        let pages = std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path());
        let pages: Vec<_> = pages.filter(|path| path.extension().is_some_and(|ending| ending == "html")).collect();
        assert!(pages.len() > 5);
        pages.iter().for_each(|path| agrees(&String::from_utf8_lossy(&std::fs::read(path).unwrap())));
    }

    proptest! {
        #[test]
        fn the_tree_of_any_mixture_is_that_of_scraper(parts in proptest::collection::vec((0..NASTY.len(), 0..40_usize, 0..30_usize), 0..9)) {
            let part = |&(at, from, n): &(usize, usize, usize)| NASTY[at].chars().skip(from).take(n).collect::<String>();
            agrees(&parts.iter().map(part).collect::<String>());
        }
    }
}
