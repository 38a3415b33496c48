"""The built stylesheet, as an old phone, a right-to-left page and the keyboard meet it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.frontend.built import Asset

OLD_BROWSERS_ONLY = re.compile(r"@supports \(?not \(")
SIDE = re.compile(r"(^|-)(left|right)(-|$)")


@dataclass(frozen=True)
class Rule:
    """One rule, the at-rules around it from outside to inside, and its declarations in order."""

    around: tuple[str, ...]
    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]

    @property
    def is_fallback(self) -> bool:
        return any(OLD_BROWSERS_ONLY.match(each) for each in self.around)


def rules(css: str, around: tuple[str, ...] = ()) -> Iterator[Rule]:
    """Take minified CSS apart. Enough for what esbuild writes: no comments, no braces inside strings."""
    position = 0
    while (opening := css.find("{", position)) != -1:
        head, depth, end = css[position:opening].strip(), 1, opening + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        body, position = css[opening + 1 : end - 1], end
        if head.startswith(("@media", "@supports")):
            yield from rules(body, (*around, head))
        elif not head.startswith("@"):
            pairs = (item.partition(":") for item in re.split(r";(?![^(]*\))", body) if item)
            selectors = tuple(re.split(r",(?![^(]*\))", head))
            yield Rule(around, selectors, tuple((name.strip(), value.strip()) for name, _, value in pairs))


@pytest.fixture(scope="module")
def css(assets: dict[str, Asset]) -> str:
    return assets["answerable.css"].text


@pytest.fixture(scope="module")
def all_rules(css: str) -> list[Rule]:
    return list(rules(css))


def test_a_browser_without_cascade_layers_reads_every_rule(css: str) -> None:
    assert "@layer" not in css
    assert "@container" not in css
    assert "&" not in css.replace("&amp;", ""), "nesting is newer than the browsers we promise"


def test_a_browser_without_newer_selectors_drops_no_rule(all_rules: list[Rule]) -> None:
    """One unknown selector in a list would throw the whole rule away."""
    for rule in all_rules:
        for selector in rule.selectors:
            assert not re.search(r":(has|is|where)\(|:not\([^)]*,", selector), selector


def test_the_file_names_no_side_except_where_old_browsers_need_one_per_direction(
    all_rules: list[Rule],
) -> None:
    for rule in all_rules:
        for name, value in rule.declarations:
            names_a_side = SIDE.search(name) and not name.startswith("--")
            points_to_a_side = name in {"float", "clear", "text-align"} and value.startswith(
                ("left", "right")
            )
            if names_a_side or points_to_a_side:
                assert rule.is_fallback, (rule.selectors, name, value)
                assert all(selector.startswith("html[dir=") for selector in rule.selectors), rule.selectors


def test_both_directions_have_the_same_fallbacks(all_rules: list[Rule]) -> None:
    count = dict.fromkeys(("ltr", "rtl"), 0)
    for rule in all_rules:
        if rule.is_fallback:
            for way in count:
                own = [each for each in rule.selectors if each.startswith(f"html[dir={way}]")]
                count[way] += len(own) * any(SIDE.search(name) for name, _ in rule.declarations)
    assert count["ltr"] > 20
    assert count["ltr"] == count["rtl"]


def test_newer_logical_shorthands_are_spelled_out(all_rules: list[Rule]) -> None:
    """margin-inline and its like are from 2021; margin-inline-start is from 2018."""
    newer = re.compile(
        r"^((margin|padding|border)-(inline|block)|inset|inset-(inline|block)|(min-|max-)?(inline|block)-size)$"
    )
    used = {name for rule in all_rules for name, _ in rule.declarations if newer.match(name)}
    assert used == set()


def test_what_is_placed_by_a_newer_property_is_placed_for_old_browsers_too(all_rules: list[Rule]) -> None:
    newer = re.compile(r"^(inset-inline-(start|end)|border-(start|end)-(start|end)-radius)$")
    fallen_back = " ".join(selector for rule in all_rules if rule.is_fallback for selector in rule.selectors)
    for rule in all_rules:
        if any(newer.match(name) for name, _ in rule.declarations):
            for selector in rule.selectors:
                bare = re.sub(r"^\[dir=\"?\w+\"?\](:not\(#\\#\))* ", "", selector)
                assert bare in fallen_back, selector


RINGED = ("a", "button", "summary", "[tabindex]", ".govuk-input", ".govuk-textarea", ".govuk-select")


@pytest.mark.parametrize(
    "element", [*RINGED, ".govuk-button", ".govuk-radios__input", ".govuk-checkboxes__input"]
)
def test_the_focus_ring_is_there(all_rules: list[Rule], element: str) -> None:
    def ring(state: str, fallback: bool) -> list[Rule]:
        found = re.compile(rf"^{re.escape(element)}(:not\(#\\#\))*{state}(?![-\w])")
        return [
            rule
            for rule in all_rules
            if rule.is_fallback is fallback
            and any(found.match(selector) for selector in rule.selectors)
            and ("outline", "3px solid var(--a-ring)") in rule.declarations
            and ("box-shadow", "0 0 0 3px var(--a-halo)") in rule.declarations
        ]

    assert ring(":focus-visible", fallback=False)
    assert ring(":focus", fallback=True), "browsers that do not know :focus-visible need the ring as well"


def test_only_what_the_skip_link_leads_to_has_no_outline(all_rules: list[Rule]) -> None:
    bare = {
        re.sub(r":not\(#\\#\)", "", selector)
        for rule in all_rules
        if {("outline", "none"), ("outline", "0")} & set(rule.declarations)
        for selector in rule.selectors
    }
    assert bare == {"main:focus", ".govuk-skip-link-focused-element:focus"}


def test_the_hidden_attribute_hides_whatever_its_class_says(all_rules: list[Rule]) -> None:
    assert any(
        "[hidden]" in str(rule.selectors) and ("display", "none!important") in rule.declarations
        for rule in all_rules
    )


def test_it_is_small_enough_for_a_bad_connection(assets: dict[str, Asset]) -> None:
    path = assets["answerable.css"].path
    packed = path.with_name(path.name + ".gz").read_bytes()
    assert gzip.decompress(packed) == path.read_bytes()
    assert len(packed) < 25_000


def test_it_loads_nothing_from_elsewhere(css: str) -> None:
    assert "@import" not in css
    assert "@font-face" not in css
    assert re.findall(r"url\((?!data:)", css) == []


# --- colours ---------------------------------------------------------------------------------------------------

READABLE = [  # text on ground
    ("ink", "paper"), ("ink", "surface"), ("ink", "sunken"), ("ink-soft", "paper"), ("ink-soft", "sunken"),
    ("brand", "paper"), ("brand", "sunken"), ("on-brand", "brand"), ("brand-deep", "paper"), ("visited", "paper"),
    ("honey-ink", "honey-tint"), ("leaf", "leaf-tint"), ("brick", "brick-tint"), ("surface", "brick"),
    ("plum", "plum-tint"), ("stone", "stone-tint"), ("on-footer", "footer"), ("ink", "honey-tint"),
    ("brand-deep", "brand-tint"), ("ink", "brand-tint"),
]  # fmt: skip
VISIBLE = [("field", "surface"), ("line-strong", "paper"), ("ring", "paper"), ("leaf", "stone-tint")]


def colours(all_rules: list[Rule], scheme: str) -> dict[str, str]:
    for rule in all_rules:
        dark = any("prefers-color-scheme" in each for each in rule.around)
        if ":root" in rule.selectors[0] and dark is (scheme == "dark") and "print" not in str(rule.around):
            found = {name[4:]: value for name, value in rule.declarations if name.startswith("--a-")}
            if found:
                return found
    raise AssertionError(f"no colours for the {scheme} scheme")


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_can_be_read(all_rules: list[Rule], scheme: str) -> None:
    found = colours(all_rules, scheme)
    pale = {
        f"{a} on {b}": round(contrast(found[a], found[b]), 2)
        for a, b in READABLE
        if contrast(found[a], found[b]) < 4.5
    }
    faint = {
        f"{a} on {b}": round(contrast(found[a], found[b]), 2)
        for a, b in VISIBLE
        if contrast(found[a], found[b]) < 3
    }
    assert pale == {}
    assert faint == {}
