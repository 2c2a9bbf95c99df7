"""Same inputs, same bytes: whatever the threads, memory, processor, BLAS, place or language."""

import itertools
import os
import shutil
import signal
import subprocess

import pytest
from harness import BINARY, DATASETS, environment, judge, run, sums

REFERENCE_BLAS = "/usr/lib/x86_64-linux-gnu/blas"
NO_VECTORS = ("glibc.cpu.hwcaps=-AVX512F,-AVX512F_Usable,-AVX512VL,-AVX512BW,-AVX512DQ,-AVX2,"
              "-AVX2_Usable,-FMA,-FMA_Usable,-FMA4,-FMA4_Usable,-AVX_Fast_Unaligned_Load,"
              "-ERMS,-BMI2")


def library_path(folder):
    old = os.environ.get("LD_LIBRARY_PATH")
    return {"LD_LIBRARY_PATH": f"{folder}:{old}" if old else folder}


ARITHMETIC = {
    **{f"OpenBLAS {core}": {"OPENBLAS_CORETYPE": core}
       for core in ("Haswell", "SkylakeX", "Zen", "Sandybridge", "Nehalem")},
    "reference BLAS": library_path(REFERENCE_BLAS),
    "no AVX2 and FMA in libm": {"GLIBC_TUNABLES": NO_VECTORS},
    "Nehalem, no AVX2 and FMA": {"OPENBLAS_CORETYPE": "Nehalem", "GLIBC_TUNABLES": NO_VECTORS},
    "one BLAS thread": {"OPENBLAS_NUM_THREADS": "1"},
    "many BLAS threads": {"OPENBLAS_NUM_THREADS": "7"},
}
PLACE = {
    "far east": {"TZ": "Pacific/Kiritimati", "LANG": "ja_JP.UTF-8"},
    "far west": {"TZ": "Etc/GMT+12", "LC_ALL": "POSIX"},
    "half an hour": {"TZ": "Asia/Kolkata", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    "dotless i": {"TZ": "Europe/Istanbul", "LC_ALL": "tr_TR.UTF-8", "LC_NUMERIC": "tr_TR.UTF-8"},
    "Arabic digits": {"LC_ALL": "ar_EG.UTF-8", "LANG": "ar_EG.UTF-8"},
}
RESOURCES = {
    **{f"--threads {n}": ["--threads", n] for n in ("1", "2", "3")},
    **{f"--memory {size}": ["--memory", size] for size in ("16MB", "64MB", "8GB")},
}
VARIANTS = {
    **{name: ([], env) for name, env in {**ARITHMETIC, **PLACE}.items()},
    **{name: (options, {}) for name, options in RESOURCES.items()},
}
SLOW = {"Nehalem, no AVX2 and FMA", "one BLAS thread", "many BLAS threads", "far east",
        "far west", "half an hour", "Arabic digits"}
FAST = [name for name in VARIANTS if name not in SLOW]
MARKED = [*FAST, *(pytest.param(name, marks=pytest.mark.slow) for name in sorted(SLOW))]


def skip_where_impossible(env):
    """Skips a variant that this computer lacks the libraries or the instructions for."""
    if REFERENCE_BLAS in env.get("LD_LIBRARY_PATH", ""):
        if not os.path.exists(f"{REFERENCE_BLAS}/libblas.so.3"):
            pytest.skip("the reference BLAS (libblas3) is not installed")


def judge_or_skip(network, out, options, env):
    skip_where_impossible(env)
    result = run("run", "--profile", network, "--out", out, "--epoch", "all", *options,
                 DATASETS[network], env=env)
    if result.code == -signal.SIGILL and "OPENBLAS_CORETYPE" in env:
        pytest.skip(f"this processor cannot run {env['OPENBLAS_CORETYPE']}")
    assert result.code == 0, result.stderr
    return next((out / network).iterdir())


@pytest.fixture(scope="module")
def expected(tmp_path_factory, models):
    """SHA256SUMS of a plain run, by network and whether it has a model; made when asked for."""
    made = {}

    def of(network, options):
        key = (network, tuple(map(str, options)))
        if key not in made:
            made[key] = sums(judge(network, tmp_path_factory.mktemp("plain"), DATASETS[network],
                                   options=options))
        return made[key]

    return of


def model_options(models, network, with_model):
    return ["--model", models[network]] if with_model else []


@pytest.mark.parametrize("variant", MARKED)
@pytest.mark.parametrize("with_model", [False, True], ids=["self-fit", "model"])
@pytest.mark.parametrize("network", ["wireless", "compute"])
def test_a_run_gives_the_same_bytes(network, with_model, variant, out, models, expected):
    options, env = VARIANTS[variant]
    given = model_options(models, network, with_model)
    bundle = judge_or_skip(network, out, [*options, *given], env)
    assert sums(bundle) == expected(network, given)


@pytest.mark.parametrize("variant", MARKED)
@pytest.mark.parametrize("network", [pytest.param("wireless", marks=pytest.mark.slow), "compute"])
def test_training_gives_the_same_model(network, variant, tmp_path, models):
    options, env = VARIANTS[variant]
    skip_where_impossible(env)
    model = tmp_path / models[network].name
    result = run("train", "--profile", network, "--epoch", "all", "--out", model, *options,
                 DATASETS[network], env=env)
    if result.code == -signal.SIGILL and "OPENBLAS_CORETYPE" in env:
        pytest.skip(f"this processor cannot run {env['OPENBLAS_CORETYPE']}")
    assert result.code == 0, result.stderr
    assert model.read_bytes() == models[network].read_bytes()
    card = f"{models[network].name}.card.json"
    assert (tmp_path / card).read_bytes() == (models[network].parent / card).read_bytes()


def test_the_linker_takes_the_other_blas():
    """Guards the variant above: without it, "reference BLAS" would test nothing."""
    if not os.path.exists(f"{REFERENCE_BLAS}/libblas.so.3") or not shutil.which("ldd"):
        pytest.skip("the reference BLAS (libblas3) or ldd is not installed")
    listed = subprocess.run(["ldd", BINARY], env=environment(library_path(REFERENCE_BLAS)),
                            capture_output=True, text=True, check=True).stdout
    assert f"{REFERENCE_BLAS}/libblas.so.3" in listed


def test_a_run_repeats_itself(out, expected):
    for attempt in range(3):
        bundle = judge("compute", out / str(attempt), DATASETS["compute"])
        assert sums(bundle) == expected("compute", [])


@pytest.mark.slow
@pytest.mark.parametrize("arithmetic", ["plain", *ARITHMETIC])
@pytest.mark.parametrize("with_model", [False, True], ids=["self-fit", "model"])
@pytest.mark.parametrize("network", ["wireless", "compute", "storage"])
def test_the_full_product(network, with_model, arithmetic, out, models, expected):
    if with_model and network not in models:
        pytest.skip("no model of this network")
    given = model_options(models, network, with_model)
    product = itertools.product(("1", "2", "3", "8"), ("16MB", "64MB", "8GB"))
    for number, (threads, memory) in enumerate(product):
        place = list(PLACE.values())[number % len(PLACE)]
        options = ["--threads", threads, "--memory", memory, *given]
        env = {**ARITHMETIC.get(arithmetic, {}), **place}
        bundle = judge_or_skip(network, out / str(number), options, env)
        assert sums(bundle) == expected(network, given), (threads, memory, place)
        shutil.rmtree(out / str(number))
