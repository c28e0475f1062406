//! `$filter`: the OData v3 subset the API documents, and its evaluation on records.

use std::cmp::Ordering;

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::answer::Refusal;
use super::config::Collation;
use super::decode::moment;
use super::facts::{Entity, Facts, Kind};
use super::record::{Record, Scalar};

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Compare { path: String, op: Op, literal: Option<Scalar> },
    Function { name: Function, path: String, text: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    SubstringOf,
    StartsWith,
    EndsWith,
}

/// Parses a condition on `entity`.
///
/// # Errors
/// A 500 for syntax and for a literal whose type does not fit its field (measured on 26.101: "incompatible types"); a 501 for what is
/// documented as unsupported or is not simulated.
pub(crate) fn parse(facts: &Facts, entity: &Entity, text: &str) -> Result<Expr, Refusal> {
    let mut parser = Parser { facts, entity, tokens: tokens(text)?, at: 0 };
    let expr = parser.or()?;
    match parser.tokens.get(parser.at) {
        None => Ok(expr),
        Some(token) => Err(syntax(&format!("unexpected {token:?}"))),
    }
}

impl Expr {
    /// Whether the record fulfils the condition.
    pub(crate) fn matches(&self, record: &Record, collation: Collation) -> bool {
        match self {
            Expr::And(left, right) => left.matches(record, collation) && right.matches(record, collation),
            Expr::Or(left, right) => left.matches(record, collation) || right.matches(record, collation),
            Expr::Compare { path, op, literal } => compare(record.at(path), *op, literal.as_ref(), collation),
            Expr::Function { name, path, text } => {
                let Some(Scalar::Text(value)) = record.at(path) else { return false };
                let (value, text) = match collation {
                    Collation::CaseInsensitive => (value.to_lowercase(), text.to_lowercase()),
                    Collation::CaseSensitive => (value.clone(), text.clone()),
                };
                match name {
                    Function::SubstringOf => value.contains(&text),
                    Function::StartsWith => value.starts_with(&text),
                    Function::EndsWith => value.ends_with(&text),
                }
            }
        }
    }
}

/// As in SQL, a comparison with a null field is not true, whichever the operator; only `null` literals find nulls.
fn compare(field: Option<&Scalar>, op: Op, literal: Option<&Scalar>, collation: Collation) -> bool {
    let (field, literal) = match (field, literal) {
        (field, None) => return if op == Op::Eq { field.is_none() } else { op == Op::Ne && field.is_some() },
        (None, Some(_)) => return false,
        (Some(field), Some(literal)) => (field, literal),
    };
    let order = match (field, literal) {
        (Scalar::Text(field), Scalar::Text(literal)) => collation.fold(field).cmp(&collation.fold(literal)),
        (Scalar::Number(field), Scalar::Number(literal)) => field.cmp(literal),
        (Scalar::Flag(field), Scalar::Flag(literal)) => field.cmp(literal),
        (Scalar::Moment(field), Scalar::Moment(literal)) => field.cmp(literal),
        _ => return false,
    };
    match op {
        Op::Eq => order == Ordering::Equal,
        Op::Ne => order != Ordering::Equal,
        Op::Gt => order == Ordering::Greater,
        Op::Ge => order != Ordering::Less,
        Op::Lt => order == Ordering::Less,
        Op::Le => order != Ordering::Greater,
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Moment(Timestamp),
    Open,
    Close,
    Comma,
}

fn tokens(text: &str) -> Result<Vec<Token>, Refusal> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, left) = match first {
            '(' => (Token::Open, &rest[1..]),
            ')' => (Token::Close, &rest[1..]),
            ',' => (Token::Comma, &rest[1..]),
            '\'' => {
                let (text, left) = quoted(&rest[1..])?;
                (Token::Text(text), left)
            }
            _ => {
                let end = rest.find([' ', '(', ')', ',', '\'']).unwrap_or(rest.len());
                let (word, left) = rest.split_at(end);
                match left.strip_prefix('\'') {
                    // A typed literal: datetimeoffset'…' or date'…' (Integration Development Guide, "$filter").
                    Some(left) if matches!(word, "datetimeoffset" | "date") => {
                        let (text, left) = quoted(left)?;
                        let moment = moment(&text, word == "date").ok_or_else(|| syntax(&format!("{word}'{text}'")))?;
                        (Token::Moment(moment), left)
                    }
                    Some(_) => return Err(Refusal::NotSimulated(format!("$filter literal of type {word}"))),
                    None => (Token::Word(word.to_owned()), left),
                }
            }
        };
        found.push(token);
        rest = left.trim_start();
    }
    Ok(found)
}

/// Reads up to the closing quote; a quote inside a string is doubled.
fn quoted(text: &str) -> Result<(String, &str), Refusal> {
    let mut read = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('\'').ok_or_else(|| syntax("a string without its closing quote"))?;
        read.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(left) => {
                read.push('\'');
                rest = left;
            }
            None => return Ok((read, rest)),
        }
    }
}

struct Parser<'a> {
    facts: &'a Facts,
    entity: &'a Entity,
    tokens: Vec<Token>,
    at: usize,
}

impl Parser<'_> {
    fn next(&mut self) -> Result<Token, Refusal> {
        let token = self.tokens.get(self.at).cloned().ok_or_else(|| syntax("the expression ends too early"))?;
        self.at += 1;
        Ok(token)
    }

    fn expect(&mut self, wanted: &Token) -> Result<(), Refusal> {
        let found = self.next()?;
        if found == *wanted { Ok(()) } else { Err(syntax(&format!("{wanted:?} expected, {found:?} found"))) }
    }

    fn took_word(&mut self, word: &str) -> bool {
        let took = self.tokens.get(self.at) == Some(&Token::Word(word.to_owned()));
        self.at += usize::from(took);
        took
    }

    fn or(&mut self) -> Result<Expr, Refusal> {
        let mut left = self.and()?;
        while self.took_word("or") {
            left = Expr::Or(Box::new(left), Box::new(self.and()?));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Expr, Refusal> {
        let mut left = self.term()?;
        while self.took_word("and") {
            left = Expr::And(Box::new(left), Box::new(self.term()?));
        }
        Ok(left)
    }

    fn term(&mut self) -> Result<Expr, Refusal> {
        let word = match self.next()? {
            Token::Open => {
                let inner = self.or()?;
                self.expect(&Token::Close)?;
                return Ok(inner);
            }
            Token::Word(word) => word,
            other => return Err(syntax(&format!("a field expected, {other:?} found"))),
        };
        if self.tokens.get(self.at) == Some(&Token::Open) {
            return self.function(&word);
        }
        let kind = self.kind(&word)?;
        let op = match self.next()? {
            Token::Word(op) => match op.as_str() {
                "eq" => Op::Eq,
                "ne" => Op::Ne,
                "gt" => Op::Gt,
                "ge" => Op::Ge,
                "lt" => Op::Lt,
                "le" => Op::Le,
                other => return Err(syntax(&format!("operator {other}"))),
            },
            other => return Err(syntax(&format!("an operator expected, {other:?} found"))),
        };
        let literal = literal(&kind, &self.next()?, &word)?;
        Ok(Expr::Compare { path: word, op, literal })
    }

    /// `substringof('part', Field)`, `startswith(Field, 'part')`, `endswith(Field, 'part')`; no other function is documented.
    fn function(&mut self, word: &str) -> Result<Expr, Refusal> {
        let name = match word {
            "substringof" => Function::SubstringOf,
            "startswith" => Function::StartsWith,
            "endswith" => Function::EndsWith,
            _ => return Err(Refusal::NotSimulated(format!("$filter function {word}"))),
        };
        self.expect(&Token::Open)?;
        let first = self.next()?;
        self.expect(&Token::Comma)?;
        let second = self.next()?;
        self.expect(&Token::Close)?;
        let (path, text) = match (name, first, second) {
            (Function::SubstringOf, Token::Text(text), Token::Word(path))
            | (Function::StartsWith | Function::EndsWith, Token::Word(path), Token::Text(text)) => (path, text),
            _ => return Err(syntax(&format!("arguments of {word}"))),
        };
        match self.kind(&path)? {
            Kind::Text => Ok(Expr::Function { name, path, text }),
            _ => Err(incompatible(&path)),
        }
    }

    fn kind(&self, path: &str) -> Result<Kind, Refusal> {
        let mut entity = self.entity;
        let mut rest = path;
        loop {
            let (first, left) = rest.split_once('/').map_or((rest, None), |(first, left)| (first, Some(left)));
            match (entity.member(first), left) {
                (None, _) => return Err(syntax(&format!("{} has no field {path}", self.entity.name))),
                (Some(Kind::Linked(inner)), Some(left)) => {
                    entity = self.facts.entity(inner);
                    rest = left;
                }
                // "Filtering on detail records is unsupported, results are unpredictable" (Integration Development Guide, "$filter").
                (Some(Kind::Details(_)), _) => {
                    return Err(Refusal::NotSimulated(format!("$filter on the detail list {first}")));
                }
                (Some(kind), None) if !matches!(kind, Kind::Linked(_)) => return Ok(kind.clone()),
                (Some(_), _) => return Err(syntax(path)),
            }
        }
    }
}

fn literal(kind: &Kind, token: &Token, path: &str) -> Result<Option<Scalar>, Refusal> {
    match (kind, token) {
        (_, Token::Word(word)) if word == "null" => Ok(None),
        (Kind::Text | Kind::Guid, Token::Text(text)) => Ok(Some(Scalar::Text(text.clone()))),
        (Kind::Moment, Token::Moment(moment)) => Ok(Some(Scalar::Moment(*moment))),
        (Kind::Bool, Token::Word(word)) if word == "true" || word == "false" => Ok(Some(Scalar::Flag(word == "true"))),
        (Kind::Integer, Token::Word(word)) => match word.parse::<i64>() {
            Ok(number) => Ok(Some(Scalar::Number(number.into()))),
            Err(_) => Err(incompatible(path)),
        },
        // Decimals need the suffix: an integer against a decimal field can fail with a type-conversion error (Postman collection).
        (Kind::Decimal, Token::Word(word)) => {
            let number = word.strip_suffix(['m', 'M']).and_then(|digits| Decimal::from_str_exact(digits).ok());
            number.map(|number| Some(Scalar::Number(number))).ok_or_else(|| incompatible(path))
        }
        _ => Err(incompatible(path)),
    }
}

fn syntax(what: &str) -> Refusal {
    Refusal::exception("PX.Data.PXException", format!("$filter: {what}."))
}

fn incompatible(path: &str) -> Refusal {
    let text = format!("A binary operator with incompatible types was detected on {path}.");
    Refusal::exception("Microsoft.Data.OData.ODataException", text)
}
