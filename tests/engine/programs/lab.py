"""Stands in for the lab: says what the lab says, and does what its profile names."""

import os
import signal
import subprocess
import sys

HEARD = {signal.SIGTERM, signal.SIGUSR1}


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def end(proxy: "subprocess.Popen[bytes]") -> None:
    proxy.terminate()
    proxy.wait()
    say("STRESSTUI_STATE state=stopped detail=''")
    sys.exit(0)


def up(name: str) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    say("STRESSTUI_STATE state=ready detail=service")
    say(f"STRESSTUI_ENV SB_{name.upper()}_STRESS_ADDR='127.0.0.1:4711'")
    while signal.sigwait(HEARD) != signal.SIGTERM:
        pass
    say("service is down")


def main() -> None:
    if sys.argv[1] == "up":
        up(sys.argv[2])
        return
    proxy = subprocess.Popen(["sleep", "60"])  # before the signals are blocked: it would inherit that
    profile = sys.argv[sys.argv.index("--profile") + 1]
    if profile == "broken":
        proxy.kill()
        proxy.wait()
        sys.stderr.write("stresstui lab: sing-box is missing; install stresstui[lab]\n")
        sys.exit(4)
    signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    if profile == "never_ready":
        signal.sigwait(HEARD)
        end(proxy)
    say(f"STRESSTUI_PROCESS pid={proxy.pid} role=sut name=echo-proxy")
    say("STRESSTUI_STATE state=ready detail='round trip in 12 ms'")
    if profile == "crashing":
        proxy.send_signal(signal.SIGABRT)
        proxy.wait()
        say(f"STRESSTUI_PROCESS pid={proxy.pid} role=sut name=echo-proxy ended='killed by SIGABRT'")
        sys.exit(1)
    say(f"STRESSTUI connections_total=12 bytes_total=4096 own_pid={os.getpid()}")
    while True:
        got = signal.sigwait(HEARD)
        if got == signal.SIGTERM:
            end(proxy)
        say("STRESSTUI_STATE state=idle detail='the load has stopped'")


if __name__ == "__main__":
    main()
