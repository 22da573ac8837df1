"""A mail server on loopback that takes, refuses, is busy, or takes the e-mail and cuts the line."""

import socketserver
import threading
from email import message_from_string
from email.policy import default


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.upper().split()[0].split(":")[0]
            if word == "QUIT":
                return self.say("221 bye")
            if word == "DATA":
                self.say("354 go on")
                self.server.taken.append(self.read_message())
                if self.server.mood == "cuts":
                    return None
                self.say("250 taken")
            elif word == "RCPT" and self.server.mood in ("refuses", "busy"):
                self.say("550 nobody here" if self.server.mood == "refuses" else "451 later")
            else:
                self.say("250 ok")
        return None

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())

    def read_message(self):
        lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
        return message_from_string("".join(lines), policy=default)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mood, self.taken = "takes", []

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.shutdown()
        self.server_close()
