# SPDX-License-Identifier: MIT
"""Small changes of C code, made on its tokens: another relation, another
junction, a negated condition, a number one off, a statement left out, another
result.

Does not know: which files, how a change is compiled, which tests find it.
"""
import collections
import re

Token = collections.namedtuple("Token", "kind text start line level")
# What is put in the place of text[start:end].
Change = collections.namedtuple("Change", "line what start end text")

TOKEN = re.compile(r"""
    (?P<space>\s+|/\*.*?\*/|^\#(?:[^\n\\]|\\.)*)
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>\d\w*)
  | (?P<name>[A-Za-z_]\w*)
  | (?P<sign><<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=
             |\.\.\.|.)
""", re.X | re.S | re.M)
DEFINED = re.compile(r"^#define \w+ +(\(?\w+ << )?(\d\w*)\)?( /\*.*)?$", re.M)

INSTEAD = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "&&": "||", "||": "&&", "+": "-", "-": "+", "*": "/", "/": "*", "%": "*",
    "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&", "+=": "-=",
    "-=": "+=", "|=": "&=", "&=": "|=", "++": "--", "--": "++",
}
# The same before a value is a sign of another kind.
UNARY_TOO = {"+", "-", "*", "&"}
# No statement begins so that can be left out.
KEPT = {"return", "if", "for", "while", "do", "switch", "case", "default",
        "else", "static", "const", "struct", "enum", "unsigned", "char",
        "goto", "sizeof", "va_list"}
RESULTS = {
    "enum extauth_err": ("EXTAUTH_OK", "EXTAUTH_INVALID"),
    "enum verdict": ("VERDICT_ACCEPTED", "VERDICT_REJECTED"),
    "enum nss_status": ("NSS_STATUS_SUCCESS", "NSS_STATUS_NOTFOUND"),
}


def tokens_of(text):
    """Returns the tokens without blanks, comments and lines of the
    preprocessor; `level` counts the braces around one."""
    found, line, level = [], 1, 0
    for match in TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if kind != "space":
            level -= token == "}"
            found.append(Token(kind, token, match.start(), line, level))
            level += token == "{"
        line += token.count("\n")
    return found


def closing(tokens, index):
    """Returns the index of the bracket that closes the one at `index`."""
    pairs, depth = {"(": ")", "{": "}"}, 0
    opens = tokens[index].text
    while True:
        depth += tokens[index].text == opens
        depth -= tokens[index].text == pairs[opens]
        if depth == 0:
            return index
        index += 1


def functions_of(tokens):
    """Yields (type of the result, index of {, index of }) of each."""
    for index, token in enumerate(tokens):
        if token.text != "{" or token.level != 0 \
                or tokens[index - 1].text != ")":
            continue
        first = index - 1
        while first > 0 and tokens[first - 1].text not in (";", "}"):
            first -= 1
        words = []
        for word in tokens[first:index]:
            if word.text == "(":
                break
            if word.text not in ("static", "EXTAUTH_CHECKED", "inline",
                                 "const"):
                words.append(word.text)
        yield " ".join(words[:-1]), index, closing(tokens, index)


def end_of(token):
    return token.start + len(token.text)


def swap(token, text):
    return Change(token.line, f"{token.text} -> {text}", token.start,
                  end_of(token), text)


def is_pointer(tokens, index):
    """Tells whether the star is of a type, not a product."""
    return tokens[index + 1].text in (")", "const", "*") \
        or tokens[index - 1].text in KEPT | {"void", "int", "uint32_t"} \
        or tokens[index - 2].text in KEPT


def is_mark(tokens, index):
    """Tells whether it is of `= -1`, which says that there is nothing: as any
    other number below zero does."""
    return tokens[index - 1].text == "-" and tokens[index - 2].text == "="


def sign_changes(tokens, first, last):
    for index in range(first, last):
        token, before = tokens[index], tokens[index - 1]
        is_value = before.kind in ("name", "number", "string") \
            and before.text not in ("return", "case") \
            or before.text in (")", "]")
        if token.text == "*" and is_pointer(tokens, index):
            continue
        if token.text == "!":
            yield swap(token, "")
        elif token.kind == "sign" and token.text in INSTEAD \
                and (is_value or token.text not in UNARY_TOO):
            yield swap(token, INSTEAD[token.text])
        # `{0}` makes a structure of zeros, whose first member means nothing.
        elif token.kind == "number" and before.text + token.text \
                + tokens[index + 1].text != "{0}":
            if not is_mark(tokens, index):
                yield swap(token, f"({token.text} + 1)")
            if token.text.rstrip("uUlL") != "0":
                yield swap(token, f"({token.text} - 1)")


def is_simple(tokens):
    """Tells whether to negate it is what another change does already."""
    signs = [token.text for token in tokens]
    return not {"&&", "||"} & set(signs) and (
        signs[0] == "!" or {"==", "!="} & set(signs))


def condition_changes(tokens, first, last):
    for index in range(first, last):
        if tokens[index].text not in ("if", "while"):
            continue
        end = closing(tokens, index + 1)
        if not is_simple(tokens[index + 2:end]):
            yield Change(tokens[index].line, "condition negated",
                         tokens[index + 1].start, tokens[index + 1].start + 1,
                         "(!")._replace(end=end_of(tokens[end]),
                                        text=(index + 1, end))


def statement_end(tokens, index):
    """Returns the index of the `;` that ends it, or None for a block."""
    while tokens[index].text not in (";", "{", "}"):
        if tokens[index].text == "(":
            index = closing(tokens, index)
        index += 1
    return index if tokens[index].text == ";" else None


def starts_statement(tokens, index):
    before = tokens[index - 1].text
    if before in (";", "{", "}", "else", "do"):
        return True
    if before == ":":
        return tokens[index - 2].kind == "name" and \
            tokens[index - 3].text in ("case", ";", "}", ":")
    if before != ")":
        return False
    depth, index = 1, index - 2
    while depth > 0:
        depth += (tokens[index].text == ")") - (tokens[index].text == "(")
        index -= 1
    return tokens[index].text in ("if", "for", "while")


def is_declaration(tokens, index):
    """`size_t length` or `regex_t *regex`: two names with nothing between."""
    after = tokens[index + 1]
    if after.text == "*":
        after = tokens[index + 2]
    return tokens[index].kind == "name" and after.kind == "name"


def deletions(tokens, first, last):
    index = first - 1
    while index + 1 < last:
        index += 1
        token = tokens[index]
        if token.text in ("if", "for", "while", "switch"):
            index = closing(tokens, index + 1)
            continue
        if token.text in KEPT or token.text in ("{", "}", ";") \
                or not starts_statement(tokens, index) \
                or is_declaration(tokens, index):
            continue
        end = statement_end(tokens, index)
        if end is not None:
            yield Change(token.line, "left out", token.start,
                         tokens[end].start, "")


def other_result(kind, value):
    """Returns what else a function of this type might return, or None."""
    if kind == "bool":
        return f"!({value})"
    if kind in RESULTS:
        good, bad = RESULTS[kind]
        return bad if value == good else good
    if kind.endswith("*"):
        return None if value == "NULL" else "NULL"
    if kind.startswith("struct") or kind == "void":
        return None
    return f"({value}) + 1"


def result_changes(text, tokens, bounds, kind):
    for index in range(*bounds):
        if tokens[index].text != "return" or tokens[index + 1].text == ";":
            continue
        end = statement_end(tokens, index)
        start = tokens[index + 1].start
        if end is None or tokens[index + 1].kind == "number":
            continue
        value = text[start:tokens[end].start]
        other = other_result(kind, value)
        if other is not None:
            shown = " ".join(value.split())
            yield Change(tokens[index].line, f"returns {other}"
                         if len(other) < 40 else f"returns not {shown}",
                         start, tokens[end].start, other)


def defined_changes(text):
    for match in DEFINED.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        for other in ("+ 1", "- 1")[:1 + (match[2] != "0")]:
            yield Change(line, f"{match[2]} -> ({match[2]} {other})",
                         match.start(2), match.end(2),
                         f"({match[2]} {other})")


def changes_of(text):
    """Yields all changes of the functions and constants of a file."""
    tokens = tokens_of(text)
    yield from defined_changes(text)
    for kind, first, last in functions_of(tokens):
        yield from sign_changes(tokens, first, last)
        for change in condition_changes(tokens, first, last):
            inner = text[tokens[change.text[0]].start:change.end]
            yield change._replace(text=f"(!{inner})")
        yield from deletions(tokens, first + 1, last)
        yield from result_changes(text, tokens, (first, last), kind)
