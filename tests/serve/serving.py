"""`entrepot serve` as a context: its port while it runs."""

import contextlib
import re
import subprocess


@contextlib.contextmanager
def serving(program, scenario, *arguments):
    server = subprocess.Popen([program, "serve", str(scenario), "--port", "0", *arguments], stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line
        yield int(found[1])
        assert server.poll() is None, "it ended by itself"
    finally:
        server.terminate()
        assert server.wait(timeout=60) == 0
