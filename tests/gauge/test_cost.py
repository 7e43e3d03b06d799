import mmap
import threading
import time

import pytest

from vocalmidi.gauge import memory, memory_bytes, process_cpu_s, thread_names, thread_times
from vocalmidi.realtime import called


def busy_for(seconds):
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def in_a_thread(name, work):
    thread = threading.Thread(target=work, name=name)
    thread.start()
    return thread


def test_memory_grows_with_what_is_held():
    before = memory_bytes()
    held = mmap.mmap(-1, 64_000_000)  # pages of its own, not those that somebody has given back
    held.write(b"x" * len(held))  # else no page of it is there
    assert memory_bytes() - before == pytest.approx(64_000_000, rel=0.1)
    found = memory()
    assert found.peak_bytes >= found.now_bytes >= found.own_bytes >= 64_000_000
    held.close()


def test_a_busy_thread_is_told_from_one_that_waits():
    done, ended = threading.Event(), threading.Event()

    def work():
        busy_for(0.3)
        done.set()
        ended.wait(10)

    busy = in_a_thread("counts", work)
    idle = in_a_thread("waits", lambda: ended.wait(10))
    before_s = process_cpu_s()
    done.wait(10)
    times = {each.name: each for each in thread_times()}
    assert process_cpu_s() >= before_s
    ended.set()
    busy.join()
    idle.join()
    assert times["counts"].cpu_s >= 0.25
    assert times["waits"].cpu_s <= 0.05
    assert times["counts"].thread == busy.native_id


def test_a_thread_is_called_what_the_system_shows_else_what_python_does():
    ended, named = threading.Event(), threading.Event()

    def work():
        called("renamed")
        named.set()
        ended.wait(10)

    threads = [in_a_thread("first", work), in_a_thread("second", lambda: ended.wait(10))]
    named.wait(10)
    names = thread_names()
    ended.set()
    for thread in threads:
        thread.join()
    assert names[threads[0].native_id] in ("renamed", "first")  # only Linux shows names
    assert names[threads[1].native_id] == "second"
    assert names[threading.main_thread().native_id] == "main"
    assert thread_names("reader")[threading.main_thread().native_id] == "reader"
