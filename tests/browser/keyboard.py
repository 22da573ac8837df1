"""Somebody who has a keyboard and nothing else: Tab, Enter, Space, letters and arrows."""

NAME_OF_FOCUS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "";
  const labels = [...(here.labels ?? [])].map((label) => label.textContent);
  const words = [here.getAttribute("aria-label"), here.textContent, here.value, ...labels].filter(Boolean);
  return words.join(" ").replace(/\\s+/g, " ");
}"""
MANY = 150


class Keyboard:
    def __init__(self, page):
        self.page = page

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, text):
        self.page.keyboard.type(text)

    def focus(self):
        return self.page.evaluate(NAME_OF_FOCUS)

    def tab_to(self, name):
        """Tabs on, from wherever the focus is, to what bears this name; visible focus is checked there."""
        for _ in range(MANY):
            self.press("Tab")
            if name in self.focus():
                self.check_visible()
                return
        raise AssertionError(f"no Tab leads to “{name}” on {self.page.url}")

    def check_visible(self):
        """The focus is somewhere on the screen: never under a bar, never of no size."""
        box = self.page.evaluate("() => document.activeElement.getBoundingClientRect().toJSON()")
        assert box["width"] > 0, self.focus()
        assert box["height"] > 0, self.focus()

    def follow(self, name):
        """Tabs to a link or button and opens it."""
        self.tab_to(name)
        with self.page.expect_navigation():
            self.press("Enter")

    def fill(self, label, text):
        self.tab_to(label)
        self.write(text)

    def answer(self, code, answer):
        """One question of a screening by its letter keys, as the page shows them; the focus is on it already."""
        values = list(answer.items()) if isinstance(answer, dict) else [(None, value) for value in _listed(answer)]
        for row, value in values:
            name = f"{code}-{row}" if row else code
            box = self.page.locator(f'[name="{name}"][value="{value}"]')
            self.press(box.get_attribute("data-key"))
        if isinstance(answer, list):
            self.press("Enter")


def _listed(answer):
    return answer if isinstance(answer, list) else [answer]
