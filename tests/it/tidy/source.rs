//! Rust text without its comments, and without its unit tests.

/// The code of a file up to its unit tests, comments blanked out. Strings stay. Good for looking for words, not for compiling.
pub(super) fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or(text);
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let taken = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if character == '"' {
            let end = string_end(rest);
            code.push_str(&rest[..end]);
            end
        } else if rest.starts_with("'\"'") {
            code.push_str("'\"'");
            3
        } else {
            code.push(character);
            character.len_utf8()
        };
        rest = &rest[taken..];
    }
    code
}

/// Where a string that begins at the start of `text` ends, its quotation marks included.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The strings of code without comments, without their quotation marks.
pub(super) fn strings(code: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find('"') {
        let end = start + string_end(&rest[start..]);
        found.push(rest[start + 1..end].trim_end_matches('"'));
        rest = &rest[end..];
    }
    found
}

#[test]
fn comments_and_unit_tests_are_left_out() {
    let text = "let a = \"// \\\" kept\"; // gone\n/* gone */ b('\"');\n#[cfg(test)]\nmod tests {}";
    assert_eq!(code(text), "let a = \"// \\\" kept\"; \n b('\"');\n");
    assert_eq!(strings("f(\"one\", \"two \\\" three\")"), ["one", "two \\\" three"]);
}
