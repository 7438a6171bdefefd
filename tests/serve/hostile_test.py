"""Hostile clients of `entrepot serve`: each is refused, and the next honest one is answered.

Usage: hostile_test.py PROGRAM, from the repository's folder.
"""

import concurrent.futures
import http.client
import json
import random
import socket
import subprocess
import sys
import time
from pathlib import Path

from serving import serving

PROGRAM = Path(sys.argv[1]).resolve()
SCENARIO = "scenarios/half-embargo.toml"


def ask(port, target, method="GET", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, target, body=body, headers=headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def raw(port, data, wait=5.0):
    """What comes back for these bytes, until the other side closes or `wait` seconds passed."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(wait)
        received = b""
        try:
            client.sendall(data)
            while piece := client.recv(65536):
                received += piece
        except OSError:
            pass
        return received


def expect_honest_answer(port):
    status, content = ask(port, "/answer?policy.embargo.coverage=0.25")
    assert status == 200, status
    assert json.loads(content)["columns"][0]["name"] == "welfare"


def check_wrong_settings(port):
    for query in ("policy.embargo.coverage=abc", "policy.embargo.coverage=-1", "policy.embargo.coverage=nan", "policy.embargo.coverage=inf",
                  "policy.embargo.coverage=[1,2]", "policy.embargo.coverage={a=1}", "policy.embargo.coverage=%00%ff", "baseline=/etc/passwd",
                  "policy.embargo.coverage", "=", "%=%", "a" * 5000 + "=1", "policy.embargo.coverage=" + "9" * 5000, "policy.embargo.coverage=" + "[" * 5000,
                  "policy.embargo.name=x", "policy.embargo.coverage=0.1&nothing=1"):
        status, content = ask(port, "/answer?" + query)
        assert status == 400, (query[:60], status)
        assert json.loads(content)["error"], query[:60]
    status, _ = ask(port, "/results.h5?nothing=1")
    assert status == 400


def check_other_paths(port):
    for target in ("/../../etc/passwd", "/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/answer/", "/answer/../answer",
                   "/scenario.toml/../../data", "/%c3%a9", "/" + "a/" * 4000):
        status, content = ask(port, target)
        assert status == 404, (target[:60], status)
        assert b"root:" not in content
    for target in ("/%00", "/answer%00.png"):
        assert ask(port, target)[0] == 400, target


def check_other_methods_and_bodies(port):
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW"):
        status, _ = ask(port, "/answer", method=method)
        assert status in (400, 405), (method, status)
    status, _ = ask(port, "/answer", body=b"x")
    assert status == 413
    head = b"GET /answer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
    assert b" 413 " in raw(port, head)
    with socket.create_connection(("127.0.0.1", port)) as client:
        sent = 0
        client.settimeout(2.0)
        try:
            client.sendall(head)
            while sent < 1_000_000_000:
                sent += client.send(b"x" * 1_000_000)
        except OSError:
            pass
    assert sent < 100_000_000, "a huge body is not read"
    assert b" 413 " in raw(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\n")
    status, content = ask(port, "/answer", method="HEAD")
    assert status == 200 and content == b""


def check_other_sites(port):
    for host in ("example.org", "127.0.0.1.example.org", "localhost.example.org:80", "localhostile", "", "10.0.0.1", "[::2]"):
        status, _ = ask(port, "/", headers={"Host": host})
        assert status == 403, (host, status)
    for host in ("localhost", f"localhost:{port}", "127.0.0.1:1", "[::1]:80"):
        status, _ = ask(port, "/", headers={"Host": host})
        assert status == 200, (host, status)
    assert b" 403 " in raw(port, b"GET / HTTP/1.0\r\n\r\n"), "no name at all"
    status, _ = ask(port, "/answer", headers={"Sec-Fetch-Site": "cross-site"})
    assert status == 403
    own = socket.gethostbyname(socket.gethostname())
    if not own.startswith("127."):
        try:
            socket.create_connection((own, port), timeout=5).close()
            raise AssertionError("it listens to other machines")
        except OSError:
            pass


def check_nonsense(port):
    random.seed(11)
    for _ in range(200):
        raw(port, bytes(random.randrange(256) for _ in range(random.randrange(1, 300))) + b"\r\n\r\n", wait=0.05)
    for data in (b"\r\n" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00",
                 b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100_000 + b"\r\n", b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\n\r\n"):
        raw(port, data, wait=1.0)


def check_slow_clients(port):
    """Clients that send a byte now and then, or never read, don't keep others out."""
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    for k, client in enumerate(slow):
        client.sendall(b"GET /answer HTTP/1.1\r\nHost: localhost\r\n" if k % 2 else b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    begun = time.monotonic()
    cut = set()
    while time.monotonic() - begun < 45.0 and len(cut) < 50:
        expect_honest_answer(port)
        for client in slow[1::2]:
            try:
                client.send(b"X")
                client.setblocking(False)
                if client.recv(1) == b"":
                    cut.add(client)
            except BlockingIOError:
                pass
            except OSError:
                cut.add(client)
            finally:
                client.setblocking(True)
        time.sleep(0.5)
    assert len(cut) == 50, f"only {len(cut)} of 50 slow clients were cut off"
    for client in slow:
        client.close()


def check_a_hundred_at_once(port):
    with concurrent.futures.ThreadPoolExecutor(100) as clients:
        answers = list(clients.map(lambda k: ask(port, f"/answer?policy.embargo.coverage={k / 100}"), range(100)))
    assert [status for status, _ in answers] == [200] * 100
    by_cover = [json.loads(content)["columns"][0]["values"] for _, content in answers]
    assert len({tuple(values) for values in by_cover}) == 100, "each got its own answer"


def check_vanishing_clients(port):
    for _ in range(50):
        client = socket.create_connection(("127.0.0.1", port))
        client.sendall(b"GET /results.h5 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.close()


def check_end_while_asked():
    """The server ends soon though many still wait for their answers."""
    with serving(PROGRAM, SCENARIO) as port:
        waiting = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
        for client in waiting:
            client.sendall(b"GET /results.h5 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        expect_honest_answer(port)
    for client in waiting:
        client.close()


def check_ports():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = subprocess.run([PROGRAM, "serve", SCENARIO, "--port", str(taken.getsockname()[1])], capture_output=True, text=True)
    assert ended.returncode == 1 and "can't be taken" in ended.stderr, ended
    for port in ("-1", "65536"):
        ended = subprocess.run([PROGRAM, "serve", SCENARIO, "--port", port], capture_output=True, text=True)
        assert ended.returncode == 2 and "--port" in ended.stderr, ended
    ended = subprocess.run([PROGRAM, "serve", "missing.toml"], capture_output=True, text=True)
    assert ended.returncode == 2, ended


def main():
    check_ports()
    check_end_while_asked()
    with serving(PROGRAM, SCENARIO) as port:
        for check in (check_wrong_settings, check_other_paths, check_other_methods_and_bodies, check_other_sites, check_nonsense,
                      check_a_hundred_at_once, check_vanishing_clients, check_slow_clients):
            begun = time.monotonic()
            check(port)
            expect_honest_answer(port)
            print(f"{check.__name__}: {time.monotonic() - begun:.1f} s", flush=True)


main()
