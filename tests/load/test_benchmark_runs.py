"""Why a run of benchmarks/ failed is told in its own words."""

from subprocess import CompletedProcess

from benchmark_runs import told

LOG = '{"event": "answered", "level": "info", "status": 204}'


def test_the_log_of_a_runs_processes_is_left_out() -> None:
    said = f'seed 11: 7.2 s, 1 faults\n{LOG}\n  clue 3: told None\n{{\n  "faults": 1\n}}\n'
    done = CompletedProcess([], 1, stdout=said, stderr=f"{LOG}\nTraceback\n")

    assert told(done).splitlines() == [
        "seed 11: 7.2 s, 1 faults", "  clue 3: told None", "{", '  "faults": 1', "}",
        "Traceback",
    ]  # fmt: skip
