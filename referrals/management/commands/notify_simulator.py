"""Stands in for GOV.UK Notify on this machine: takes texts, emails and letters, and sends nothing to anybody."""

from argparse import ArgumentParser
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from referrals.notify.record import Record
from referrals.notify.running import Postman, server_for
from referrals.notify.simulator import ERRORS, Faults, Simulator

FAULTS = [*ERRORS, "cut", "hang", "lost", "odd"]


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.NOTIFY.simulator or 8025)
        parser.add_argument("--receipts-to", default="", help="address of /notify/receipts/; none: no receipts")
        parser.add_argument("--receipts", type=int, default=1, help="how often each receipt is sent")
        parser.add_argument("--late", type=float, default=0.0, help="up to so many seconds later, out of order")
        parser.add_argument("--settle-after", type=float, default=5.0, help="seconds until a message has arrived")
        parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
        parser.add_argument("--hang-for", type=float, default=20.0, help="seconds of silence, for --hang")
        parser.add_argument("--record", default=":memory:", help="SQLite file of what was asked and taken")
        parser.add_argument("--seed", type=int, default=None, help="the same faults again")
        for fault in FAULTS:
            parser.add_argument(f"--{fault}", type=float, default=0.0, metavar="PER CENT", help="of the messages")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.NOTIFY.api_key:
            raise CommandError("Set NOTIFY_SIMULATOR to a port, for example NOTIFY_SIMULATOR=8025.")
        chance = Random(options["seed"])  # noqa: S311 - no secret comes of it
        shares = {fault: options[fault] / 100 for fault in FAULTS}
        simulator = Simulator(
            api_key=settings.NOTIFY.api_key,
            templates=settings.NOTIFY.templates,
            record=Record(options["record"]),
            faults=Faults(shares, options["delay"], options["hang_for"], chance),
            settle_after=options["settle_after"],
            on_end=self._postman(chance, **options),
        )
        with server_for(simulator, options["port"]) as server:
            self.stdout.write(f"GOV.UK Notify is simulated at http://127.0.0.1:{server.server_port}")
            self.stdout.flush()
            server.serve_forever()

    def _postman(self, chance: Random, **options: Any) -> Postman | None:
        to, late = options["receipts_to"], options["late"]
        token = settings.NOTIFY.receipts_token
        return Postman(to, token, options["receipts"], late, late > 0, chance) if to else None
