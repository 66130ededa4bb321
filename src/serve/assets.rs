//! The page itself, built from page/ and embedded in the program: no network, no Node for whoever uses it. And the same page with a run in it, as one file.

use super::message::Show;
use include_dir::{Dir, include_dir};
use serde_json::Value as Json;

static PAGE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/serve/page");

/// A file of the page: its bytes and their type.
pub fn asset(name: &str) -> Option<(&'static [u8], &'static str)> {
    let file = PAGE.get_file(name)?;
    let kind = match name.rsplit('.').next()? {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    };
    Some((file.contents(), kind))
}

fn text(name: &str) -> &'static str {
    let file = PAGE.get_file(name);
    file.and_then(|file| file.contents_utf8())
        .unwrap_or_default()
}

/// A run as one HTML file that plays without a server and without a network. `None`: the page was not built.
pub fn replay(hello: &Json, show: &Show) -> Option<String> {
    let index = text("index.html");
    let (head, rest) = without(index, "<link", "app.css", ">")?;
    let index = format!("{head}<style>\n{}\n</style>{rest}", text("app.css"));
    let (head, rest) = without(&index, "<script", "app.js", "</script>")?;
    let index = format!("{head}{rest}");
    let data = serde_json::json!({ "hello": hello, "show": show });
    // Within a script a "<" could end it.
    let data = data.to_string().replace('<', "\\u003c");
    let (head, rest) = index.rsplit_once("</body>")?;
    Some(format!(
        "{head}<script type=\"application/json\" id=\"replay\">{data}</script>\n<script>\n{}\n</script>\n</body>{rest}",
        text("app.js")
    ))
}

/// A text before and after the element that begins so, names a file and ends so.
fn without<'a>(text: &'a str, begins: &str, names: &str, ends: &str) -> Option<(&'a str, &'a str)> {
    let named = text.find(names)?;
    let from = text[..named].rfind(begins)?;
    let until = named + text[named..].find(ends)? + ends.len();
    Some((&text[..from], &text[until..]))
}
