"""No sentence of the code's own reaches a person untranslated, and none is fixed in one language at start."""

import ast
from pathlib import Path

import pytest
from django.utils.functional import Promise

from accounts.errors import Refused
from accounts.permissions import Role
from referrals.steps import STEPS

ROOT = Path(__file__).resolve().parent.parent
APPS = ["accounts", "people", "screening", "directory", "referrals", "reports", "inclusion"]
# For whoever writes definitions, runs commands or sets the service up; and the demo's made-up people.
TECHNICAL = {
    "screening/checks.py", "screening/shape.py", "screening/conditions.py",
    "accounts/wording.py",  # hands on what others look up
    "inclusion/environment.py", "inclusion/starting.py", "inclusion/supervisor.py", "inclusion/settings.py",
}  # fmt: skip
TRANSLATORS = {
    "_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext",
    "format_lazy",
}  # fmt: skip
REFUSALS = {"Refused", "InvalidInput", "NotAllowed", "NotPossibleNow", "AlreadyChanged", "ValidationError",
            "AuthenticationFailed", "NotFound", "ParseError"}  # fmt: skip
MESSAGES = {"success", "error", "info", "warning"}
SAID = {"label", "help_text", "empty_label", "violation_error_message", "error_messages", "verbose_name"}
CHOICES = {"TextChoices", "IntegerChoices"}


def called(node):
    """The name that a call goes by, and what it is taken from: ("success", "messages")."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr, node.func.value.id if isinstance(node.func.value, ast.Name) else ""
    return (node.func.id, "") if isinstance(node.func, ast.Name) else ("", "")


def literals(node):
    """Sentences written out under `node`, outside what translates them: strings with a letter, and f-strings."""
    if isinstance(node, ast.Call) and called(node)[0] in TRANSLATORS:
        return
    if isinstance(node, ast.JoinedStr):
        text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
        if any(letter.isalpha() for letter in text):
            yield node.lineno, text
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                yield from literals(part.value)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str) and any(letter.isalpha() for letter in node.value):
            yield node.lineno, node.value
    elif isinstance(node, ast.Dict):
        for value in node.values:  # keys are codes
            yield from literals(value)
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.IfExp | ast.List | ast.Tuple):
        branches = [node.body, node.orelse] if isinstance(node, ast.IfExp) else ast.iter_child_nodes(node)
        for part in branches:
            if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and part is node.right):
                yield from literals(part)


def said(node, is_technical):
    """The parts of a node that end up before a person."""
    if isinstance(node, ast.Call):
        name, owner = called(node)
        if name in REFUSALS or owner in REFUSALS:
            yield from node.args[:1]
        if owner == "messages" and name in MESSAGES:
            yield from node.args[1:]
        # The help text of a model or of the API is for developers: no page shows it.
        known = SAID - {"help_text"} if is_technical else SAID
        for keyword in node.keywords:
            if keyword.arg in known or (keyword.arg == "fields" and isinstance(keyword.value, ast.Dict)):
                yield keyword.value
            if keyword.arg in {"choices", "initial"} and isinstance(keyword.value, ast.List):
                yield from (pair.elts[1] for pair in keyword.value.elts if is_pair(pair))
    elif isinstance(node, ast.ClassDef):
        lines = [line for line in node.body if isinstance(line, ast.Assign)]
        yield from (line.value for line in lines if getattr(line.targets[0], "id", "") == "title")
        if any(is_choices(base) for base in node.bases):
            yield from (line.value.elts[1] for line in lines if is_pair(line.value))
    elif isinstance(node, ast.Assign) and any(is_of_a_field(target) for target in node.targets):
        yield node.value


def is_pair(node):
    return isinstance(node, ast.Tuple) and len(node.elts) == 2


def is_choices(base):
    return (base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")) in CHOICES


def is_of_a_field(target):
    """`….label = `, `….help_text = `, `….error_messages["required"] = `."""
    named = target.value if isinstance(target, ast.Subscript) else target
    return isinstance(named, ast.Attribute) and named.attr in {"label", "help_text", "error_messages", "title"}


def bare(source, is_technical=False):
    tree = ast.parse(source)
    return [found for node in ast.walk(tree) for part in said(node, is_technical) for found in literals(part)]


def fixed_at_start(source):
    """Lines outside functions that fill a translated sentence in: it would be English for everybody, for ever."""
    pending, found = [ast.parse(source)], []
    at_once = {"gettext", "ngettext", "pgettext"} | ({"_"} if "import gettext as _\n" in source else set())
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and is_translated(node.left):
            found.append(node.lineno)
        if isinstance(node, ast.Call) and called(node)[0] in at_once:
            found.append(node.lineno)
        pending += ast.iter_child_nodes(node)
    return found


def is_translated(node):
    return isinstance(node, ast.Call) and called(node)[0] in TRANSLATORS


def untranslatable(source):
    """Lines whose sentence the catalogue cannot hold: put together before it is looked up."""
    calls = [
        node for node in ast.walk(ast.parse(source)) if is_translated(node) and called(node)[0] != "format_lazy"
    ]
    return [node.lineno for node in calls if not all(isinstance(part, ast.Constant) for part in looked_up(node))]


def looked_up(call):
    """The arguments that stand in the catalogue; the number of a plural does not."""
    return call.args[:-1] if "n" in called(call)[0].removesuffix("_lazy").replace("gettext", "") else call.args


def hidden(source):
    """Imports under a name that the catalogue's tool does not look for."""
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    names = [name for node in imports for name in node.names if "gettext" in name.name]
    return [name.asname for name in names if name.asname not in {None, "_"}]


FILES = [
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if not {"migrations", "management"} & set(path.parts) and str(path.relative_to(ROOT)) not in TECHNICAL
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_of_the_code_goes_through_translation(path):
    source = path.read_text()
    assert not bare(source, is_technical=path.stem.startswith("api") or "models" in str(path))
    assert not fixed_at_start(source)
    assert not untranslatable(source)
    assert not hidden(source)


PLANTED = [
    'raise InvalidInput("Enter a day.")',
    'raise NotAllowed(f"This is for {role}.")',
    'raise InvalidInput(_("Wrong"), fields={"day": "Enter a day."})',
    'raise InvalidInput.in_fields({"day": "Enter a day."})',
    'messages.success(request, "Saved.")',
    'messages.success(request, f"Saved {name}.")',
    'day = forms.DateField(label="Day", help_text=_("Like 3 4 1961."))',
    'day = forms.DateField(label=_("Day"), help_text="Like 3 4 1961.")',
    'day = forms.DateField(error_messages={"required": "Enter a day."})',
    'kind = forms.ChoiceField(choices=[("a", "A device")])',
    'class Status(models.TextChoices):\n    OPEN = "open", "Open"',
    'self.fields["day"].label = "Day" if new else _("Other day")',
    'self.fields["day"].error_messages["invalid"] = "Enter a day."',
    'field.label = f"Day of {name}"',
    'class Stuck(NotPossibleNow):\n    title = "Stuck"',
    'models.UniqueConstraint("day", name="day_once", violation_error_message="That day is taken.")',
]


@pytest.mark.parametrize("source", PLANTED)
def test_a_bare_sentence_is_found(source):
    assert bare(source)


@pytest.mark.parametrize(
    "source", ['LIMIT = _("At most %(n)s") % {"n": 3}', 'WORDS = {"a": ngettext("a", "b", 1)}']
)
def test_a_sentence_fixed_at_start_is_found(source):
    assert fixed_at_start(source)
    assert not fixed_at_start(f"def words():\n    return {source.split(' = ')[1]}")


def test_words_read_at_once_are_found_outside_functions():
    source = 'from django.utils.translation import gettext as _\nWORDS = _("Saved")\n'
    assert fixed_at_start(source)
    assert not fixed_at_start(source.replace("gettext as", "gettext_lazy as"))
    assert hidden("from django.utils.translation import gettext_lazy as _lazy")


def test_a_sentence_put_together_before_it_is_looked_up_is_found():
    assert untranslatable('_(f"Saved {name}")')
    assert untranslatable('_("Saved " + name)')
    assert untranslatable("ngettext(one, many, 3)")
    assert not untranslatable('ngettext("%(n)s day", "%(n)s days", number)')
    assert not untranslatable('_("Saved %(name)s") % {"name": name}')


@pytest.mark.parametrize(
    "source",
    [
        'raise InvalidInput(_("Enter a day."), fields={"day": _("Enter a day.")})',
        'messages.success(request, _("Saved %(name)s.") % {"name": f"the {name}"})',
        'raise NotPossibleNow(sentence, state="sent", allowed=["accept"])',
        'field.label = f"{one.label}: {title}"',
    ],
)
def test_what_is_translated_is_let_through(source):
    assert not bare(source)


@pytest.mark.parametrize("words", [Role.ADMIN.label, STEPS["accept"].label, Refused.title])
def test_words_of_pure_modules_are_lazy_where_django_runs(words):
    assert isinstance(words, Promise)
