"""What the tests share: the command, the datasets, bundles on disk and the independent checker."""

import gzip
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
BINARY = os.environ.get("ASSAY_BIN", str(REPO / ".build/release/assay"))
FULL = os.environ.get("ASSAY_FULL") == "1"
DATASETS = {"wireless": REPO / "Datasets/wireless-campusiot",
            "compute": REPO / "Datasets/compute-crowdsd",
            "storage": REPO / "Datasets/storage-linuxhw"}
PROFILES = ("wireless", "compute", "storage", "mobility", "environment")

sys.path.insert(0, str(REPO / "Tests/Contract"))

# Variables that would change what a run does, apart from those a test sets.
FOREIGN = re.compile(r"(OPENBLAS_|OMP_|ASSAY_|LC_|LANG|TZ$|TMPDIR$|GLIBC_TUNABLES$)")


@dataclass(frozen=True)
class Result:
    code: int
    stdout: str
    stderr: str

    @property
    def json(self):
        return json.loads(self.stdout)


def environment(extra=None):
    """The environment of the command: without a backtrace a crash takes no seconds to show."""
    base = {k: v for k, v in os.environ.items() if not FOREIGN.match(k)}
    return {**base, "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no", **(extra or {})}


def run(*args, env=None, stdin=None, cwd=None, timeout=300):
    """Runs `assay ARGS`; `stdin` is bytes. Output has to be UTF-8."""
    done = subprocess.run(
        [BINARY, *map(str, args)], env=environment(env), input=stdin or b"", cwd=cwd,
        capture_output=True, timeout=timeout)
    return Result(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def succeed(*args, **options):
    """Runs `assay ARGS`, which has to exit 0."""
    result = run(*args, **options)
    assert result.code == 0, f"exit {result.code}: {result.stderr}"
    return result


def judge(profile, out, *logs, options=(), env=None, stdin=None):
    """`assay run` on whole logs; the bundle's folder."""
    result = succeed("run", "--profile", profile, "--out", out, "--epoch", "all", "--json",
                     *options, *logs, env=env, stdin=stdin)
    return Path(result.json["bundle"])


def files_of(bundle):
    """{name: bytes} of every file of a bundle."""
    return {p.relative_to(bundle).as_posix(): p.read_bytes()
            for p in sorted(bundle.rglob("*")) if p.is_file()}


def sums(bundle):
    return (bundle / "SHA256SUMS").read_text()


def verdicts(bundle):
    lines = []
    for path in sorted((bundle / "verdicts").glob("*.ndjson.gz")):
        lines += gzip.decompress(path.read_bytes()).split(b"\n")[:-1]
    return [json.loads(line) for line in lines]


def logged_lines(profile):
    """Every line of a dataset as text, in file order."""
    lines = []
    for path in sorted(DATASETS[profile].glob("*.ndjson.gz")):
        lines += gzip.decompress(path.read_bytes()).decode("utf-8").split("\n")[:-1]
    return lines


def write_log(path, records):
    """Writes dictionaries, or lines as they are, as NDJSON; returns the path."""
    rows = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
    data = "".join(row + "\n" for row in rows).encode("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, 1, mtime=0) if path.suffix == ".gz" else data)
    return path


def assert_holds(bundle):
    """Both verifiers accept the bundle; returns what `assay verify --json` says."""
    import check_bundle

    assert check_bundle.check(bundle) == []
    report = succeed("verify", "--json", bundle).json
    assert report["good"] and report["failures"] == []
    return report
