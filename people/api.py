"""(to be written)"""


def register(router):
    pass
